"""The notebooks of this folder for an ASGI server."""

import os

import marimo

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notebooks")

application = (
    marimo.create_asgi_app(show_tracebacks=True, redirect_console_to_browser=True)
    .with_app(path="/controls", root=os.path.join(_FOLDER, "controls.py"))
    .with_dynamic_directory(path="/notebooks", directory=_FOLDER)
    .build()
)
