"""microdot.websocket_handshake: what is accepted, and the exact answer to what is not."""

from exchange import written
from websocket_wire import Wire, close_frame, request

from expect import equal, raises
from microdot.app import HTTPException, Microdot
from microdot.websocket import WebSocket, with_websocket
from microdot.websocket_handshake import accept_value, check, choose

KEY = "Sec-WebSocket-Key"

# Changes to a good handshake, and what it is answered with then.
REFUSED = [
    ({"Connection": None}, 400, "expected Connection: Upgrade"),
    ({"Connection": "keep-alive"}, 400, "expected Connection: Upgrade"),
    ({"Connection": "upgraded"}, 400, "expected Connection: Upgrade"),
    ({"Upgrade": None}, 400, "expected Upgrade: websocket"),
    ({"Upgrade": "h2c"}, 400, "expected Upgrade: websocket"),
    ({"Upgrade": "websockets"}, 400, "expected Upgrade: websocket"),
    ({KEY: None}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: ""}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: "c2hvcnQ="}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: "x" * 24}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: "?" * 24}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: "é" * 12}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({KEY: "x" * 500}, 400, "expected 16 bytes in base64 as Sec-WebSocket-Key"),
    ({"Sec-WebSocket-Version": None}, 426, "expected Sec-WebSocket-Version: 13"),
    ({"Sec-WebSocket-Version": ""}, 426, "expected Sec-WebSocket-Version: 13"),
    ({"Sec-WebSocket-Version": "8"}, 426, "expected Sec-WebSocket-Version: 13"),
    ({"Sec-WebSocket-Version": "13, 8"}, 426, "expected Sec-WebSocket-Version: 13"),
    ({"Sec-WebSocket-Protocol": "a b"}, 400, "expected tokens as Sec-WebSocket-Protocol"),
    ({"Sec-WebSocket-Protocol": ""}, 400, "expected tokens as Sec-WebSocket-Protocol"),
    ({"Sec-WebSocket-Protocol": "a,,b"}, 400, "expected tokens as Sec-WebSocket-Protocol"),
    ({"Content-Length": "5"}, 400, "expected no body in a WebSocket handshake"),
    ({"Transfer-Encoding": "chunked"}, 400, "expected no body in a WebSocket handshake"),
]
ACCEPTED = [
    {},
    {"Connection": "keep-alive, Upgrade"},
    {"Connection": "UPGRADE"},
    {"Upgrade": "WebSocket"},
    {"Upgrade": "h2c, websocket"},
    {"Content-Length": "0"},
    {"Sec-WebSocket-Extensions": "permessage-deflate"},
    {"Origin": "http://example.com"},
]


def an_app(called):
    app = Microdot()

    @app.route("/ws", methods=["GET", "POST"])
    @with_websocket
    async def handler(request, ws):
        called.append(ws)

    return app


async def refused(app, status, text, **options):
    wire = Wire(app, **options)
    answer = await written(await app.dispatch_request(wire.request))
    equal((answer.status, answer.text), (status, text), options)
    equal(wire.sent, b"")
    return answer


async def test_what_is_no_handshake_is_answered_and_the_handler_not_called():
    called = []
    app = an_app(called)
    for headers, status, text in REFUSED:
        answer = await refused(app, status, text, headers=headers)
        if status == 426:  # RFC 6455 section 4.4
            equal(answer.headers["sec-websocket-version"], "13")
            equal(answer.headers["upgrade"], "websocket")
    text = "expected GET and HTTP/1.1 for a WebSocket"
    await refused(app, 400, text, method="POST")
    await refused(app, 400, text, version="1.0")
    equal(called, [])


async def test_handshakes_are_accepted():
    for headers in ACCEPTED:
        called = []
        app = an_app(called)
        wire = Wire(app, headers=headers).start()
        wire.feed(close_frame(1000))
        await wire.finish()
        head = (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        )
        assert wire.sent.startswith(head), wire.sent
        equal(wire.frames(), [(0x88, b"\x03\xe8")])
        equal(called[0].subprotocol, None)


def test_the_answer_proves_that_the_key_was_read():
    # RFC 6455 section 1.3
    equal(accept_value(b"dGhlIHNhbXBsZSBub25jZQ=="), b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")


def test_the_server_s_first_subprotocol_that_the_client_offers_is_chosen():
    for offered, ours, chosen in (
        (b"chat", ["chat"], "chat"),
        (b"a, b", ["b", "a"], "b"),
        (b"a,b ,\tc", ["x", "c"], "c"),
        (b"a", ["b"], None),
        (b"a", [], None),
        (b"A", ["a"], None),
        (b"ab", ["a"], None),
    ):
        equal(choose(offered, ours), chosen, offered)


async def test_the_subprotocol_is_answered_and_told():
    app = Microdot()
    told = []

    @app.route("/ws")
    @with_websocket(subprotocols=["v2", "v1"])
    async def handler(request, ws):
        told.append(ws.subprotocol)

    for offered, line in (("v1, v2", b"v2"), ("v1", b"v1"), ("v0", None), (None, None)):
        wire = Wire(app, headers={"Sec-WebSocket-Protocol": offered}).start()
        wire.end()
        await wire.finish()
        name = b"Sec-WebSocket-Protocol: "
        found = wire.sent.split(name)[1].split(b"\r\n")[0] if name in wire.sent else None
        equal(found, line)
        equal(told.pop(), line and line.decode())


def test_repeated_headers_count_as_one_list():
    good = request(None, None)
    lines = [line for line in good._head.lines if not line.startswith(b"Connection")]
    lines += [b"connection: keep-alive", b"CONNECTION: upgrade"]
    lines += [b"Sec-WebSocket-Protocol: a", b"sec-websocket-protocol: b"]
    good._head.lines = lines
    equal(check(good, ["b"]), (b"dGhlIHNhbXBsZSBub25jZQ==", "b"))
    good._head.lines.append(b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    equal(raises(HTTPException, check, good).status_code, 400)


async def test_a_request_without_a_connection_cannot_be_upgraded():
    ws = WebSocket(request(Microdot(), None))
    try:
        await ws.handshake()
    except RuntimeError as error:
        assert "expected a connection" in str(error)
    else:
        raise AssertionError("expected RuntimeError")
