"""Hello world by Microdot."""

from hello import application


def serve(host, port, backlog=None, connections=None, routes=0):
    """Serve until the process ends; ``connections``: Microdot has no limit of them."""
    run(application(routes), host, port, backlog)


def run(app, host, port, backlog=None):
    """Serve ``app`` until the process ends; ``backlog``: other than the default."""
    if backlog:
        import asyncio

        start_server = asyncio.start_server

        def start(*arguments, **options):
            return start_server(*arguments, backlog=backlog, **options)

        # Microdot cannot be told a backlog, and MicroPython's default of 5 would be measured.
        asyncio.start_server = start
    app.run(host, port)
