"""The other end of a PPP link that the tests have: frames and what is agreed on."""

import struct

import pytest
from ppp import Frames, Link, checksum, frame

LCP, IPCP = 0xC021, 0x8021
REQUEST, ACK, NAK, REJECT, END, END_ACK = 1, 2, 3, 4, 5, 6
HERE, THERE = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))


def packet(code, identifier=1, body=b""):
    return struct.pack(">BBH", code, identifier, 4 + len(body)) + body


class Other:
    """What a Link says and delivers; ``said`` gives the frames since it was last asked."""

    def __init__(self):
        self.line = Frames()
        self.frames = []
        self.packets = []
        self.link = Link(self.heard, self.packets.append, "10.0.0.1", "10.0.0.2")

    def heard(self, data):
        self.frames += self.line.feed(data)

    def say(self, protocol, *arguments):
        self.link.receive(frame(protocol, packet(*arguments)))
        found, self.frames = self.frames, []
        return found

    def agree(self, protocol, body=b""):
        """Ask for ``body`` and accept what the link asks for."""
        answers = self.say(protocol, REQUEST, 1, body)
        asked = [payload for _, payload in answers if payload[0] == REQUEST]
        self.say(protocol, ACK, asked[0][1], asked[0][4:])

    def open(self):
        self.agree(LCP)
        self.agree(IPCP, b"\x03\x06" + THERE)


@pytest.fixture
def other():
    return Other()


def test_the_checksum_is_that_of_the_standard():
    assert checksum(b"123456789") ^ 0xFFFF == 0x906E  # the check value of CRC-16/X-25


@pytest.mark.parametrize("escape_control", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 300])
def test_frames_come_whole_out_of_any_pieces(size, escape_control):
    data = bytes(range(256)) * 2
    line = frame(0x21, data, escape_control) + b"noise~" + frame(LCP, b"end")
    frames = Frames()
    found = [one for at in range(0, len(line), size) for one in frames.feed(line[at : at + size])]
    assert found == [(0x21, data), (LCP, b"end")]


def test_a_frame_with_a_wrong_bit_is_dropped():
    line = bytearray(frame(0x21, b"abc"))
    line[6] ^= 1
    assert Frames().feed(bytes(line)) == []


def test_short_headers_are_understood():
    payload = b"\x21abc"
    data = payload + struct.pack("<H", checksum(payload) ^ 0xFFFF)
    assert Frames().feed(b"~" + data + b"~") == [(0x21, b"abc")]


def test_packets_pass_once_both_sides_have_agreed(other):
    other.link.receive(frame(0x21, b"early"))
    other.link.transmit(b"early")
    assert (other.packets, other.frames, other.link.is_up) == ([], [], False)
    other.open()
    assert other.link.is_up
    other.link.receive(frame(0x21, b"in"))
    other.link.transmit(b"out")
    assert (other.packets, other.frames) == ([b"in"], [(0x21, b"out")])


def test_the_other_end_is_told_its_address(other):
    other.agree(LCP)
    answer = other.say(IPCP, REQUEST, 7, b"\x03\x06\0\0\0\0")
    assert answer == [(IPCP, packet(NAK, 7, b"\x03\x06" + THERE))]
    answers = other.say(IPCP, REQUEST, 8, b"\x03\x06" + THERE)
    assert answers[0] == (IPCP, packet(ACK, 8, b"\x03\x06" + THERE))
    assert answers[1][1][4:] == b"\x03\x06" + HERE


def test_options_that_are_unknown_are_rejected_with_their_values(other):
    body = b"\x01\x04\x05\xdc" + b"\x63\x03x" + b"\x05\x06abcd"
    assert other.say(LCP, REQUEST, 3, body) == [(LCP, packet(REJECT, 3, b"\x63\x03x"))]


def test_an_option_without_an_end_is_no_harm(other):
    assert other.say(LCP, REQUEST, 3, b"\x01\x09ab")[0] == (LCP, packet(ACK, 3))
    assert other.say(LCP, REQUEST, 3, b"\x01\x00ab")[0] == (LCP, packet(ACK, 3))


def test_what_the_other_end_rejects_is_not_asked_for_again(other):
    answers = other.say(LCP, REQUEST, 1)
    assert answers[1] == (LCP, packet(REQUEST, 1, bytes((2, 6, 0, 0, 0, 0))))
    assert other.say(LCP, REJECT, 1, answers[1][1][4:]) == [(LCP, packet(REQUEST, 2))]


def test_an_answer_to_something_else_is_not_taken(other):
    other.say(LCP, REQUEST, 1)
    assert other.say(LCP, ACK, 99) == []
    other.agree(IPCP, b"\x03\x06" + THERE)
    assert not other.link.is_up


def test_a_request_that_is_repeated_is_answered_again(other):
    first = other.say(LCP, REQUEST, 1)
    assert [payload[0] for _, payload in first] == [ACK, REQUEST]
    assert [payload[0] for _, payload in other.say(LCP, REQUEST, 2)] == [ACK, REQUEST]


def test_the_other_end_may_begin_anew(other):
    for _ in range(3):
        other.open()
        assert other.link.is_up
        other.say(LCP, REQUEST, 9)
        assert not other.link.is_up


def test_the_end_is_acknowledged(other):
    other.open()
    assert other.say(LCP, END, 5) == [(LCP, packet(END_ACK, 5))]
    assert not other.link.is_up


def test_echoes_are_answered_without_a_magic_number(other):
    other.open()
    body = b"\x12\x34\x56\x78data"
    assert other.say(LCP, 9, 4, body) == [(LCP, packet(10, 4, bytes(4) + b"data"))]


def test_an_unknown_protocol_is_rejected(other):
    assert other.say(0x8057, REQUEST) == [(LCP, packet(8, 0, b"\x80\x57" + packet(REQUEST)))]
