"""The floor: what asyncio alone needs to answer request after request on a connection."""

import asyncio

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: 13\r\n"
    b"\r\nHello, world!"
)


async def handle(reader, writer):
    """Read each head with one read and write the fixed answer, until the client closes."""
    try:
        while await reader.read(1024):
            writer.write(ANSWER)
            await writer.drain()
    except OSError:
        pass
    writer.close()
    await writer.wait_closed()


async def main(host, port, backlog):
    await asyncio.start_server(handle, host, port, backlog=backlog or 5)
    while True:
        await asyncio.sleep(3600)


def serve(host, port, backlog=None, connections=None, routes=0):
    """Serve until the process ends; there are no limits and no routes."""
    asyncio.run(main(host, port, backlog))
