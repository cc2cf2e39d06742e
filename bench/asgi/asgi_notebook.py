"""A notebook at ``/n/`` and a greeting at ``/``, by whatever ``marimo`` is on the path."""

import os

import marimo

_notebook = (
    marimo.create_asgi_app(quiet=True).with_app(path="/n", root=os.environ["NOTEBOOK"]).build()
)


async def app(scope, receive, send):
    """The greeting; everything else is the notebook's."""
    if scope["path"] != "/":
        await _notebook(scope, receive, send)
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"13")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"Hello, world!"})
