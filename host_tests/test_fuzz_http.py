"""Any bytes in any splits mean one thing to microdot.http, or are refused."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import fuzz_http
import pytest
from corpus import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

_SEEDS = [b"".join(case.send)[:1500] for case in CASES]
_WORDS = (
    b"\r\n", b"\r", b"\n", b"\r\n\r\n", b" ", b"\t", b":", b";", b",", b"\0", b"0", b"1", b"a",
    b"Host: a", b"GET / HTTP/1.1", b"POST / HTTP/1.1", b"HTTP/1.0", b"Content-Length: 1",
    b"Transfer-Encoding: chunked", b"Connection: close", b"Expect: 100-continue", b"\xff", b"X: y",
)  # fmt: skip


@pytest.mark.parametrize("number", range(0, len(_SEEDS), 8))
def test_every_request_of_the_corpus_means_one_thing_in_every_split(number):
    for data in _SEEDS[number : number + 8]:
        places = range(1, len(data)) if len(data) < 200 else range(1, len(data), 97)
        for place in places:
            fuzz_http.check(data, (place,))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_request_with_mistakes_means_one_thing_in_every_split(data):
    request = bytearray(data.draw(st.sampled_from(_SEEDS)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(request)))
        end = min(len(request), at + data.draw(st.integers(0, 3)))
        request[at:end] = data.draw(st.sampled_from(_WORDS))
    places = data.draw(st.lists(st.integers(0, max(1, len(request))), max_size=6))
    fuzz_http.check(bytes(request), places)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=30), st.lists(st.integers(0, 300), max_size=6))
def test_words_of_the_protocol_in_any_order_mean_one_thing_in_every_split(words, places):
    fuzz_http.check(b"".join(words), places)


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris: not installed")
@pytest.mark.timeout(120)
def test_the_fuzzer_finds_nothing_in_a_few_seconds(tmp_path):
    script = Path(fuzz_http.__file__)
    command = [sys.executable, str(script), "-max_total_time=15", "-timeout=10", "-max_len=2000"]
    done = subprocess.run(
        [*command, str(tmp_path / "seeds")], capture_output=True, text=True, cwd=tmp_path,
        timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    # That it has run at all, and saw the code it is guided by.
    assert "Done" in done.stderr and "cov:" in done.stderr, done.stderr[-3000:]
