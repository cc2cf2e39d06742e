"""Names looked up at a name server that is a fake on loopback."""

from udp import Server, free_port

from expect import equal, raises, raises_async
from firn import lookup
from firn.lookup import address_in, is_dotted, question

A = b"\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"
CNAME = b"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\7\4pool\xc0\x14"
AAAA = b"\xc0\x0c\0\x1c\0\1\0\0\0\x3c\0\x10" + bytes(16)


def reply_to(query, *records, code=0, number=None):
    head = (number or query[:2]) + bytes((0x81, 0x80 | code, 0, 1, 0, len(records)))
    return head + query[8:] + b"".join(records)


def with_patience(patience):
    """Seconds to wait for an answer, for the tests that get none."""
    kept = lookup._TIMEOUT
    lookup._TIMEOUT = patience
    return kept


async def test_the_address_of_a_name():
    for records in (
        (b"\xc0\x0c" + A,),
        (CNAME, b"\4pool\xc0\x14" + A),
        (AAAA, b"\xc0\x0c" + A, b"\xc0\x0c" + A),
        (b"\3ntp\7example\0" + A,),
    ):
        async with Server(lambda data: [reply_to(data, *records)]) as server:  # noqa: B023
            found = await lookup.lookup("ntp.example", "127.0.0.1", server.port)
            equal(found, "192.0.2.7")
            equal(server.received, 1)


async def test_an_address_needs_no_server():
    equal(await lookup.lookup("192.0.2.1", "127.0.0.1", 1), "192.0.2.1")


async def test_answers_to_other_questions_are_passed_over():
    def answers(data):
        other = question("other.example", data[:2])
        false = b"\xc0\x0c" + A[:-1] + b"\x66"
        wrong = bytes((data[0] ^ 1, data[1]))
        return [
            b"", b"x", reply_to(other, false), reply_to(data, false, number=wrong),
            reply_to(data, b"\xc0\x0c" + A),
        ]  # fmt: skip

    async with Server(answers) as server:
        equal(await lookup.lookup("ntp.example", "127.0.0.1", server.port), "192.0.2.7")


async def test_no_such_name_is_an_error():
    async with Server(lambda data: [reply_to(data, code=3)]) as server:
        error = await raises_async(
            ValueError, lookup.lookup("ntp.example", "127.0.0.1", server.port)
        )
        assert "code 3" in str(error)


async def test_a_lost_answer_is_asked_for_again():
    replies = []

    def second_only(data):
        replies.append(reply_to(data, b"\xc0\x0c" + A))
        return replies[1:]

    kept = with_patience(0.2)
    try:
        async with Server(second_only) as server:
            equal(await lookup.lookup("ntp.example", "127.0.0.1", server.port), "192.0.2.7")
            assert server.received >= 2
    finally:
        lookup._TIMEOUT = kept


async def test_a_silent_server_is_an_error():
    kept = with_patience(0.1)
    try:
        async with Server(lambda data: []) as server:
            await raises_async(OSError, lookup.lookup("a.example", "127.0.0.1", server.port))
            equal(server.received, 2)
        await raises_async(OSError, lookup.lookup("a.example", "127.0.0.1", free_port()))
    finally:
        lookup._TIMEOUT = kept


def test_answers_without_sense_are_errors():
    query = question("ntp.example", b"\1\2")
    whole = reply_to(query, CNAME, AAAA, b"\4pool\xc0\x14" + A)
    equal(address_in(whole, len(query)), "192.0.2.7")
    for cut in range(len(query), len(whole)):
        raises(ValueError, address_in, whole[:cut], len(query))
    raises(ValueError, address_in, reply_to(query), len(query))
    raises(ValueError, address_in, reply_to(query, AAAA), len(query))
    raises(ValueError, address_in, query, len(query))


def test_questions():
    equal(
        question("ntp.example", b"\1\2"),
        b"\1\2\1\0\0\1\0\0\0\0\0\0\3ntp\7example\0\0\1\0\1",
    )
    equal(question("ntp.example.", b"\1\2"), question("ntp.example", b"\1\2"))


def test_dotted_addresses():
    for name in ("1.2.3.4", "255.255.255.255"):
        assert is_dotted(name)
    for name in ("1.2.3", "1.2.3.256", "a.b.c.d", "1.2.3.4.5", "ntp.example"):
        assert not is_dotted(name)
