"""microdot.websocket_frames: what frames become, however they arrive."""

from websocket_wire import close_frame, frame

from expect import equal, raises
from microdot import websocket_frames as frames

LONG = b"longer than a piece, " * 20

# What the client sends, and the messages and control frames in it.
VALID = [
    (b"", []),
    (frame(1, "Hello"), [(1, "Hello")]),
    (frame(1, "Hello", mask=b"\0\0\0\0"), [(1, "Hello")]),
    (frame(1), [(1, "")]),
    (frame(2), [(2, b"")]),
    (frame(2, b"\0\xff\x80"), [(2, b"\0\xff\x80")]),
    (frame(1, "a") + frame(2, b"b") + frame(1, "c"), [(1, "a"), (2, b"b"), (1, "c")]),
    (frame(1, "a", fin=False) + frame(0, "b"), [(1, "ab")]),
    (frame(1, "a", fin=False) + frame(0, "b", fin=False) + frame(0, "c"), [(1, "abc")]),
    (frame(2, b"", fin=False) + frame(0, b"", fin=False) + frame(0), [(2, b"")]),
    (frame(1, "", fin=False) + frame(0, "x"), [(1, "x")]),
    (frame(1, "x", fin=False) + frame(9, b"p") + frame(0, "y"), [(9, b"p"), (1, "xy")]),
    (frame(9), [(9, b"")]),
    (frame(10, b"\xff" * 125), [(10, b"\xff" * 125)]),
    (frame(8), [(8, b"")]),
    (frame(8, b"\x03\xe8bye"), [(8, b"\x03\xe8bye")]),
    (frame(2, b"x" * 125), [(2, b"x" * 125)]),
    (frame(2, b"x" * 126), [(2, b"x" * 126)]),
    (frame(1, "x" * 127), [(1, "x" * 127)]),
    (frame(2, LONG), [(2, LONG)]),
    (frame(1, LONG, fin=False) + frame(0, LONG), [(1, (LONG + LONG).decode())]),
    (frame(1, "κόσμε €𝄞"), [(1, "κόσμε €𝄞")]),
    # Characters cut at every place.
    (frame(1, b"\xce", fin=False) + frame(0, b"\xba"), [(1, "κ")]),
    (frame(1, b"\xe2\x82", fin=False) + frame(0, b"\xac"), [(1, "€")]),
    (frame(1, b"\xf0", fin=False) + frame(0, b"\x9d\x84", fin=False) + frame(0, b"\x9e"),
     [(1, "𝄞")]),
]  # fmt: skip


def decode(*pieces, limit=0):
    """All that is in the pieces."""
    decoder = frames.MessageDecoder(limit)
    found = []
    for piece in pieces:
        decoder.feed(piece)
        while True:
            item = decoder.next()
            if item is None:
                break
            found.append(item)
    return found


def test_messages_and_control_frames():
    for data, expected in VALID:
        equal(decode(data), expected, data[:20])


def test_the_same_byte_by_byte():
    for data, expected in VALID:
        equal(decode(*[data[i : i + 1] for i in range(len(data))]), expected, data[:20])


def test_the_same_split_at_any_place():
    for data, expected in VALID:
        for at in range(1, min(len(data), 40)):
            equal(decode(data[:at], data[at:]), expected, (data[:20], at))


def test_many_frames_in_one_piece_and_one_frame_across_pieces():
    data = b"".join([data for data, _ in VALID])
    expected = []
    for _, found in VALID:
        expected += found
    equal(decode(data), expected)
    for size in (3, 7, 64, 1460):
        equal(decode(*[data[i : i + size] for i in range(0, len(data), size)]), expected, size)


def test_unmasking_is_a_byte_wise_exclusive_or():
    for mask in (b"\1\2\3\4", b"\xff\0\x80\x7f", b"\0\0\0\0"):
        for size in (1, 2, 3, 4, 5, 125, 255, 256, 257, 1025):
            data = bytes([i * 7 & 255 for i in range(size)])
            expected = bytes([byte ^ mask[at & 3] for at, byte in enumerate(data)])
            equal(frames.unmask(data, mask), expected, size)


def test_long_messages_arrive_whole():
    text = "€uro " * 1000
    data = frame(1, text)
    for size in (100, 1460, len(data)):
        equal(decode(*[data[i : i + size] for i in range(0, len(data), size)]), [(1, text)], size)


def test_a_message_in_many_tiny_fragments_takes_twice_its_size_at_most():
    decoder = frames.MessageDecoder(0)
    decoder.feed(frame(1, "a", fin=False))
    for _ in range(999):
        decoder.next()
        decoder.feed(frame(0, "b", fin=False))
    equal(decoder.next(), None)
    assert len(decoder._buffer) <= 2000
    decoder.feed(frame(0, "c"))
    equal(decoder.next(), (1, "a" + 999 * "b" + "c"))
    equal(len(decoder._buffer), 0)


def test_memory_is_taken_for_what_has_come_and_not_for_what_was_announced():
    decoder = frames.MessageDecoder(0)
    decoder.feed(b"\x82\xff\x00\x00\x00\x00\x7f\xff\xff\xff\1\2\3\4" + 100 * b"x")
    equal(decoder.next(), None)
    assert len(decoder._buffer) <= 200


def test_heads_of_sent_frames():
    for size, head in (
        (0, b"\x82\x00"),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (300, b"\x82\x7e\x01\x2c"),
    ):
        equal(frames.encode_frame(2, b"x" * size), head + b"x" * size, size)


def test_close_frames():
    equal(frames.encode_close(1000), b"\x88\x02\x03\xe8")
    equal(frames.encode_close(1005), b"\x88\x00")
    equal(frames.encode_close(4999, "bye"), b"\x88\x05\x13\x87bye")
    # A reason is cut to 123 bytes, and not inside a character.
    cut = frames.encode_close(1000, "é" * 100)
    equal(cut, b"\x88\x7c\x03\xe8" + ("é" * 61).encode())
    equal(frames.parse_close(b""), (1005, ""))
    equal(frames.parse_close(b"\x03\xe9"), (1001, ""))
    equal(decode(close_frame(3000, "é")), [(8, b"\x0b\xb8\xc3\xa9")])
    equal(frames.parse_close(b"\x0b\xb8\xc3\xa9"), (3000, "é"))


def test_close_codes():
    valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
    for code in valid + [3000, 3999, 4000, 4999]:
        assert frames.is_close_code(code), code
        equal(frames.parse_close(code.to_bytes(2, "big")), (code, ""))
    for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        assert not frames.is_close_code(code), code
        error = raises(frames.FrameError, frames.parse_close, code.to_bytes(2, "big"))
        equal(error.code, 1002)
    equal(raises(frames.FrameError, frames.parse_close, b"\x03").code, 1002)
    equal(raises(frames.FrameError, frames.parse_close, b"\x03\xe8\xff").code, 1007)
