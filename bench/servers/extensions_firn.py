"""The applications of extensions.py by Firn's framework."""

import extensions
import hello_firn


def serve(host, port, application, backlog=None, connections=None, seconds=None):
    """Serve what ``application`` names until the process ends; ``verify`` only measures."""
    if seconds:
        extensions.verify(seconds)
    else:
        hello_firn.run(getattr(extensions, application)(), host, port, backlog, connections)
