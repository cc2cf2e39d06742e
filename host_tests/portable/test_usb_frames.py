"""The codec of frames on a serial line: every byte, every cut, everything broken."""

from expect import equal
from firn import usb_frames as frames

EVERY = bytes(range(256))


def decoder(longest=600):
    text = []
    return frames.Decoder(longest, text.append), text


def test_a_frame_comes_back_as_it_was():
    for escaped in (frames.TO_HOST, frames.TO_DEVICE):
        for payload in (b"", b"x", EVERY, EVERY * 2, b"\xfa\xba\xfa\x43", bytes(100)):
            wire = frames.encode(frames.DATA, 5, 63, 0, 64, payload, escaped)
            equal(frames.decode(wire[1:-1]), (frames.DATA, 5, 63, 0, 0, payload))


def test_a_known_frame():
    wire = frames.encode(frames.PING, 0, 1, 2, 0, b"ab")
    equal(wire, b"\xf8P0120ab" + frames.binascii.crc32(b"P0120ab").to_bytes(4, "little") + b"\xf9")


def test_no_interrupt_and_nothing_a_prompt_acts_upon_goes_to_the_device():
    for start in range(0, 256, 3):
        wire = frames.encode(
            frames.DATA, 1, 2, 3, 4, EVERY[start:] + EVERY[:start], frames.TO_DEVICE
        )
        for byte in (1, 2, 3, 4, 5, 10, 13):
            assert byte not in wire, byte
        equal([wire.count(mark) for mark in (frames.BEGIN, frames.END)], [1, 1])


def test_marks_occur_only_as_marks_on_the_way_to_the_computer():
    wire = frames.encode(frames.DATA, 1, 2, 3, 4, EVERY, frames.TO_HOST)
    equal([wire.count(mark) for mark in (frames.BEGIN, frames.END)], [1, 1])
    assert b"\n" in wire


def test_a_payload_may_be_a_memoryview():
    view = memoryview(EVERY)[10:20]
    wire = frames.encode(frames.DATA, 1, 0, 0, 0, view)
    equal(frames.decode(wire[1:-1])[5], EVERY[10:20])


def test_text_and_frames_are_told_apart_wherever_the_line_is_cut():
    one = frames.encode(frames.DATA, 1, 0, 0, 0, EVERY)
    two = frames.encode(frames.ACK, 0, 1, 0, 0, b"")
    line = "äöü\r\n".encode() + one + b"more" + two + b"end"
    for size in (1, 2, 3, 5, 17, 100, len(line)):
        found, text = decoder()
        got = []
        for at in range(0, len(line), size):
            got += found.feed(line[at : at + size])
        equal([frame[0] for frame in got], [frames.DATA, frames.ACK])
        equal(b"".join(text), "äöü\r\nmoreend".encode())


def test_a_changed_or_lost_byte_makes_a_frame_broken_and_no_other():
    wire = frames.encode(frames.DATA, 1, 0, 0, 0, b"some payload\xfa\x03", frames.TO_DEVICE)
    after = frames.encode(frames.ACK, 0, 1, 0, 0, b"")
    for at in range(len(wire)):
        for instead in (b"", b"?", frames.BEGIN, frames.END, frames.ESCAPE):
            changed = wire[:at] + instead + wire[at + 1 :]
            if changed == wire:
                continue
            got = decoder()[0].feed(changed + after)
            good = [frame for frame in got if frame]
            # Without the first END, the next frame's BEGIN ends it.
            equal(good, [(frames.ACK, 0, 1, 0, 0, b"")], "%d %r" % (at, instead))


def test_what_never_ends_is_given_up():
    found, text = decoder(100)
    equal(found.feed(frames.BEGIN + b"x" * 101), [None])
    equal(found.feed(b"text"), [])
    equal(text, [b"text"])


def test_short_and_senseless_frames_are_broken():
    for body in (b"", b"x", b"\xfa", b"12345678", b"D0000\xfa"):
        equal(frames.decode(body), None)
    head = b"D\x00000"
    equal(frames.decode(head + frames.binascii.crc32(head).to_bytes(4, "little")), None)


def test_numbers_tell_which_frames_are_missing():
    numbers = frames.Numbers()
    equal(list(numbers.received(0)), [])
    equal(list(numbers.received(1)), [])
    equal(list(numbers.received(4)), [2, 3])
    for number in range(5, 64):
        equal(list(numbers.received(number)), [])
    equal(list(numbers.received(1)), [0])
    for channel in (3, 0, 7):
        numbers.sent(channel)
    equal([numbers.channel_of(number) for number in (0, 1, 2)], [3, 0, 7])
