"""microdot.websocket_frames: what is refused, with which code, and how soon."""

from websocket_wire import frame

from expect import equal, raises
from microdot import websocket_frames as frames

# Malformed frames, the code they are refused with, and at which byte they are recognised.
REFUSED = [
    # RSV bits (section 5.2)
    (b"\xc1\x80", 1002, 2),
    (b"\xa1\x80", 1002, 2),
    (b"\x91\x80", 1002, 2),
    (b"\xf9\x80", 1002, 2),
    # unknown opcodes
    (b"\x83\x80", 1002, 2),
    (b"\x84\x80", 1002, 2),
    (b"\x85\x80", 1002, 2),
    (b"\x86\x80", 1002, 2),
    (b"\x87\x80", 1002, 2),
    (b"\x8b\x80", 1002, 2),
    (b"\x8c\x80", 1002, 2),
    (b"\x8d\x80", 1002, 2),
    (b"\x8e\x80", 1002, 2),
    (b"\x8f\x80", 1002, 2),
    (b"\x0b\x80", 1002, 2),
    # unmasked (section 5.1)
    (b"\x81\x05Hello", 1002, 2),
    (b"\x88\x00", 1002, 2),
    (b"\x89\x7d", 1002, 2),
    # control frames (section 5.5)
    (b"\x09\x80", 1002, 2),
    (b"\x0a\x80", 1002, 2),
    (b"\x08\x80", 1002, 2),
    (b"\x89\xfe\x00\x7e", 1002, 2),
    (b"\x88\xff", 1002, 2),
    # fragments (section 5.4)
    (b"\x80\x80", 1002, 2),
    (b"\x00\x80", 1002, 2),
    (frame(1, "a", fin=False) + b"\x81\x80", 1002, 9),
    (frame(2, b"a", fin=False) + b"\x02\x80", 1002, 9),
    (frame(1, "a", fin=False) + frame(0, "b") + b"\x80\x80", 1002, 16),
    # lengths (section 5.2)
    (b"\x82\xfe\x00\x7d", 1002, 4),
    (b"\x82\xfe\x00\x00", 1002, 4),
    (b"\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff", 1002, 10),
    (b"\x82\xff\x00\x00\x00\x00\x00\x00\x00\x05", 1002, 10),
    (b"\x82\xff\x80\x00\x00\x00\x00\x01\x00\x00", 1002, 10),
    (b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff", 1002, 10),
    # the limit, which is 1000 bytes here
    (b"\x82\xfe\x03\xe9\1\2\3\4", 1009, 8),
    (b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00\1\2\3\4", 1009, 14),
    (b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4", 1009, 14),
    (frame(2, b"x" * 600, fin=False) + b"\x80\xfe\x01\x91\1\2\3\4", 1009, 616),
    (frame(2, b"x" * 600, fin=False) + b"\x00\xfe\x01\x91\1\2\3\4", 1009, 616),
]

# Bytes that are no UTF-8, and how many of them it takes to know (RFC 3629).
NO_UTF8 = [
    (b"\x80", 1),
    (b"\xbf", 1),
    (b"\xff", 1),
    (b"\xfe", 1),
    (b"\xc0\x80", 1),
    (b"\xc1\xbf", 1),
    (b"\xe0\x80\x80", 2),
    (b"\xe0\x9f\xbf", 2),
    (b"\xf0\x80\x80\x80", 2),
    (b"\xf0\x8f\xbf\xbf", 2),
    (b"\xed\xa0\x80", 2),
    (b"\xed\xbf\xbf", 2),
    (b"\xf4\x90\x80\x80", 2),
    (b"\xf5\x80\x80\x80", 1),
    (b"\xf8\x88\x80\x80\x80", 1),
    (b"\xfc\x84\x80\x80\x80\x80", 1),
    (b"\xc3\x28", 2),
    (b"\xe2\x28\xa1", 2),
    (b"\xe2\x82\x28", 3),
    (b"\xf0\x90\x28\xbc", 3),
    (b"\xce\xba\xe1\xbd\xb9\xf4\x90", 7),
]
VALID = ["\x00", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffe", "\uffff",
         "\U00010000", "\U0010ffff", "\U0001f600\u00e9\u0800x"]  # fmt: skip


def feed(decoder, data):
    decoder.feed(data)
    while decoder.next() is not None:
        pass


def refusal(data, limit=1000):
    """(code, bytes that it took) of what refuses ``data``, fed byte by byte."""
    decoder = frames.MessageDecoder(limit)
    for at in range(len(data)):
        try:
            feed(decoder, data[at : at + 1])
        except frames.FrameError as error:
            return error.code, at + 1
    return None


def test_malformed_frames_are_refused_at_their_first_wrong_byte():
    for data, code, at in REFUSED:
        equal(refusal(data), (code, at), data[-16:])


def test_malformed_frames_are_refused_in_one_piece():
    for data, code, _ in REFUSED:
        decoder = frames.MessageDecoder(1000)
        error = raises(frames.FrameError, feed, decoder, data + b"trailing")
        equal(error.code, code, data[-16:])
        assert error.reason


def test_without_a_limit_nothing_is_too_long():
    equal(refusal(b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4", 0), None)


def test_a_message_may_be_as_long_as_the_limit():
    equal(refusal(frame(2, b"x" * 1000)), None)
    equal(refusal(frame(1, b"x" * 999, fin=False) + frame(0, b"x")), None)


def test_what_is_no_utf_8_is_refused():
    for data, _ in NO_UTF8:
        for before in (b"", b"abc", "é".encode()):
            for after in (b"", b"abc"):
                error = raises(frames.FrameError, frames.decode_text, before + data + after)
                equal(error.code, 1007, data)


def test_in_a_frame_s_pieces_it_is_refused_as_soon_as_it_is_wrong():
    head = frame(1, b"x" * 100)[:6]
    for data, needed in NO_UTF8:
        data = head + frames.unmask(data + 50 * b"x", head[2:6])
        equal(refusal(data), (1007, 6 + needed), data)


def test_in_fragments_it_is_refused_with_the_fragment_that_is_wrong():
    for data, needed in NO_UTF8:
        decoder = frames.MessageDecoder(0)
        decoder.feed(frame(1, data[: needed - 1], fin=False))
        equal(decoder.next(), None)
        decoder.feed(frame(0, data[needed - 1 : needed], fin=False))
        equal(raises(frames.FrameError, decoder.next).code, 1007, data)


def test_a_character_that_is_cut_off_is_refused():
    for data in (b"\xce", b"\xe2\x82", b"\xf0\x9d\x84", b"abc\xf4\x8f"):
        decoder = frames.MessageDecoder(0)
        decoder.feed(frame(1, data, fin=False))
        equal(decoder.next(), None)
        decoder.feed(frame(0))
        equal(raises(frames.FrameError, decoder.next).code, 1007, data)


def test_all_kinds_of_characters_are_taken():
    for text in VALID:
        data = text.encode()
        equal(frames.decode_text(data), text)
        equal(refusal(frame(1, data)), None)


def test_binary_messages_may_have_any_bytes():
    for data, _ in NO_UTF8:
        equal(refusal(frame(2, data)), None)
