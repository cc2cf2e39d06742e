"""Every fuzz target for a bounded number of inputs; the engines and what they say of a find."""

import os
import re
import subprocess
import sys

import fuzz
import fuzz_connection
import fuzz_http
import fuzz_oracle
import h11
import pytest
from corpus import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

_SEEDS = [b"".join(case.send)[: fuzz_http.MAX_LENGTH] for case in CASES]
# Inputs per target and engine; the guided engine is slower where there is more to watch.
_RUNS = {"http": 30000, "connection": 3000, "texts": 60000, "templates": 10000}
_RUNNING = 800  # seconds; ten to twenty if the machine has nothing else to do
_LARGEST = 200 * 1024  # bytes of all that is kept


def run(*arguments, folder, before=""):
    """Run the command in a process of its own, after the Python ``before``."""
    code = before + "import sys, fuzz; sys.argv[0] = fuzz.__file__; fuzz.main()"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        [*command, *arguments], text=True, timeout=_RUNNING, cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=dict(os.environ, PYTHONPATH="%s:%s" % (fuzz.ROOT / "host_tests", folder),
                 PYTHONHASHSEED="0", TMPDIR=str(folder)),
    )  # fmt: skip


@pytest.mark.timeout(_RUNNING + 100)
@pytest.mark.parametrize("engine", sorted({"plain", fuzz.available_engine()}))
@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_the_fuzzer_finds_nothing(name, engine, tmp_path):
    runs = _RUNS[name]
    done = run(name, "--engine", engine, "--runs", str(runs), "--fresh", folder=tmp_path)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "Done %d runs" % runs in done.stdout
    # That it is guided by what is tested.
    assert engine == "plain" or "NEW" in done.stdout or "REDUCE" in done.stdout


BROKEN = """
MAX_LENGTH = 20
WORDS = (b"needle", b"hay")
def seeds():
    return [b"hay"]
def one_input(data):
    if b"needle" in data:
        raise KeyError("found")
"""


@pytest.mark.parametrize("engine", sorted({"plain", fuzz.available_engine()}))
def test_an_input_that_breaks_is_shown_and_kept_and_can_be_run_again(engine, tmp_path):
    (tmp_path / "fuzz_broken.py").write_text(BROKEN)
    code = "import fuzz; fuzz.TARGETS += ('broken',); fuzz.INSTRUMENTED += ['fuzz_broken']; "
    options = ("--engine", engine, "--runs", "100000", "--fresh")
    found = run("broken", *options, folder=tmp_path, before=code)
    assert found.returncode != 0
    assert "KeyError: 'found'" in found.stdout
    assert re.search(r"breaks with this input:\nb'.*needle.*'\n", found.stdout), found.stdout
    file = re.search(r"(?m)^It is kept in (\S+)$", found.stdout).group(1)
    again = run("broken", "--input", file, folder=tmp_path, before=code)
    assert again.returncode != 0 and "KeyError: 'found'" in again.stdout
    (tmp_path / "good").write_bytes(b"hay")
    good = run("broken", "--input", str(tmp_path / "good"), folder=tmp_path, before=code)
    assert (good.returncode, good.stdout) == (0, "")


def test_what_is_kept_is_small_and_in_order():
    assert {path.stem for path in fuzz.CORPUS.iterdir()} == set(fuzz.TARGETS)
    assert sum(path.stat().st_size for path in fuzz.CORPUS.iterdir()) < _LARGEST
    for name in fuzz.TARGETS:
        inputs = fuzz.kept(name)
        assert len(inputs) > 50
        assert inputs == sorted(set(inputs), key=lambda data: (len(data), data))


# Whole and split: more ways than the targets try


@pytest.mark.parametrize("number", range(0, len(_SEEDS), 16))
def test_every_request_of_the_corpus_means_one_thing_in_every_split(number):
    for data in _SEEDS[number : number + 16]:
        places = range(1, len(data)) if len(data) < 200 else range(1, len(data), 97)
        for place in places:
            fuzz_http.check(data, (place,))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_request_with_mistakes_means_one_thing_in_every_split(data):
    request = bytearray(data.draw(st.sampled_from(_SEEDS)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(request)))
        end = min(len(request), at + data.draw(st.integers(0, 3)))
        request[at:end] = data.draw(st.sampled_from(fuzz_http.WORDS))
    places = data.draw(st.lists(st.integers(0, max(1, len(request))), max_size=6))
    fuzz_http.check(bytes(request), places)
    fuzz_connection.check(bytes(request), places)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(fuzz_http.WORDS), max_size=30),
    st.lists(st.integers(0, 300), max_size=6),
)
def test_words_of_the_protocol_in_any_order_mean_one_thing_in_every_split(words, places):
    fuzz_http.check(b"".join(words), places)


# That the targets would notice


_POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET"
_HEADERS = [(b"Host", b"a"), (b"Content-Length", b"3")]
_LINE = ("POST", "/", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        fuzz_oracle.Message(*_LINE, _HEADERS, None, b"ab", b"cGET"),
        fuzz_oracle.Message(*_LINE, _HEADERS, None, b"abc", b"ET"),
        fuzz_oracle.Message(*_LINE, _HEADERS[:1], None, b"abc", b"GET"),
        fuzz_oracle.Message("PUT", "/", 1, _HEADERS, None, b"abc", b"GET"),
        fuzz_oracle.Message("POST", "/a", 1, _HEADERS, None, b"abc", b"GET"),
        fuzz_oracle.Message("POST", "/", 0, _HEADERS, None, b"abc", b"GET"),
        fuzz_oracle.Message(*_LINE, _HEADERS, "incomplete", b"abc"),
        fuzz_oracle.Message(error="bad method"),
    ],
)
def test_a_difference_to_h11_is_noticed(wrong):
    with pytest.raises(AssertionError):
        fuzz_oracle.compare(_POST, wrong)


def test_the_same_is_no_difference_to_h11():
    same = fuzz_oracle.Message(*_LINE, _HEADERS, None, b"abc", b"GET")
    assert fuzz_oracle.compare(_POST, same) == b"GET"
    assert fuzz_oracle.compare(b"\r\nGET", same) == b"GET"


def test_what_h11_refuses_must_not_be_accepted():
    head = b"GET / HTTP/1.1\r\nX: a\r\n\r\n"
    accepted = fuzz_oracle.Message("GET", "/", 1, [(b"X", b"a")])
    with pytest.raises(AssertionError, match="Missing mandatory Host"):
        fuzz_oracle.compare(head, accepted)


_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
_CLOSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_answers_are_read_as_a_client_does():
    answers = list(fuzz_connection.answers(_OK + _OK + _CLOSED, ["GET", "POST"]))
    assert answers == [(200, b"a"), (200, b"a"), fuzz_connection.REFUSED]


@pytest.mark.parametrize(
    ("written", "methods"),
    [
        (_OK + _OK, ["GET"]),  # an answer that nobody asked for, which closes nothing
        (_OK + b"a", ["GET", "GET"]),
        (_CLOSED + _OK, ["GET", "GET"]),
        (_OK[:-1], ["GET"]),
        (b"HTTP/1.1 500 Internal\r\nContent-Length: 0\r\n\r\n", ["GET"]),
        (_OK, ["HEAD"]),
    ],
)
def test_wrong_answers_are_noticed(written, methods):
    with pytest.raises((AssertionError, h11.RemoteProtocolError)):
        list(fuzz_connection.answers(written, methods))
