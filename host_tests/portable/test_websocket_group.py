"""microdot.websocket_group: one message to many."""

import asyncio

from websocket_wire import Wire, close_frame, eventually, frame

from expect import equal, raises_async
from microdot.app import Microdot
from microdot.websocket import Group, with_websocket


class Room:
    """An application whose WebSockets are all in one group; ``wires`` are its clients."""

    def __init__(self, count):
        self.group = Group()
        self.members = []
        app = Microdot()

        @app.route("/ws")
        @with_websocket
        async def join(request, ws):
            self.members.append(ws)
            self.group.add(ws)
            while True:
                await self.group.send(await ws.receive(), exclude=ws)

        self.wires = [Wire(app).start() for _ in range(count)]

    async def ready(self):
        await eventually(lambda: len(self.group) == len(self.wires))
        return self

    async def leave(self):
        for wire in self.wires:
            wire.end()
            await wire.finish()


async def test_everybody_gets_the_message():
    room = await Room(3).ready()
    equal(await room.group.send("hello"), 3)
    equal(await room.group.send(bytearray(b"bytes")), 3)
    for wire in room.wires:
        equal(await wire.until(2), [(0x81, b"hello"), (0x82, b"bytes")])
    await room.leave()
    equal(len(room.group), 0)


async def test_the_sender_can_be_left_out():
    room = await Room(3).ready()
    room.wires[1].feed(frame(1, "hi"))
    await room.wires[0].until(1)
    await room.wires[2].until(1)
    await room.leave()
    equal(room.wires[1].frames(), [])


async def test_who_leaves_is_no_member_any_more():
    room = await Room(3).ready()
    for index, leave in enumerate((Wire.end, Wire.reset)):
        leave(room.wires[index])
        await room.wires[index].finish()
        equal(len(room.group), 2 - index)
        assert room.members[index] not in room.group
    room.wires[2].feed(close_frame(1000))
    await room.wires[2].finish()
    equal((len(room.group), await room.group.send("anybody?")), (0, 0))
    room.group.add(room.members[0])  # it has ended
    equal(len(room.group), 0)


async def test_a_member_can_be_removed_and_be_in_several_groups():
    room = await Room(2).ready()
    other = Group()
    other.add(room.members[0])
    other.add(room.members[0])
    equal((len(other), room.members[0].groups), (1, (room.group, other)))
    room.group.remove(room.members[0])
    room.group.remove(room.members[0])
    equal(await room.group.send("one"), 1)
    equal(await other.send("two"), 1)
    equal(await room.wires[0].until(1), [(0x81, b"two")])
    equal(await room.wires[1].until(1), [(0x81, b"one")])
    await room.leave()
    equal((len(other), room.members[0].groups), (0, ()))


async def test_a_slow_member_does_not_hold_up_the_others_and_is_dropped():
    room = await Room(3).ready()
    slow = room.wires[1]
    slow.hold()
    count = Group.max_backlog + 1
    for number in range(count):
        equal(await room.group.send("m%d" % number), 3)
        await room.wires[0].until(number + 1)
    equal(await room.group.send("one too many"), 2)
    await slow.finish()
    equal((len(room.group), len(room.wires[2].frames())), (2, count + 1))
    assert room.members[1].closed
    await room.leave()


async def test_a_member_that_was_slow_for_a_while_gets_all_in_order():
    room = await Room(2).ready()
    slow = room.wires[1]
    slow.hold()
    for number in range(Group.max_backlog):
        await room.group.send("m%d" % number)
    slow.release()
    found = await slow.until(Group.max_backlog)
    equal([payload for _, payload in found], [b"m%d" % n for n in range(Group.max_backlog)])
    equal(await room.group.send("next"), 2)
    await slow.until(Group.max_backlog + 1)
    await room.leave()


async def test_a_member_that_cannot_be_reached_is_removed():
    room = await Room(2).ready()
    room.wires[0].failing = OSError(104)
    await room.group.send("hello")
    await eventually(lambda: len(room.group) == 1)
    equal(await room.wires[1].until(1), [(0x81, b"hello")])
    await room.leave()


async def test_a_message_that_is_none_reaches_nobody():
    room = await Room(1).ready()
    await raises_async(TypeError, room.group.send(5))
    await raises_async(TypeError, room.group.send(None))
    equal(await room.group.send("fine"), 1)
    await room.wires[0].until(1)
    await room.leave()


async def test_groups_without_members():
    group = Group()
    equal((len(group), await group.send("x")), (0, 0))
    await asyncio.sleep(0)
