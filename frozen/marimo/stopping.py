"""mo.stop(): a cell that ends early, and with it what depends on it."""


class Stop(Exception):
    """Ends the cell; ``args[0]`` is its output."""


def stop(predicate, output=None):
    """End the running cell if ``predicate`` is true; its output becomes ``output``.

    Cells that depend on it are not run.
    """
    if predicate:
        raise Stop(output)
