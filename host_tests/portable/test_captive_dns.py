"""The name server of the captive portal: answers as bytes, and over a socket on loopback."""

import asyncio

from udp import Datagrams, free_port

from expect import equal
from firn.captive_dns import answer, serve

ADDRESS = "192.168.4.1"
NAME = b"\7example\3com\0"
DATA = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\xa8\4\1"
OPT = b"\0\0\x29\4\xd0\0\0\x80\0\0\0"


def query(name=NAME, kind=1, flags=b"\1\0", counts=(1, 0, 0, 0), name_class=1, rest=b""):
    numbers = b"".join([bytes((count >> 8, count & 255)) for count in counts])
    kinds = bytes((kind >> 8, kind & 255, name_class >> 8, name_class & 255))
    return b"\x12\x34" + flags + numbers + name + kinds + rest


def code(reply):
    return reply[3] & 15


def test_every_name_has_the_devices_address():
    for name in (NAME, b"\1x\0", b"\0", b"\7CaPtIvE\5apple\3com\0"):
        reply = answer(query(name), ADDRESS)
        equal(reply[:2], b"\x12\x34")
        equal(reply[4:12], b"\0\1\0\1\0\0\0\0")
        equal(reply[12:], name + b"\0\1\0\1" + DATA)
        equal(code(reply), 0)


def test_flags_say_an_authoritative_answer():
    equal(answer(query(flags=b"\1\0"), ADDRESS)[2:4], b"\x85\x80")
    equal(answer(query(flags=b"\0\0"), ADDRESS)[2:4], b"\x84\x80")


def test_any_type_gets_the_address():
    assert answer(query(kind=255), ADDRESS).endswith(DATA)


def test_other_types_have_no_data_which_is_no_error():
    for kind in (28, 65, 16, 15, 2, 6, 12, 256, 65535):
        reply = answer(query(kind=kind), ADDRESS)
        equal(reply[4:12], b"\0\1\0\0\0\0\0\0", kind)
        equal(code(reply), 0)
        equal(len(reply), len(query()))


def test_edns_is_tolerated():
    reply = answer(query(counts=(1, 0, 0, 1), rest=OPT), ADDRESS)
    equal(reply[4:12], b"\0\1\0\1\0\0\0\0")
    assert reply.endswith(NAME + b"\0\1\0\1" + DATA)


def test_other_classes_are_refused():
    equal(code(answer(query(name_class=3), ADDRESS)), 5)


def test_other_operations_are_not_implemented():
    for operation in (1, 2, 4, 5, 15):
        reply = answer(query(flags=bytes((operation << 3, 0))), ADDRESS)
        equal((code(reply), len(reply)), (4, 12))
        equal(reply[2], 0x84 | operation << 3)


def test_malformed_questions_are_told_so():
    for bad in (
        query(counts=(0, 0, 0, 0)),
        query(counts=(2, 0, 0, 0), rest=NAME + b"\0\1\0\1"),
        query(counts=(257, 0, 0, 0)),
        query(name=b"\xc0\x0c"),  # a name that points to itself
        query(name=b"\x40" + b"a" * 64 + b"\0"),
        query(name=b"\x80a\0"),
        query(name=b"\x3f" + b"a" * 20),  # a label that does not end
        query(name=(b"\x3f" + b"a" * 63) * 4 + b"\0"),  # 257 bytes
        query()[:-1],
        query()[:20],
        query()[:12],
    ):
        reply = answer(bad, ADDRESS)
        equal((code(reply), len(reply), reply[4:12]), (1, 12, bytes(8)), bad)


def test_the_longest_name_is_answered():
    name = (b"\x3f" + b"a" * 63) * 3 + b"\x3d" + b"a" * 61 + b"\0"
    equal(len(name), 255)
    assert answer(query(name), ADDRESS).endswith(name + b"\0\1\0\1" + DATA)


def test_what_is_no_query_gets_no_answer():
    for data in (b"", b"\0", query()[:11], query(flags=b"\x81\x80"), b"\xff" * 600):
        equal(answer(data, ADDRESS), None)


def test_every_cut_and_every_changed_byte_is_survived():
    whole = query(counts=(1, 0, 0, 1), rest=OPT)
    for at in range(len(whole)):
        answer(whole[:at], ADDRESS)
        for value in (0, 1, 63, 64, 192, 255):
            reply = answer(whole[:at] + bytes([value]) + whole[at + 1 :], ADDRESS)
            assert reply is None or len(reply) <= len(whole) + 16


async def test_the_server_answers_until_it_is_cancelled():
    # A port of this test's own, so that nothing else is disturbed on any of the targets.
    port = free_port()
    server = asyncio.create_task(serve(ADDRESS, "127.0.0.1", port))
    await asyncio.sleep(0)
    client = Datagrams()
    client.connect("127.0.0.1", port)
    for data in (b"no query", b"x" * 700, query(), query(kind=28)):
        client.send(data)
    for kind in (1, 28):
        # What was no query got no answer, so that these are the first.
        reply = (await asyncio.wait_for(client.receive(512), 20))[0]
        while code(reply):  # the long one looked like some operation
            reply = (await asyncio.wait_for(client.receive(512), 20))[0]
        equal(reply, answer(query(kind=kind), ADDRESS))
    server.cancel()
    try:
        await server
    except asyncio.CancelledError:
        pass
    client.close()
    again = asyncio.create_task(serve(ADDRESS, "127.0.0.1", port))
    await asyncio.sleep(0.05)
    assert not again.done(), "the port is free again"
    again.cancel()
