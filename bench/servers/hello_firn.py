"""Hello world by Firn's framework."""

from hello import application


def serve(host, port, backlog=None, connections=None, routes=0):
    """Serve until the process ends. ``backlog``, ``connections``: other than the defaults."""
    from microdot.server import Server

    if backlog:
        Server.backlog = backlog
    if connections:
        Server.max_connections = connections
    application(routes).run(host, port)
