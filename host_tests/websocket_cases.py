"""Conversations with an echoing WebSocket server, in the groups of the Autobahn test suite.

Its suite is a program for Python 2; these are its cases, numbered as there, with one outcome each
where the suite allows several: RFC 6455's strictest. What the server is to do beside its echo is
in ``end``: None where the client ends the WebSocket, else the code of the server's Close.
"""

from collections import namedtuple

from websocket_client import chop, fragments, frame

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
EMPTY = 0  # the end of a case whose Close has no code

Case = namedtuple("Case", "name steps end size")
Step = namedtuple("Step", "send expect")

COUNTS = {1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 145, 7: 37, 9: 54, 10: 1}


def case(name, send, expect=(), end=None, size=0):
    """A case of one step: ``send`` (list of bytes, or of seconds to wait), then ``expect``."""
    return Case(name, [Step(send, list(expect))], end, size)


def numbered(prefix, cases):
    return [Case("%s.%d" % (prefix, at), *rest[1:]) for at, rest in enumerate(cases, 1)]


def octets(*frames):
    return chop(b"".join(frames), 1)


# 1: framing


def framing():
    found = []
    for opcode in (TEXT, BINARY):
        letter = b"*" if opcode == TEXT else b"\xfe"
        cases = []
        for size, piece in (
            (0, 0), (125, 0), (126, 0), (127, 0), (128, 0), (65535, 0), (65536, 0), (65536, 997),
        ):  # fmt: skip
            data = frame(opcode, letter * size)
            send = chop(data, piece) if piece else [data]
            cases.append(case("", send, [(opcode, letter * size)], size=size))
        found += numbered("1.%d" % opcode, cases)
    return found


# 2: pings and pongs


def pings():
    binary = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
    ten = [b"payload-%d" % number for number in range(10)]
    pongs = [(PONG, payload) for payload in ten]
    return numbered("2", [
        case("", [frame(PING)], [(PONG, b"")]),
        case("", [frame(PING, b"Hello, world!")], [(PONG, b"Hello, world!")]),
        case("", [frame(PING, binary)], [(PONG, binary)]),
        case("", [frame(PING, 125 * b"\xfe")], [(PONG, 125 * b"\xfe")]),
        case("", [frame(PING, 126 * b"\xfe")], end=1002),
        case("", octets(frame(PING, 125 * b"\xfe")), [(PONG, 125 * b"\xfe")]),
        case("", [frame(PONG)]),
        case("", [frame(PONG, b"unsolicited pong payload")]),
        case("", [frame(PONG, b"unsolicited"), frame(PING, b"ping")], [(PONG, b"ping")]),
        case("", [frame(PING, payload) for payload in ten], pongs),
        case("", octets(*[frame(PING, payload) for payload in ten]), pongs),
    ])  # fmt: skip


# 3 and 4: reserved bits and opcodes


def after_text(refused, octet_wise=False):
    """An echoed text, what is refused, and a ping that is not answered."""
    send = [frame(TEXT, b"Hello, world!"), refused, frame(PING)]
    if octet_wise:
        send = octets(*send)
    return case("", send, [(TEXT, b"Hello, world!")], 1002)


def reserved_bits():
    hello = b"Hello, world!"
    return numbered("3", [
        case("", [frame(TEXT, hello, rsv=1)], end=1002),
        after_text(frame(TEXT, hello, rsv=2)),
        after_text(frame(TEXT, hello, rsv=3)),
        after_text(frame(TEXT, hello, rsv=4), octet_wise=True),
        case("", [frame(BINARY, b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", rsv=5)], end=1002),
        case("", [frame(PING, hello, rsv=6)], end=1002),
        case("", [frame(CLOSE, rsv=7)], end=1002),
    ])  # fmt: skip


def opcodes():
    found = []
    for kind, first in ((1, 3), (2, 11)):
        found += numbered("4.%d" % kind, [
            case("", [frame(first)], end=1002),
            case("", [frame(first + 1, b"reserved opcode payload")], end=1002),
            after_text(frame(first + 2)),
            after_text(frame(first + 3, b"reserved opcode payload")),
            after_text(frame(first + 4, b"reserved opcode payload"), octet_wise=True),
        ])  # fmt: skip
    return found


# 5: fragments


def fragmentation():
    one, two = b"fragment1", b"fragment2"
    both = fragments(TEXT, [one, two])
    ping = frame(PING, b"ping payload")
    pong = (PONG, b"ping payload")
    echo = (TEXT, one + two)
    lost = [frame(0, b"non-continuation payload"), frame(TEXT, b"Hello, world!")]
    open_end = [frame(0, b"non-continuation payload", fin=False), frame(TEXT, b"Hello, world!")]
    long = fragments(TEXT, [b"fragment%d" % number for number in range(1, 6)])
    whole = (TEXT, b"".join(b"fragment%d" % number for number in range(1, 6)))
    first, second = frame(PING, b"pongme 1!"), frame(PING, b"pongme 2!")
    pongs = [(PONG, b"pongme 1!"), (PONG, b"pongme 2!")]

    def ways(frames, expect=(), end=None):
        """In one piece, frame by frame, octet by octet."""
        return [case("", send, expect, end) for send in ([b"".join(frames)], frames,
                                                         octets(*frames))]  # fmt: skip

    cases = [
        case("", fragments(PING, [one, two]), end=1002),
        case("", fragments(PONG, [one, two]), end=1002),
    ]
    cases += ways(both, [echo])
    cases += ways([both[0], ping, both[1]], [pong, echo])
    cases += ways(lost, end=1002)
    cases += ways(open_end, end=1002)
    cases += [
        case("", [*both, frame(0, b"x", fin=False), frame(TEXT, b"y")], [echo], 1002),
        case("", 2 * [frame(0, b"fragment1", fin=False), *both], end=1002),
        case("", 2 * [frame(0, b"fragment1"), *both], end=1002),
        case("", [frame(TEXT, one, fin=False), frame(TEXT, two)], end=1002),
        Case("", [
            Step([*long[:2], first, 0.3], pongs[:1]),
            Step([*long[2:4], second], pongs[1:]),
            Step(long[4:], [whole]),
        ], None, 0),
        case("", [*long[:2], first, *long[2:4], second, long[4]], [*pongs, whole]),
    ]  # fmt: skip
    return numbered("5", cases)


# 6: UTF-8; the sequences of Markus Kuhn's stress test

GREEK = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"
LATIN = "Hello-µ@ßöäüàá-UTF-8!!".encode()


def sequences():
    """{group: [(sequence, whether it is UTF-8)]} from 6.5 on."""
    good = {
        5: [b"hello\x24world", "hello¢world".encode(), "hello€world".encode(),
            "hello𤭢world".encode(), GREEK],
        7: [b"\x00", b"\xc2\x80", b"\xe0\xa0\x80", b"\xf0\x90\x80\x80"],
        9: [b"\x7f", b"\xdf\xbf", b"\xef\xbf\xbf", b"\xf4\x8f\xbf\xbf"],
        22: [chr(plane << 16 | low).encode() for plane in range(17) for low in (0xFFFE, 0xFFFF)],
        23: [chr(code).encode() for code in range(0xFFF9, 0x10000)],
    }  # fmt: skip
    missing = ["c0", "e080", "f08080", "f8808080", "fc80808080",
               "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"]  # fmt: skip
    bad = {
        8: ["f888808080", "fc8480808080"],
        10: ["f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"],
        12: ["80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf",
             bytes(range(0x80, 0xC0)).hex()],
        13: [b"".join(b"%c " % byte for byte in range(*span)).hex() for span in
             ((0xC0, 0xE0), (0xE0, 0xF0), (0xF0, 0xF8), (0xF8, 0xFC), (0xFC, 0xFE))],
        14: missing,
        15: ["".join(missing)],
        16: ["fe", "ff", "fefeffff"],
        17: ["c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"],
        18: ["c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"],
        19: ["c080", "e08080", "f0808080", "f880808080", "fc8080808080"],
        20: ["eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"],
        21: ["eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf",
             "edae80edb080", "edae80edbfbf", "edafbfedb080", "edafbfedbfbf"],
    }  # fmt: skip
    found = {group: [(data, True) for data in good[group]] for group in good}
    for group in bad:
        found[group] = [(bytes.fromhex(text), False) for text in bad[group]]
    found[6] = [(GREEK[:size], size in (2, 5, 7, 9, 11)) for size in range(1, len(GREEK) + 1)]
    found[11] = [(bytes.fromhex(text), text != "f4908080") for text in
                 ("ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080")]  # fmt: skip
    return found


def utf8():
    beyond = b"\xf4\x90\x80\x80"
    surrogate = GREEK + b"\xed\xa0\x80edited"
    # Cut where the fragments of 6.4.1 and 6.4.2 are: the first wrong byte is in the second part.
    cuts = ([GREEK, beyond, b"edited"], [GREEK + beyond[:1], beyond[1:2], beyond[2:] + b"edited"])
    found = numbered("6.1", [
        case("", [frame(TEXT)], [(TEXT, b"")]),
        case("", fragments(TEXT, [b"", b"", b""]), [(TEXT, b"")]),
        case("", fragments(TEXT, [b"", b"middle frame payload", b""]),
             [(TEXT, b"middle frame payload")]),
    ])  # fmt: skip
    found += numbered("6.2", [
        case("", [frame(TEXT, LATIN)], [(TEXT, LATIN)]),
        case("", fragments(TEXT, [LATIN[:12], LATIN[12:]]), [(TEXT, LATIN)]),
        case("", fragments(TEXT, chop(LATIN, 1)), [(TEXT, LATIN)]),
        case("", fragments(TEXT, chop(GREEK, 1)), [(TEXT, GREEK)]),
    ])  # fmt: skip
    found += numbered("6.3", [
        case("", [frame(TEXT, surrogate)], end=1007),
        case("", fragments(TEXT, chop(surrogate, 1)), end=1007),
    ])  # fmt: skip
    # Without the last part: to be refused as soon as it is wrong.
    soon = [case("", fragments(TEXT, cut)[:2], end=1007) for cut in cuts]
    for cut in cuts:
        data = frame(TEXT, b"".join(cut))
        first = 6 + len(cut[0])
        soon.append(case("", [data[:first], 0.05, data[first : first + len(cut[1])]], end=1007))
    found += numbered("6.4", soon)
    groups = sequences()
    for group in sorted(groups):
        found += numbered("6.%d" % group, [
            case("", [frame(TEXT, data)], [(TEXT, data)] if valid else [], None if valid else 1007)
            for data, valid in groups[group]
        ])  # fmt: skip
    return found


# 7: closing

VALID_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
INVALID_CODES = (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999)


def close(code=None, reason=b""):
    return frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason)


def closing():
    hello = frame(TEXT, b"Hello World!")
    large = 256 * 1024
    found = numbered("7.1", [
        case("", [hello], [(TEXT, b"Hello World!")]),
        case("", [close(1000) + close(1000)], end=1000),
        case("", [close(1000) + frame(PING)], end=1000),
        case("", [close(1000) + hello], end=1000),
        case("", [frame(TEXT, b"one", fin=False) + close(1000) + frame(0, b"two")], end=1000),
        case("", [frame(TEXT, large * b"B"), close(1000) + frame(PING)], [(TEXT, large * b"B")],
             1000, large),
    ])  # fmt: skip
    found += numbered("7.3", [
        case("", [close()], end=EMPTY),
        case("", [frame(CLOSE, b"a")], end=1002),
        case("", [close(1000)], end=1000),
        case("", [close(1000, b"Hello World!")], end=1000),
        case("", [close(1000, 123 * b"*")], end=1000),
        case("", [close(1000, 124 * b"*")], end=1002),
    ])  # fmt: skip
    found += numbered("7.5", [case("", [close(1000, GREEK + b"\xed\xa0\x80edited")], end=1007)])
    found += numbered("7.7", [case("", [close(code)], end=code) for code in VALID_CODES])
    found += numbered("7.9", [case("", [close(code)], end=1002) for code in INVALID_CODES])
    found += numbered("7.13", [case("", [close(code)], end=1002) for code in (5000, 65535)])
    return found


# 9: limits; what is longer than the server takes is ended with 1009

KI, MI = 1024, 1024 * 1024


def limits(count=1000):
    """Group 9, with ``count`` round trips (the suite has 1000)."""
    found = []

    def echo(opcode, size, send):
        return case("", send, [(opcode, size * b"*")], size=size)

    sizes = [64 * KI, 256 * KI, MI, 4 * MI, 8 * MI, 16 * MI]
    for group, opcode in ((1, TEXT), (2, BINARY)):
        cases = [echo(opcode, size, [frame(opcode, size * b"*")]) for size in sizes]
        found += numbered("9.%d" % group, cases)
    pieces = [64, 256, KI, 4 * KI, 16 * KI, 64 * KI, 256 * KI, MI, 4 * MI]
    for group, opcode in ((3, TEXT), (4, BINARY)):
        found += numbered("9.%d" % group, [fragmented(opcode, 4 * MI, size) for size in pieces])
    for group, opcode in ((5, TEXT), (6, BINARY)):
        data = frame(opcode, MI * b"*")
        cases = [echo(opcode, MI, chop(data, size)) for size in (64, 128, 256, 512, KI, 2 * KI)]
        found += numbered("9.%d" % group, cases)
    for group, opcode in ((7, TEXT), (8, BINARY)):
        cases = []
        for size in (0, 16, 64, 256, KI, 4 * KI):
            step = Step([frame(opcode, size * b"*")], [(opcode, size * b"*")])
            cases.append(Case("", count * [step], None, size))
        found += numbered("9.%d" % group, cases)
    return found


def fragmented(opcode, size, piece):
    """A message of ``size`` bytes in fragments of ``piece``."""
    send = [b"".join(fragments(opcode, chop(size * b"*", piece)))]
    return case("9.x", send, [(opcode, size * b"*")], size=size)


def fitting(limit):
    """9.3 to 9.6 with messages as long as the server takes them."""
    found = []
    for piece in (64, 256, KI, 4 * KI, 16 * KI):
        found.append(fragmented(TEXT, limit, piece)._replace(name="fragments of %d" % piece))
        data = frame(BINARY, limit * b"*")
        send = chop(data, piece)
        found.append(case("chops of %d" % piece, send, [(BINARY, limit * b"*")], size=limit))
    return found


def capped(found, limit):
    """The cases as a server has to end them that takes no message longer than ``limit`` bytes."""
    return [
        item if item.size <= limit else item._replace(
            steps=[Step(step.send, []) for step in item.steps], end=1009)
        for item in found
    ]  # fmt: skip


def automatic_fragments():
    data = 65536 * b"*"
    return [case("10.1.1", fragments(TEXT, chop(data, 1300)), [(TEXT, data)], size=65536)]


GROUPS = {
    1: framing, 2: pings, 3: reserved_bits, 4: opcodes, 5: fragmentation, 6: utf8, 7: closing,
    9: limits, 10: automatic_fragments,
}  # fmt: skip
