"""The address of a name, asked of a name server without holding up anything (RFC 1035).

``socket.getaddrinfo`` of MicroPython stops the whole device until there is an answer, or for
many seconds if there is none.
"""

import asyncio
import os

from .datagrams import Datagrams

_LIMIT = 512
_HEAD = 12
_TIMEOUT = 3  # seconds for an answer
_TRIES = 2


async def lookup(name, server, port=53):
    """An IPv4 address (str, dotted) of ``name``, from the name server at ``server`` (dotted).

    A dotted ``name`` is its own address. OSError where nobody answers, ValueError where there is
    no such name or no sense in the answer.
    """
    if is_dotted(name):
        return name
    datagrams = Datagrams()
    try:
        datagrams.connect(server, port)
        for _ in range(_TRIES):
            query = question(name, os.urandom(2))
            datagrams.send(query)
            try:
                return await asyncio.wait_for(_first(datagrams, query), _TIMEOUT)
            except asyncio.TimeoutError:
                pass
    finally:
        datagrams.close()
    raise OSError("expected an answer from name server %s, got none" % server)


async def _first(datagrams, query):
    """The address in the first answer that is one to ``query``."""
    while True:
        reply = (await datagrams.receive(_LIMIT))[0]
        # Of this question, not of an earlier one or made up by somebody (RFC 5452 section 9.1).
        if reply[:2] == query[:2] and reply[_HEAD : len(query)] == query[_HEAD:]:
            return address_in(reply, len(query))


def is_dotted(name):
    """Whether ``name`` is a dotted IPv4 address."""
    parts = name.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts)


def question(name, number):
    """The query (bytes) for the address of ``name``; ``number``: two bytes that identify it."""
    query = bytearray(number)
    query += b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"  # recursion desired; one question
    for label in name.rstrip(".").split("."):
        query.append(len(label))
        query += label.encode()
    query += b"\x00\x00\x01\x00\x01"  # end of the name; A; IN
    return bytes(query)


def address_in(reply, at):
    """The first address (str) in ``reply`` (bytes), whose records begin at ``at``; ValueError."""
    if not reply[2] & 0x80 or reply[3] & 0x0F:
        raise ValueError("expected an address, got response code %d" % (reply[3] & 0x0F))
    try:
        for _ in range(reply[6] << 8 | reply[7]):
            at = _after_name(reply, at)
            length = reply[at + 8] << 8 | reply[at + 9]
            # Other records, such as CNAME, lead to it; a resolver sends all of the way.
            if reply[at : at + 4] == b"\x00\x01\x00\x01" and length == 4:
                return "%d.%d.%d.%d" % tuple(reply[at + 10 : at + 14])
            at += 10 + length
    except (IndexError, TypeError):
        pass  # it ends in the middle of a record
    raise ValueError("expected an address, got an answer without one")


def _after_name(reply, at):
    """Where what follows the name at ``at`` begins; IndexError."""
    while reply[at]:
        if reply[at] >= 0xC0:  # a pointer ends the name (RFC 1035 section 4.1.4)
            return at + 2
        at += 1 + reply[at]
    return at + 1
