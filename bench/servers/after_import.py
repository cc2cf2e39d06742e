"""What ``import microdot`` leaves on the heap."""

import gc
import sys


def measure():
    """Print the bytes in use before, of asyncio, and of the framework once asyncio is there."""
    gc.collect()
    before = gc.mem_alloc()
    import asyncio

    gc.collect()
    between = gc.mem_alloc()
    import microdot

    gc.collect()
    after = gc.mem_alloc()
    assert asyncio and microdot and "microdot" in sys.modules
    print("imported", before, between - before, after - between)


def serve(host, port, **settings):
    """Measure; nothing is served."""
    measure()
