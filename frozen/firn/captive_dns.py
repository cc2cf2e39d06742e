"""A name server that gives the device's own address for every name (RFC 1035).

``answer()`` knows no socket. Phones and computers that join the access point look up the name
of a page they know, and so come to the device, which sends them to the setup page.
"""

from . import log

_LIMIT = 512  # bytes of a query (RFC 1035 section 2.3.4); longer ones are no queries for here
_HEAD = 12
_A = 1
_ANY = 255
_IN = 1
# Response codes (RFC 1035 section 4.1.1)
_NO_ERROR = 0
_FORMAT_ERROR = 1
_NOT_IMPLEMENTED = 4
_REFUSED = 5


def answer(query, address):
    """The answer (bytes) to ``query`` (bytes); None where there must be none.

    ``address``: the dotted IPv4 address that every name has. Types other than A have no data,
    which is no error (RFC 2308 section 2.2). What follows the question, such as the record of
    EDNS, is ignored: an answer without it says that EDNS is not spoken (RFC 6891 section 7).
    """
    if len(query) < _HEAD or query[2] & 0x80:
        return None  # no header, or an answer: two servers must not answer each other for ever
    if query[2] & 0x78:
        return _reply(query, _NOT_IMPLEMENTED)
    end = _question_end(query)
    if query[4] or query[5] != 1 or not end:
        return _reply(query, _FORMAT_ERROR)
    kind = query[end - 4] << 8 | query[end - 3]
    name_class = query[end - 2] << 8 | query[end - 1]
    if name_class not in (_IN, _ANY):
        return _reply(query, _REFUSED, end)
    if kind not in (_A, _ANY):
        return _reply(query, _NO_ERROR, end)
    # Name: a pointer to the question; A; IN; no seconds to live, so that nobody goes on
    # believing it in the next network; four bytes.
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04"
    data = bytes([int(part) for part in address.split(".")])
    return _reply(query, _NO_ERROR, end, 1) + record + data


def _reply(query, code, end=0, answers=0):
    """The header of an answer, and the question up to ``end`` if that is given."""
    head = bytearray(_HEAD)
    head[0] = query[0]
    head[1] = query[1]
    # An answer, authoritative; operation and "recursion desired" as asked, and available.
    head[2] = 0x84 | query[2] & 0x79
    head[3] = 0x80 | code
    head[5] = 1 if end else 0
    head[7] = answers
    return bytes(head) + query[_HEAD:end]


def _question_end(query):
    """Where the first question ends; 0 if it is malformed."""
    at = _HEAD
    while at < len(query) and query[at]:
        if query[at] > 63:  # a pointer, which has nothing before it to point to
            return 0
        at += 1 + query[at]
    at += 1
    # A name has at most 255 bytes (section 2.3.4); type and class follow.
    return at + 4 if at - _HEAD <= 255 and at + 4 <= len(query) else 0


async def serve(address, host=None, port=53):
    """Answer with ``address`` whoever asks at ``host`` (``address`` if None), until cancelled.

    OSError where the port cannot be opened.
    """
    from .datagrams import Datagrams

    datagrams = Datagrams()
    try:
        datagrams.bind(host or address, port)
        while True:
            query, sender = await datagrams.receive(_LIMIT)
            reply = answer(query, address)
            if reply:
                try:
                    datagrams.send(reply, sender)
                except OSError as error:
                    log.debug("captive DNS: an answer was not sent: %s" % error)
    finally:
        datagrams.close()
