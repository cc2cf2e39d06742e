"""The applications of extensions.py by Microdot."""

import extensions
import hello_peer


def serve(host, port, application, backlog=None, connections=None, seconds=None):
    """Serve what ``application`` names until the process ends; ``verify`` only measures."""
    if seconds:
        extensions.verify(seconds)
    else:
        hello_peer.run(getattr(extensions, application)(), host, port, backlog)
