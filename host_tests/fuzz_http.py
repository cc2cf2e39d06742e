"""Coverage-guided fuzzing of microdot.http: ``python host_tests/fuzz_http.py [CORPUS_DIR ...]``.

Needs atheris; without it ``test_fuzz_http.py`` checks the same invariant with other bytes.
Whatever the bytes and however they are split: heads and bodies, or a ProtocolError, and the same
for every split. Seeds are the requests of the corpus; ``-max_total_time=SECONDS`` ends it.
"""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_MAX_MESSAGES = 50

if __name__ == "__main__":
    for folder in ("frozen", "host_tests", "host_tests/portable"):
        sys.path.insert(0, str(_ROOT / folder))
    import atheris

    with atheris.instrument_imports(include=["microdot"]):
        from microdot.http import ProtocolError, parse_head
        from microdot.streams import body_decoder
else:
    from microdot.http import ProtocolError, parse_head
    from microdot.streams import body_decoder


def read(pieces):
    """What a connection's bytes mean: heads and bodies in their order, and how it ends.

    A list of (head's values, body, whether the body is whole), after a refusal its status.
    """
    pieces = list(pieces)
    messages = []
    data = b""
    while len(messages) < _MAX_MESSAGES:
        while b"\r\n\r\n" not in data:
            if not pieces:
                return messages
            data += pieces.pop(0)
        end = data.index(b"\r\n\r\n")
        try:
            head = parse_head(data[:end])
        except ProtocolError as error:
            messages.append(_status(error))
            return messages
        check_head(head, data[:end])
        data = data[end + 4 :]
        body = b""
        decoder = body_decoder(head)
        if decoder:
            try:
                while True:
                    body += decoder.feed(data)
                    data = b""
                    if decoder.done or not pieces:
                        break
                    data = pieces.pop(0)
            except ProtocolError as error:
                messages.append((_values(head), _status(error)))
                return messages
            data = decoder.rest
        whole = decoder is None or decoder.done
        messages.append((_values(head), body, whole))
        if not whole:
            return messages
    return messages


def check_head(head, data):
    """What holds for every head that is let through."""
    assert head.version in (0, 1)
    assert head.url[:1] == "/" or (head.url, head.method) == ("*", "OPTIONS"), head.url
    assert head.url.isascii() and head.url.isprintable() and " " not in head.url
    assert not (head.chunked and head.content_length is not None)
    assert head.content_length is None or 0 <= head.content_length < 10**15
    lower = b"\r\n" + data.lower()
    assert (b"\r\ntransfer-encoding:" in lower) == head.chunked
    assert (b"\r\ncontent-length:" in lower) == (head.content_length is not None)
    hosts = lower.count(b"\r\nhost:")
    assert hosts == 1 or (hosts == 0 and head.version == 0)
    assert b"\r\n".join(head.lines) == data.partition(b"\r\n")[2]
    for line in head.lines:
        assert b":" in line and line[0] > 32 and b"\n" not in line and b"\r" not in line


def _status(error):
    assert error.status in (400, 413, 417, 431, 501, 505), error.status
    assert error.reason
    return error.status


def _values(head):
    return (
        head.method, head.url, head.version, tuple(head.lines), head.content_length,
        head.chunked, head.keep_alive, head.expect_continue,
    )  # fmt: skip


def cut(data, places):
    """``data`` in pieces, cut at ``places``."""
    places = sorted({place for place in places if 0 < place < len(data)})
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)])]


def check(data, places):
    """The invariant: whole, byte by byte, and cut at ``places``, ``data`` means the same."""
    whole = read([data])
    for pieces in (cut(data, places), cut(data, range(len(data)))):
        got = read(pieces)
        assert got == whole, "expected %r, got %r from %r" % (whole, got, pieces)


def one_input(data):
    """For the fuzzer: two bytes say where to cut the rest."""
    if len(data) > 2:
        data, places = data[2:], data[:2]
        check(data, (places[0], places[1], 2 * places[0], len(data) - places[1]))


def write_seeds(folder):
    """Write the requests of the corpus as seeds into ``folder``."""
    from corpus import CASES

    folder.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(CASES):
        (folder / ("seed%03d" % number)).write_bytes(b"\x10\x07" + b"".join(case.send)[:2000])


def main():
    folders = [argument for argument in sys.argv[1:] if argument[:1] != "-"]
    if not folders:
        folder = _ROOT / "build" / "fuzz_http"
        sys.argv.append(str(folder))
        folders.append(folder)
    write_seeds(Path(folders[0]))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
