"""Requests of all kinds, and what each must be answered with: one table for every target.

A case is what a client sends and does, the answers it must get, and what becomes of the
connection. The application is corpus_site/main.py, whose limits are low. Heads and chunked
bodies that the parser's own table (portable/http_cases.py) refuses are cases here too.
"""

from collections import namedtuple

from http_cases import BAD, BAD_CHUNKED, CHUNKED

# What the client does once everything is sent:
WAIT = "waits"  # for the answers, then for another request to be answered or not
END = "ends its side"  # shuts down its half of the connection, then reads
GONE = "is gone"  # resets the connection, reads nothing
STALL = "stalls"  # sends nothing more, and waits for the server to end the connection

# What becomes of the connection:
OPEN = "open"  # the next request on it is answered
CLOSED = "closed"  # nothing more is answered on it

# ``send``: pieces (bytes), sent with a short pause between them.
# ``answers``: (status, {header: value or None for none}, body or None for any), in order.
Case = namedtuple("Case", "name send answers end then")

ANY = None
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_H = b"Host: a\r\n"
_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_HELLO = (200, {"Content-Length": "5", "Connection": None}, b"hello")


def _post(path, headers, body=b""):
    return b"POST " + path + b" HTTP/1.1\r\n" + _H + headers + b"\r\n\r\n" + body


def _length(path, body, more=b""):
    return _post(path, b"Content-Length: %d" % len(body) + more, body)


def _chunks(path, body):
    return _post(path, b"Transfer-Encoding: chunked", body)


def _get(target, *headers):
    lines = b"".join([line + b"\r\n" for line in headers])
    return b"GET " + target + b" HTTP/1.1\r\n" + _H + lines + b"\r\n"


def _valid(name, send, *answers):
    return Case(name, (send,), answers, OPEN, WAIT)


def _last(name, send, *answers):
    """Valid, but the last on its connection."""
    answers = list(answers)
    status, headers, body = answers[-1]
    answers[-1] = (status, dict(headers, Connection="close"), body)
    return Case(name, (send,), answers, CLOSED, WAIT)


def _bad(name, send, status, then=WAIT, answers=()):
    send = (send,) if isinstance(send, bytes) else send
    answers = list(answers) + [(status, {"Connection": "close"}, ANY)]
    return Case(name, send, answers, CLOSED, then)


def _silent(name, send, then):
    send = (send,) if isinstance(send, bytes) else send
    return Case(name, send, [], CLOSED, then)


_200 = (200, {}, ANY)

# Requests that are answered and keep their connection. They are also fed split at every byte.
VALID = [
    _valid("get", _GET, _HELLO),
    _valid("get with a query", _get(b"/show/a%2fb?x=1&y=%20"),
           (200, _JSON, b'"name": "a/b"')),
    _valid("many headers", _get(b"/", *[b"X-%d: y" % n for n in range(14)]), _HELLO),
    _valid("long header line", _get(b"/", b"X: " + 500 * b"y"), _HELLO),
    _valid("longest target", _get(b"/show/" + 480 * b"x"), (200, _JSON, 480 * b"x")),
    _valid("empty line before", b"\r\n" + _GET, _HELLO),
    _valid("empty lines before", b"\r\n\r\n\r\n" + _GET, _HELLO),
    _valid("head", b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", (200, {"Content-Length": "5"}, b"")),
    _valid("head of a stream", b"HEAD /pieces HTTP/1.1\r\nHost: a\r\n\r\n", (200, {}, b"")),
    _valid("head of nothing", b"HEAD /absent HTTP/1.1\r\nHost: a\r\n\r\n", (404, {}, b"")),
    _valid("options", b"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n",
           (200, {"Allow": "GET, HEAD, OPTIONS"}, b"")),
    _valid("options for all", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
           (200, {"Allow": "OPTIONS"}, b"")),
    _valid("wrong method", _length(b"/put", b"abc"), (405, {"Allow": "PUT, OPTIONS"}, ANY)),
    _valid("unknown method", b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
           (405, {"Allow": "GET, HEAD, OPTIONS"}, ANY)),
    _valid("unknown method and path", b"BREW /x HTTP/1.1\r\nHost: a\r\n\r\n", (404, {}, ANY)),
    _valid("method in lower case", b"get / HTTP/1.1\r\nHost: a\r\n\r\n", (405, {}, ANY)),
    _valid("query method", b"QUERY /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nq",
           (200, {}, b"q")),
    _valid("absent", _get(b"/absent"), (404, {}, b"Not found")),
    _valid("absolute-form", b"GET http://a/show/x HTTP/1.1\r\nHost: b\r\n\r\n",
           (200, _JSON, b'"x"')),
    _valid("later minor version", b"GET / HTTP/1.7\r\nHost: a\r\n\r\n", _HELLO),
    _valid("old version, kept", b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
           (200, {"Connection": "keep-alive"}, b"hello")),
    _valid("empty host", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", _HELLO),
    _valid("no content", _get(b"/empty"), (204, {"Content-Length": None}, b"")),
    _valid("a stream", _get(b"/pieces"),
           (200, {"Transfer-Encoding": "chunked", "Content-Length": None}, b"onetwo")),
    _valid("own status", _get(b"/teapot"), (418, {"X-Pot": "tea"}, b"short and stout")),
    _valid("body", _length(b"/echo", b"body"), (200, {}, b"body")),
    _valid("empty body", _length(b"/echo", b""), (200, {}, b"")),
    _valid("no body", b"POST /echo HTTP/1.1\r\nHost: a\r\n\r\n", (200, {}, b"")),
    _valid("body that looks like a request", _length(b"/echo", _GET), (200, {}, _GET)),
    _valid("body of a get", _get(b"/", b"Content-Length: 3") + b"abc", _HELLO),
    _valid("unread short body", _length(b"/ignore", b"abc"), (200, {}, b"ignored")),
    _valid("form", _length(b"/form", b"a=1&b=%C3%A9",
           b"\r\nContent-Type: application/x-www-form-urlencoded"), (200, _JSON, ANY)),
    _valid("json", _length(b"/json", b'{"a": [1]}', b"\r\nContent-Type: application/json"),
           (200, _JSON, b'{"got": {"a": [1]}}')),
    _valid("bad json", _length(b"/json", b'{"a": [1', b"\r\nContent-Type: application/json"),
           (400, {}, ANY)),
    _valid("bad encoding of json", _length(b"/json", b'"\xff"',
           b"\r\nContent-Type: application/json"), (400, {}, ANY)),
    _valid("expectation and body", _length(b"/echo", b"abc", b"\r\nExpect: 100-continue"),
           (200, {}, b"abc")),
    _valid("two requests at once", _GET + _get(b"/teapot"), _HELLO,
           (418, {}, b"short and stout")),
    _valid("pipelined bodies", _length(b"/echo", b"one") + _chunks(b"/echo", CHUNKED[2][0])
           + _length(b"/echo", b"two"), (200, {}, b"one"), (200, {}, b"abc"), (200, {}, b"two")),
    _valid("pipelined after an empty line", _length(b"/echo", b"one") + b"\r\n" + _GET,
           (200, {}, b"one"), _HELLO),
] + [
    _valid("chunks %r" % data[:24], _chunks(b"/echo", data), (200, {}, body))
    for data, body in CHUNKED
]  # fmt: skip

# Valid, with longer bodies.
LONG = [
    _valid("longest loaded body", _length(b"/echo", 256 * b"x"), (200, {}, 256 * b"x")),
    _valid("streamed body", _length(b"/count", 4096 * b"x"), (200, {}, b"4096")),
    _valid("streamed chunks", _chunks(b"/count", 40 * (b"64\r\n" + 100 * b"x" + b"\r\n")
           + b"0\r\n\r\n"), (200, {}, b"4000")),
    _valid("streamed body and another request", _length(b"/count", 3000 * b"x") + _GET,
           (200, {}, b"3000"), _HELLO),
    _valid("streamed chunks and another request", _chunks(b"/count",
           b"800\r\n" + 2048 * b"x" + b"\r\n0\r\n\r\n") + _GET, (200, {}, b"2048"), _HELLO),
    _valid("unread long body", _length(b"/ignore", 4000 * b"x"), (200, {}, b"ignored")),
    _valid("unread long body and another request", _length(b"/ignore", 4000 * b"x") + _GET,
           (200, {}, b"ignored"), _HELLO),
    _valid("unread chunks and another request", _chunks(b"/ignore",
           b"800\r\n" + 2048 * b"x" + b"\r\n0\r\n\r\n") + _GET, (200, {}, b"ignored"), _HELLO),
    _valid("body for nobody", _length(b"/absent", 1000 * b"x") + _GET, (404, {}, ANY), _HELLO),
    _valid("twenty pipelined", 20 * _GET, *(20 * [_HELLO])),
]  # fmt: skip

# Valid, and the connection ends with them.
LAST = [
    _last("asked to close", _get(b"/", b"Connection: close"), (200, {}, b"hello")),
    _last("asked to close, among others", _get(b"/", b"Connection: x, Close"),
          (200, {}, b"hello")),
    _last("nothing after close", _get(b"/", b"Connection: close") + _GET, (200, {}, b"hello")),
    _last("old version", b"GET / HTTP/1.0\r\n\r\n", (200, {}, b"hello")),
    _last("old version, stream", b"GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          (200, {"Transfer-Encoding": None, "Content-Length": None}, b"onetwo")),
    _last("old version, head", b"HEAD / HTTP/1.0\r\n\r\n", (200, {"Content-Length": "5"}, b"")),
    _last("second asks to close", _GET + _get(b"/", b"Connection: close"), _HELLO,
          (200, {}, b"hello")),
    Case("ends its side after the request", (_GET,), [_HELLO], CLOSED, END),
    Case("ends its side after two", (_GET + _GET,), [_HELLO, _HELLO], CLOSED, END),
    Case("ends its side after a body", (_length(b"/count", 3000 * b"x"),), [(200, {}, b"3000")],
         CLOSED, END),
    Case("waits for 100", (_length(b"/echo", b"abc", b"\r\nExpect: 100-continue")[:-3], b"abc"),
         [(100, {}, b""), (200, {}, b"abc")], OPEN, WAIT),
    Case("waits for 100, long", (_post(b"/count", b"Expect: 100-continue\r\nContent-Length: 999"),
         999 * b"x"), [(100, {}, b""), (200, {}, b"999")], OPEN, WAIT),
    _last("old version does not wait for 100",
          b"POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
          (200, {}, b"x")),
    _last("memory exhausted", _get(b"/memory"), (503, {}, ANY)),
]  # fmt: skip

# Too much of something.
OVERSIZE = [
    _bad("long target", _get(b"/" + 600 * b"x"), 414),
    _bad("endless target", b"GET /" + 4000 * b"x", 414),
    _bad("endless method", 4000 * b"X", 414),
    _bad("long query", _get(b"/?" + 600 * b"x"), 414),
    _bad("long header", _get(b"/", b"X: " + 600 * b"x"), 431),
    _bad("long header name", _get(b"/", 600 * b"X" + b": y"), 431),
    _bad("endless header", _get(b"/")[:-2] + b"X: " + 4000 * b"x", 431),
    _bad("endless headers", _get(b"/")[:-2] + 1000 * b"X: y\r\n", 431),
    _bad("long head", _get(b"/", *(5 * [b"X: " + 450 * b"x"])), 431),
    _bad("too many headers", _get(b"/", *(16 * [b"X: y"])), 431),
    _bad("body declared too long", _post(b"/echo", b"Content-Length: 4097"), 413),
    _bad("body too long", _length(b"/echo", 5000 * b"x"), 413),
    _bad("body too long for nobody", _length(b"/absent", 5000 * b"x"), 413),
    _bad("body much too long", _length(b"/echo", 50000 * b"x"), 413),
    _bad("length beyond reason", _post(b"/echo", b"Content-Length: 99999999999999999999"), 413),
    _bad("body too long, and expected", _post(b"/echo",
         b"Expect: 100-continue\r\nContent-Length: 5000"), 413),
    _bad("chunk too long", _chunks(b"/count", b"1388\r\n" + 5000 * b"x" + b"\r\n0\r\n\r\n"), 413),
    _bad("chunks too long", _chunks(b"/count", 50 * (b"64\r\n" + 100 * b"x" + b"\r\n")), 413),
    _bad("empty chunk extensions without end", _chunks(b"/echo", b"1;" + 4000 * b"x"), 400),
    _bad("trailers without end", _chunks(b"/echo", b"0\r\n" + 4000 * b"X: y\r\n"), 400),
]  # fmt: skip

# Bad requests beside good ones.
MIXED = [
    _bad("bad after good", _GET + b"GET / HTTP/1.1\r\n\r\n", 400, WAIT, [_HELLO]),
    _bad("good after bad is not answered", b"GET / HTTP/1.1\r\n\r\n" + _GET, 400),
    _bad("garbage after good", _GET + b"\x16\x03\x01\x00\xff", 400, WAIT, [_HELLO]),
    _bad("more body than declared", _length(b"/echo", b"abc") + b"def\r\n\r\n", 400, WAIT,
         [(200, {}, b"abc")]),
    _bad("line end after a body, and garbage", _length(b"/echo", b"a") + b"\r\n{\r\n\r\n", 400,
         WAIT, [(200, {}, b"a")]),
    _bad("smuggled by both lengths", _post(b"/echo",
         b"Content-Length: 4\r\nTransfer-Encoding: chunked", b"5c\r\n" + _GET), 400),
    _bad("smuggled by two lengths", _post(b"/echo",
         b"Content-Length: 0\r\nContent-Length: %d" % len(_GET), _GET), 400),
    _bad("smuggled by a folded header", _post(b"/echo",
         b"Transfer-Encoding:\r\n chunked", b"0\r\n\r\n" + _GET), 400),
    _bad("smuggled by a space", _post(b"/echo",
         b"Transfer-Encoding : chunked", b"0\r\n\r\n" + _GET), 400),
    _bad("smuggled by a bare line feed", _post(b"/echo",
         b"X: y\nTransfer-Encoding: chunked", b"0\r\n\r\n" + _GET), 400),
    _bad("smuggled by a long chunk", _chunks(b"/echo", b"1\r\nabc\r\n0\r\n\r\n" + _GET), 400),
    _bad("smuggled by a chunk's line end", _chunks(b"/echo", b"1\r\na\n\n0\r\n\r\n" + _GET), 400),
    _bad("bad chunk in a stream", (_chunks(b"/count", b"12c\r\n" + 300 * b"x"), b"\r\nx\r\n"),
         400),
    Case("bad chunk that the handler overlooks", (_chunks(b"/stubborn",
         b"12c\r\n" + 300 * b"x"), b"\r\nx\r\n" + _GET),
         [(200, {"Connection": "close"}, b"fine")], CLOSED, WAIT),
    Case("bad chunk that nobody reads", (_chunks(b"/ignore",
         b"12c\r\n" + 300 * b"x"), b"\r\nx\r\n" + _GET), [(200, {}, b"ignored")], CLOSED, WAIT),
    _bad("bad head at once, its rest later", (b"GET / HTTP/1.1\nHost: a", b"\n\n"), 400),
    _bad("bare line feeds", b"GET / HTTP/1.1\nHost: a\n\n", 400),
    _bad("bare carriage returns", b"GET / HTTP/1.1\rHost: a\r\r" + 2 * b"\r\n", 400),
    _bad("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)), 400),
    _bad("zeros", bytes(300), 400),
    _bad("all bytes", bytes(range(256)), 400),
    _bad("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    _bad("HTTP/0.9", b"GET /\r\n\r\n", 400),
    _bad("an answer", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400),
    _bad("mail", b"EHLO example\r\n\r\n", 400),
    _bad("expectation unmet", _length(b"/echo", b"x", b"\r\nExpect: 102-processing"), 417),
]  # fmt: skip

# Truncated: the client ends its side, or goes, in the middle.
TRUNCATED = [
    _silent("nothing", b"", END),
    _silent("an empty line", b"\r\n", END),
    _bad("part of a method", b"GE", 400, END),
    _bad("part of a line", b"GET / HTTP/1.", 400, END),
    _bad("no headers", b"GET / HTTP/1.1\r\n", 400, END),
    _bad("no empty line", b"GET / HTTP/1.1\r\nHost: a\r\n", 400, END),
    _bad("half of the empty line", b"GET / HTTP/1.1\r\nHost: a\r\n\r", 400, END),
    _bad("half of a body", _length(b"/echo", b"abcdef")[:-3], 400, END),
    _bad("nothing of a body", _length(b"/echo", b"abcdef")[:-6], 400, END),
    _bad("half of a streamed body", _length(b"/count", 900 * b"x")[:-100], 400, END),
    _bad("half of a chunk size", _chunks(b"/echo", b"1"), 400, END),
    _bad("half of a chunk", _chunks(b"/echo", b"5\r\nab"), 400, END),
    _bad("no last chunk", _chunks(b"/echo", b"1\r\na\r\n"), 400, END),
    _bad("no end of trailers", _chunks(b"/echo", b"1\r\na\r\n0\r\n"), 400, END),
    _bad("no end of trailers after one", _chunks(b"/echo", b"0\r\nX: y\r\n"), 400, END),
    _bad("half of the second request", _GET + _GET[:9], 400, END, [_HELLO]),
    _silent("gone before the first byte", b"", GONE),
    _silent("gone in the head", _GET[:20], GONE),
    _silent("gone after the head", _GET, GONE),
    _silent("gone after many", 20 * _GET, GONE),
    _silent("gone in a body", _length(b"/echo", b"abcdef")[:-3], GONE),
    _silent("gone in a streamed body", _length(b"/count", 900 * b"x")[:-100], GONE),
    _silent("gone in a chunk", _chunks(b"/count", b"5\r\nab"), GONE),
    _silent("gone during an endless answer", (_get(b"/endless"), b""), GONE),
    _silent("gone while the handler works", (_get(b"/slow"), b""), GONE),
    _silent("gone after a bad request", b"GET\r\n\r\n", GONE),
]  # fmt: skip

# Slow: sent in pieces, or never to the end. The server's time runs out for the last of them.
SLOW = [
    Case("slow head", [_GET[at : at + 4] for at in range(0, len(_GET), 4)], [_HELLO], OPEN, WAIT),
    Case("slow body", [_length(b"/echo", b"abc")[:-3], b"a", b"b", b"c"], [(200, {}, b"abc")],
         OPEN, WAIT),
    Case("slow chunks", [_chunks(b"/echo", b""), b"1", b"\r", b"\n", b"a", b"\r", b"\n0\r\n\r",
         b"\n"], [(200, {}, b"a")], OPEN, WAIT),
    _bad("head that never ends", b"GET / HTTP/1.1\r\nHost: a\r\n", 408, STALL),
    _bad("head after a good one never ends", _GET + b"GET /", 408, STALL, [_HELLO]),
    _bad("body that never comes", _length(b"/echo", b"abc")[:-3], 408, STALL),
    _bad("body that never ends", _length(b"/count", 999 * b"x")[:-3], 408, STALL),
    _bad("chunk that never comes", _chunks(b"/echo", b"1\r\na\r\n"), 408, STALL),
    _silent("nothing, for long", b"", STALL),
    _silent("empty lines, for long", b"\r\n\r\n", STALL),
    Case("idle after a request", (_GET,), [_HELLO], CLOSED, STALL),
    Case("unread body that never ends", (_length(b"/ignore", 999 * b"x")[:-3],),
         [(200, {}, b"ignored")], CLOSED, STALL),
]  # fmt: skip

REFUSED = [
    _bad("head %d: %r" % (number, head[:40]), head + b"\r\n\r\n", status)
    for number, (head, status) in enumerate(BAD)
    if head
] + [
    _bad("chunked %d: %r" % (number, data[:24]), _chunks(b"/echo", data), 400)
    for number, data in enumerate(BAD_CHUNKED)
]

PROMPT = VALID + LONG + LAST + OVERSIZE + MIXED + TRUNCATED + SLOW[:3] + REFUSED
STALLED = SLOW[3:]
CASES = PROMPT + STALLED
