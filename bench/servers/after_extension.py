"""What an extension leaves on the heap once the framework and asyncio are there."""

import gc


def measure(before, modules):
    """Print the bytes that importing ``modules`` takes when ``before`` are imported (both: names
    with commas between them)."""
    import asyncio

    import microdot

    load(before)
    gc.collect()
    start = gc.mem_alloc()
    load(modules)
    gc.collect()
    end = gc.mem_alloc()
    assert asyncio and microdot
    print("extension", start, end - start)


def load(names):
    """Import the modules called ``names``, with commas between them."""
    for name in names.split(","):
        if name:
            __import__(name)


def serve(host, port, modules, before=""):
    """Measure; nothing is served."""
    measure(before, modules)
