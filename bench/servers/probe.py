"""A second port of the emulated board that tells how much heap is in use.

A client that sends ``a`` gets the bytes in use as they are; ``c`` collects garbage first; ``o``
turns the collector off, so that all that is allocated stays in sight. The answer is a line:
bytes in use, connections that lwIP has open.
"""

import asyncio
import gc

_tasks = []


async def handle(reader, writer):
    """Answer the commands of one client until it closes."""
    import qemu

    while True:
        command = await reader.read(1)
        if not command:
            break
        if command != b"a":
            gc.collect()
            (gc.disable if command == b"o" else gc.enable)()
        writer.write(b"%d %d\n" % (gc.mem_alloc(), qemu.tcp_pcbs()[2]))
        await writer.drain()
    writer.close()
    await writer.wait_closed()


def install(port):
    """Have the probe listen on ``port`` as soon as an event loop runs."""
    _tasks.append(asyncio.create_task(asyncio.start_server(handle, "0.0.0.0", port)))
