"""microdot.sse: senders that wait, other tasks that send, heartbeats."""

import asyncio

from listener import listen, turns

from expect import equal, raises_async


async def test_send_waits_while_the_queue_is_full():
    log = []

    async def handler(request, sse):
        sse.queue_size = 2
        for i in range(5):
            await sse.send(i)
            log.append(i)

    listener = await listen(handler)
    equal(await listener.piece(), b"data: 0\n\ndata: 1\n\n")
    await turns()
    equal(log, [0, 1, 2, 3])
    await turns(20)
    equal(log, [0, 1, 2, 3])
    equal(await listener.rest(), b"data: 2\n\ndata: 3\n\ndata: 4\n\n")


async def test_send_waits_while_the_queue_has_too_many_bytes():
    log = []

    async def handler(request, sse):
        sse.queue_bytes = 40
        for i in range(4):
            await sse.send(20 * str(i))
            log.append(i)
        await sse.send(100 * "x")

    listener = await listen(handler)
    one = b"data: %s\n\n"
    equal(await listener.piece(), one % (20 * b"0") + one % (20 * b"1"))
    await turns(20)
    equal(log, [0, 1, 2, 3])
    equal(await listener.piece(), one % (20 * b"2") + one % (20 * b"3"))
    equal(await listener.piece(), one % (100 * b"x"))
    equal(await listener.piece(), None)


async def test_several_senders_wait_for_room():
    streams = []

    async def handler(request, sse):
        sse.queue_size = 1
        streams.append(sse)
        await asyncio.sleep(60)

    listener = await listen(handler)
    reading = asyncio.create_task(listener.rest())
    while not streams:
        await asyncio.sleep(0)
    sending = [asyncio.create_task(streams[0].send(i)) for i in range(4)]
    for task in sending:
        await task
    await turns(20)
    await asyncio.sleep(0.01)
    listener.leave()
    data = await reading
    equal(sorted(data.split(b"\n\n")), [b""] + [b"data: %d" % i for i in range(4)])


async def test_whoever_waits_for_room_is_told_when_the_client_goes():
    streams = []

    async def handler(request, sse):
        sse.queue_size = 1
        streams.append(sse)
        await sse.send("a")
        await asyncio.sleep(60)

    listener = await listen(handler)
    await listener.piece()
    await streams[0].send("b")
    waiting = asyncio.create_task(streams[0].send("c"))
    await turns()
    listener.leave()
    await raises_async(OSError, waiting)
    equal(await listener.rest(), b"")


async def test_the_first_event_after_a_pause_goes_at_once():
    async def handler(request, sse):
        await sse.send("a")
        await asyncio.sleep(0.05)
        await sse.send("b")
        await asyncio.sleep(0.05)

    listener = await listen(handler)
    equal(await listener.piece(), b"data: a\n\n")
    equal(await listener.piece(), b"data: b\n\n")
    equal(await listener.piece(), None)


async def test_events_close_together_go_together():
    async def handler(request, sse):
        sse.gather_ms = 500
        for i in range(4):
            await sse.send(i)
            await asyncio.sleep(0)

    listener = await listen(handler)
    first = await listener.piece()
    equal(first, b"data: 0\n\n")
    equal(await listener.piece(), b"data: 1\n\ndata: 2\n\ndata: 3\n\n")
    equal(await listener.piece(), None)


async def test_heartbeats_while_nothing_is_sent():
    async def handler(request, sse):
        sse.heartbeat = 0.02
        await sse.send("a")
        await asyncio.sleep(0.2)
        await sse.send("b")

    listener = await listen(handler)
    data = await listener.rest()
    begin = b"data: a\n\n:\n\n:\n\n"
    assert data.startswith(begin) and data.endswith(b":\n\ndata: b\n\n"), data
    equal(data.replace(b":\n\n", b""), b"data: a\n\ndata: b\n\n")


async def test_no_heartbeats_where_none_are_wanted():
    async def handler(request, sse):
        sse.heartbeat = 0
        await asyncio.sleep(0.05)
        await sse.send("a")

    equal(await (await listen(handler)).rest(), b"data: a\n\n")


async def test_a_handler_without_pauses_lets_others_run():
    log = []

    async def handler(request, sse):
        while True:
            await sse.send("x")

    async def other():
        for _ in range(3):
            log.append(1)
            await asyncio.sleep(0)

    listener = await listen(handler)
    task = asyncio.create_task(other())
    for _ in range(10):
        assert await listener.piece()
    await task
    listener.leave()
    assert (await listener.rest()).replace(b"data: x\n\n", b"") == b""
    equal(len(log), 3)
