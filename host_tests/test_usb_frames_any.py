"""The frames' codec with any payload, any text around it, and any cut of the line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from firn import usb_frames as frames

NUMBER = st.integers(0, frames.NUMBERS - 1)
FRAME = st.tuples(
    st.sampled_from(sorted(b"HWODCERAPLN")),
    NUMBER,
    NUMBER,
    NUMBER,
    NUMBER,
    st.binary(max_size=300),
)
TEXT = st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace"))


def cut(line, cuts):
    at = 0
    for count in cuts:
        yield line[at : at + count]
        at += count
    yield line[at:]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXT, FRAME), max_size=5), TEXT, st.lists(st.integers(1, 40)),
       st.sampled_from([frames.TO_HOST, frames.TO_DEVICE]))  # fmt: skip
def test_what_goes_in_comes_out(parts, end, cuts, escaped):
    line = b"".join(text + frames.encode(*frame, escaped) for text, frame in parts) + end
    text = []
    decoder = frames.Decoder(1000, text.append)
    found = [frame for piece in cut(line, cuts) for frame in decoder.feed(piece)]
    assert found == [frame for _text, frame in parts]
    assert b"".join(text) == b"".join(text for text, _frame in parts) + end


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=100)))
def test_noise_gives_no_frame_and_no_error(pieces):
    decoder = frames.Decoder(50)
    for piece in pieces:
        assert [frame for frame in decoder.feed(piece) if frame] == []
