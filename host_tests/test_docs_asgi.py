"""Runs the examples of docs/asgi.md."""

import asyncio

from asgi_exchange import Server, scope
from doc_examples import check_page
from doc_files import check_command

LIFESPAN = {"type": "lifespan", "asgi": {"version": "3.0"}}


def show(app, path):
    """What a request for ``path`` is answered with, between the application's start and end."""

    async def run():
        state = {}
        lifespan = Server([{"type": "lifespan.startup"}])
        living = asyncio.ensure_future(
            app(dict(LIFESPAN, state=state), lifespan.receive, lifespan.send)
        )
        while not lifespan.sent:
            await asyncio.sleep(0)
        server = Server()
        await app(scope("GET", path, state=dict(state)), server.receive, server.send)
        print(server.body.decode())
        lifespan.leave({"type": "lifespan.shutdown"})
        await living

    asyncio.run(run())


def talk(app, path, *messages):
    """What the WebSocket at ``path`` says to ``messages``."""

    async def run():
        server = Server([{"type": "websocket.connect"}])
        for message in messages:
            kind = "text" if isinstance(message, str) else "bytes"
            server.leave({"type": "websocket.receive", kind: message})
        server.leave({"type": "websocket.disconnect", "code": 1000})
        given = scope(path=path, type="websocket", subprotocols=[])
        await app(given, server.receive, server.send)
        for sent in server.sent[1:]:
            print(sent.get("text") or sent["bytes"])

    asyncio.run(run())


def test_examples_print_what_the_page_shows():
    check_page("asgi.md", show=show, talk=talk)


def test_the_command_serves_the_file(tmp_path):
    check_command("asgi.md", tmp_path)
