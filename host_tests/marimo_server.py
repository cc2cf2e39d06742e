"""Serves the notebooks of a folder by the real marimo: ``marimo_server.py FOLDER PORT NAME...``.

Each is at its name; GET / answers 404 as soon as all is there. Nothing of ours is imported here.
"""

import sys
from pathlib import Path

import uvicorn

import marimo

folder, port, *names = sys.argv[1:]
builder = marimo.create_asgi_app(quiet=True, show_tracebacks=True)
for name in names:
    builder.with_app(path="/" + name, root=Path(folder) / (name + ".py"))
uvicorn.run(builder.build(), host="127.0.0.1", port=int(port), log_level="error")
