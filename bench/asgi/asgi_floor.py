"""The floor: what uvicorn alone needs to answer."""

START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"13")],
}
BODY = {"type": "http.response.body", "body": b"Hello, world!"}


async def app(scope, receive, send):
    """Answer every request with the greeting."""
    await send(START)
    await send(BODY)
