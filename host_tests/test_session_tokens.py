"""Tokens of images and of PyJWT are one kind: each side takes what the other has made."""

import json
import os
import subprocess
import sys
import warnings

import jwt
import pytest

from firn_tools import boards
from microdot.session import Session
from targets import ROOT

pytestmark = pytest.mark.image

KEYS = ["a key of thirty-two bytes, or so", "top-secret", "schl\u00fcssel \U0001f511", "k" * 100]
PAYLOADS = [
    {},
    {"username": "ada"},
    {"n": [0, -1, 2.5, None, True, False], "deep": {"a": {"b": [{}]}}},
    {"text": 'Zo\u00eb \u20ac \U0001f600 "quoted" \\ud83d \\ \n\t\x7f'},
    {"exp": 4000000000, "nbf": 1000000000},
    {"sub": "1", "iss": "me", "jti": "2"},
]

DEVICE = """
import json, sys
from microdot.session import Session
import jwt
for key, token, payload in json.loads(sys.stdin.read()):
    sessions = Session(secret_key=key)
    made = sessions.encode(payload)
    print(json.dumps([sessions.decode(token), made, jwt.encode(payload, key)]))
"""


def on_device(cases):
    """What the image makes of [key, token, payload] each: [decoded, encoded, jwt.encode()]."""
    done = subprocess.run(
        [str(boards.find("UNIX").image), "-c", DEVICE],
        input=json.dumps(cases, ensure_ascii=False),
        env=dict(os.environ, MICROPYPATH=".frozen"),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def test_each_side_takes_the_other_s_tokens():
    cases = [(key, payload) for key in KEYS for payload in PAYLOADS]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokens = [jwt.encode(payload, key, algorithm="HS256") for key, payload in cases]
    results = on_device([[k, t, p] for (k, p), t in zip(cases, tokens)])
    assert len(results) == len(cases)
    for (key, payload), token, (decoded, made, plain) in zip(cases, tokens, results):
        sessions = Session(secret_key=key)
        assert decoded == payload
        assert plain == made
        assert sessions.decode(made) == payload
        assert sessions.decode(token) == payload
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert jwt.decode(made, key, algorithms=["HS256"]) == payload
        # The order of keys and the escaping of non-ASCII are each side's own.
        if len(payload) < 2 and "\\u" not in json.dumps(payload):
            assert made == token == sessions.encode(payload)


def test_neither_side_takes_what_the_other_refuses():
    key = KEYS[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        foreign = jwt.encode({"a": 1}, key, algorithm="HS512")
    good = jwt.encode({"a": 1}, key)
    head, payload, _ = good.split(".")
    bad = [
        "", good[:-1], good + "A", good[1:], head + "." + payload + ".",
        jwt.encode({"a": 1}, None, algorithm="none"), foreign,
        jwt.encode({"a": 1}, key + "."), jwt.encode({"exp": 1}, key),
        jwt.encode({"nbf": 4000000000}, key), "[" * 4000, jwt.encode({"a": "b" * 4000}, key),
    ]  # fmt: skip
    sessions = Session(secret_key=key)
    assert sessions.decode(good) == {"a": 1}
    results = on_device([[key, token, {}] for token in [good, *bad]])
    assert results[0][0] == {"a": 1}
    for token, (decoded, _, _) in zip(bad, results[1:]):
        assert decoded == {}, token
        assert sessions.decode(token) == {}, token


def nested(levels):
    """A token whose header only a parser without a limit could read."""
    import base64

    header = base64.urlsafe_b64encode(b"[" * levels).rstrip(b"=").decode()
    return header + ".e30.AAAA"


@pytest.mark.parametrize("levels", [900, 1500, 2900])
def test_a_header_nested_deeply_is_no_session(levels):
    token = nested(levels)
    assert len(token) < 4096
    assert Session(secret_key=KEYS[0]).decode(token) == {}
    assert on_device([[KEYS[0], token, {}]])[0][0] == {}


PROGRAM = """
import warnings
warnings.simplefilter("error")
from microdot.session import Session
for _ in range(2):
    sessions = Session(secret_key="top-secret")
    assert sessions.decode(sessions.encode({"a": 1})) == {"a": 1}
"""


@pytest.mark.parametrize("target", ["host", "image"])
def test_a_short_key_is_said_once(target):
    command = [sys.executable, "-c", PROGRAM]
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "frozen"))
    program = PROGRAM
    if target == "image":
        program = "\n".join(line for line in PROGRAM.splitlines() if "warnings" not in line)
        command = [str(boards.find("UNIX").image), "-c", program]
        environment = dict(os.environ, MICROPYPATH=".frozen")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "session: expected a secret_key of 32 bytes or more, got 10; a short one can be guessed\n"
    )
    assert done.stderr == ""
