"""Hello world by Firn's framework."""

from hello import application


def serve(host, port, backlog=None, connections=None, routes=0):
    """Serve until the process ends. ``backlog``, ``connections``: other than the defaults."""
    run(application(routes), host, port, backlog, connections)


def run(app, host, port, backlog=None, connections=None):
    """Serve ``app`` until the process ends; the settings are those of serve()."""
    from microdot.server import Server

    if backlog:
        Server.backlog = backlog
    if connections:
        Server.max_connections = connections
    app.run(host, port)
