"""The other end of a PPP link: frames (RFC 1662), LCP (RFC 1661) and IPCP (RFC 1332).

Nothing here does input or output: bytes and packets come by calls and leave by callbacks.
"""

import socket
import struct

_IP, _LCP, _IPCP = 0x0021, 0xC021, 0x8021
_FLAG, _ESCAPE = 0x7E, 0x7D
_GOOD_CHECKSUM = 0xF0B8  # over a frame with its checksum (RFC 1662 C.2)
_REQUEST, _ACK, _NAK, _REJECT, _END, _END_ACK = 1, 2, 3, 4, 5, 6
_PROTOCOL_REJECT, _ECHO, _ECHO_REPLY = 8, 9, 10
_MAP = 2  # the LCP option: which control characters are to be escaped
# LCP options of the other end that are fine: packet size, map, magic number, short headers.
_LCP_OPTIONS = (1, _MAP, 5, 7, 8)
_ADDRESS = 3  # the only IPCP option that is fine
_NO_CONTROL_CHARACTERS = bytes((_MAP, 6, 0, 0, 0, 0))


def _checksum_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0x8408 if value & 1 else value >> 1
        table.append(value)
    return table


_TABLE = _checksum_table()


def checksum(data):
    """The 16-bit FCS (RFC 1662 C.2) of ``data``, before it is inverted."""
    total = 0xFFFF
    for byte in data:
        total = (total >> 8) ^ _TABLE[(total ^ byte) & 0xFF]
    return total


def frame(protocol, payload, escape_control=True):
    """The bytes on the line of a frame; ``escape_control``: control characters too."""
    data = b"\xff\x03" + struct.pack(">H", protocol) + payload
    data += struct.pack("<H", checksum(data) ^ 0xFFFF)
    line = bytearray((_FLAG,))
    for byte in data:
        if byte in (_FLAG, _ESCAPE) or (escape_control and byte < 0x20):
            line += bytes((_ESCAPE, byte ^ 0x20))
        else:
            line.append(byte)
    line.append(_FLAG)
    return bytes(line)


class Frames:
    """Takes the bytes of the line apart; those of broken frames are dropped."""

    def __init__(self):
        self._data = bytearray()
        self._escaped = False

    def feed(self, data):
        """The (protocol, payload) of all frames that ``data`` completes."""
        found = []
        for byte in data:
            if byte == _FLAG:
                if len(self._data) > 3 and checksum(self._data) == _GOOD_CHECKSUM:
                    found.append(_parsed(bytes(self._data[:-2])))
                self._data.clear()
                self._escaped = False
            elif byte == _ESCAPE:
                self._escaped = True
            else:
                self._data.append(byte ^ 0x20 if self._escaped else byte)
                self._escaped = False
        return found


def _parsed(data):
    """(protocol, payload) of a frame, whose address and protocol may be in their short form."""
    if data[:2] == b"\xff\x03":
        data = data[2:]
    if data[0] & 1:
        return data[0], data[1:]
    return struct.unpack_from(">H", data)[0], data[2:]


class _Negotiation:
    """One control protocol: what both sides ask for, and whether they have agreed.

    It never asks first. Each time it agrees to what the other asks for it asks itself, until it
    has an answer: the other end repeats its request when it has none.
    """

    def __init__(self, protocol, transmit, wanted, judge):
        self._protocol = protocol
        self._transmit = transmit
        self._wanted = self._asked = wanted  # options, as they are on the line
        self._judge = judge  # (kind, value) -> (code, value)
        self._identifier = 0
        self.reset()

    def reset(self):
        self.agreed = self.granted = False
        self._asked = self._wanted

    @property
    def is_open(self):
        return self.agreed and self.granted

    def send(self, code, identifier, body=b""):
        head = struct.pack(">BBH", code, identifier, 4 + len(body))
        self._transmit(self._protocol, head + body)

    def requested(self, identifier, options):
        """The other end asks for ``options``; True if it may have them all."""
        answers = {_ACK: b"", _NAK: b"", _REJECT: b""}
        while len(options) >= 2 and 2 <= options[1] <= len(options):
            kind, size = options[0], options[1]
            code, value = self._judge(kind, options[2:size])
            answers[code] += bytes((kind, 2 + len(value))) + value
            options = options[size:]
        # What is unknown is said first, then what is wrong (RFC 1661 5.4).
        code = _REJECT if answers[_REJECT] else _NAK if answers[_NAK] else _ACK
        self.send(code, identifier, answers[code])
        self.agreed = code == _ACK
        if self.agreed and not self.granted:
            self._ask()
        return self.agreed

    def answered(self, code, identifier):
        """The other end's answer to what was asked for."""
        if identifier != self._identifier:
            return
        if code == _ACK:
            self.granted = True
        else:
            self._asked = b""
            self._ask()

    def _ask(self):
        self._identifier = (self._identifier + 1) & 0xFF
        self.send(_REQUEST, self._identifier, self._asked)


class Link:
    """One end of a link, which waits for the other end to begin, and to begin anew.

    ``send(data)`` is called with bytes for the line, ``deliver(packet)`` with each IPv4 packet
    that has come. ``address`` is that of this end, ``other`` what the other end gets.
    """

    def __init__(self, send, deliver, address, other):
        self._send = send
        self._deliver = deliver
        self._other = socket.inet_aton(other)
        self._frames = Frames()
        wanted = bytes((_ADDRESS, 6)) + socket.inet_aton(address)
        self._lcp = _Negotiation(_LCP, self._transmit, _NO_CONTROL_CHARACTERS, _judge_link)
        self._ipcp = _Negotiation(_IPCP, self._transmit, wanted, self._judge_address)

    @property
    def is_up(self):
        """Whether packets get through."""
        return self._lcp.is_open and self._ipcp.is_open

    def receive(self, data):
        """Bytes have come over the line."""
        for protocol, payload in self._frames.feed(data):
            if protocol == _IP:
                if self.is_up:
                    self._deliver(payload)
            elif protocol in (_LCP, _IPCP):
                self._control(self._lcp if protocol == _LCP else self._ipcp, payload)
            else:
                rejected = struct.pack(">H", protocol) + payload
                self._lcp.send(_PROTOCOL_REJECT, 0, rejected)

    def transmit(self, packet):
        """Send an IPv4 packet; it is lost while the link is down."""
        if self.is_up:
            self._transmit(_IP, packet)

    def _transmit(self, protocol, payload):
        # Before both have agreed, and for LCP ever after (RFC 1662 7).
        self._send(frame(protocol, payload, protocol == _LCP or not self._lcp.is_open))

    def _control(self, negotiation, payload):
        if len(payload) < 4:
            return
        code, identifier, size = struct.unpack_from(">BBH", payload)
        body = payload[4:size]
        if code == _REQUEST:
            if negotiation.is_open:  # the other end begins anew
                self._down(negotiation)
            negotiation.requested(identifier, body)
        elif code in (_ACK, _NAK, _REJECT):
            negotiation.answered(code, identifier)
        elif code == _END:
            self._down(negotiation)
            negotiation.send(_END_ACK, identifier)
        elif code == _ECHO and negotiation is self._lcp:
            negotiation.send(_ECHO_REPLY, identifier, bytes(4) + body[4:])

    def _down(self, negotiation):
        if negotiation is self._lcp:
            self._lcp.reset()
        self._ipcp.reset()

    def _judge_address(self, kind, value):
        if kind != _ADDRESS:
            return _REJECT, value
        return (_ACK if value == self._other else _NAK), self._other


def _judge_link(kind, value):
    return (_ACK if kind in _LCP_OPTIONS else _REJECT), value
