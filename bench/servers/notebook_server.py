"""Serves notebooks by Firn, or measures what a notebook leaves on the heap."""

import gc


def serve(host, port, heap_of=None, frozen=0, backlog=None, connections=None, limit=0):
    """Serve the notebooks of ``notebooks/`` below ``/n`` and a greeting at ``/``.

    ``heap_of``: the name of a notebook to measure instead, of the file, or where ``frozen`` the
    one in the image; ``limit``: how many sessions there may be.
    """
    if heap_of:
        (frozen_heap if frozen else heap)(heap_of)
        return
    from hello_firn import run

    import hello
    from marimo.builder import create_asgi_app
    from marimo.sessions import Sessions

    if limit:
        Sessions.limit = limit
    app = hello.application()
    server = create_asgi_app(quiet=True, session_ttl=2)
    server.with_dynamic_directory(path="/n", directory="notebooks")
    app.mount(server.application(), local=True)
    run(app, host, port, backlog, connections)


def heap(name):
    """Print the bytes in use before the notebook in a file is loaded, and what that adds."""
    before = _begin()
    from marimo.notebook import load

    notebook = load("notebooks/%s.py" % name)
    _tell(before, notebook)


def frozen_heap(name):
    """The same for a notebook in the image."""
    before = _begin()
    from marimo.notebook import load_frozen

    notebook = load_frozen(name)
    _tell(before, notebook)


def _begin():
    import asyncio

    import microdot

    assert asyncio and microdot
    gc.collect()
    return gc.mem_alloc()


def _tell(before, notebook):
    graph = notebook.graph()
    gc.collect()
    print("notebook", before, gc.mem_alloc() - before)
    assert len(graph.parents) == len(notebook.cells)
