"""The stand-in jwt: tokens of RFC 7515, and every kind that is to be refused."""

import hmac
import json
from binascii import a2b_base64, b2a_base64

from standin import SetClock, load

from expect import equal, raises

jwt = load("jwt")

KEY = b"a key of thirty-two bytes, or so"

# RFC 7515 appendix A.1: its header and payload have line ends in them, and its "exp" is over.
A1_KEY = a2b_base64(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
)
A1_TOKEN = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
# What PyJWT makes of {"user": "Zoë 😀 \\ud83d", "n": [1, null]} with KEY: non-ASCII is escaped.
PYJWT_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJ1c2VyIjoiWm9cdTAwZWIgXHVkODNkXHVkZTAwIFxcdWQ4M2QiLCJuIjpbMSxudWxsXX0"
    ".-B3VzDHdaiLDoQEKXzJ33zf-BiacuCgqTZwCp-flM0Y"
)


def segment(data):
    """base64url of bytes, or of the JSON of anything else."""
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    text = b2a_base64(data).decode().strip()
    return text.rstrip("=").replace("+", "-").replace("/", "_")


def signed(header, payload, key=KEY):
    """A token that is signed rightly, whatever is in it."""
    text = segment(header) + "." + segment(payload)
    return text + "." + segment(hmac.new(key, text.encode(), "sha256").digest())


def decode(token, key=KEY, **options):
    return jwt.decode(token, key, algorithms=["HS256"], options=options)


def test_the_example_of_rfc_7515():
    claims = decode(A1_TOKEN, A1_KEY, verify_exp=False)
    equal(claims, {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True})
    raises(jwt.ExpiredSignatureError, decode, A1_TOKEN, A1_KEY)
    # The last digit has two bits that stand for nothing: with "l" it is the same 32 bytes.
    raises(jwt.InvalidSignatureError, decode, A1_TOKEN[:-1] + "l", A1_KEY)


def test_a_token_is_as_every_library_writes_it():
    token = jwt.encode({"a": 1}, "secret")
    equal(
        token,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxfQ"
        ".57TF7smP9XDhIexBqPC-F1toZReYZLWb_YRU5tv0sxM",
    )


def test_what_is_encoded_is_decoded():
    for payload in (
        {},
        {"user": "Zo\u00eb \U0001f600", "deep": {"list": [1, 2.5, None, True, '"\\']}},
        {"text": "\\ud83d\\ude00", "escape": "\\"},
    ):
        for key in (KEY, "a key that is text", b"k" * 100):
            token = jwt.encode(payload, key)
            equal(decode(token, key), payload)
            equal(decode(token.encode(), key), payload)


def test_escaped_characters_beyond_the_first_plane():
    equal(decode(PYJWT_TOKEN), {"user": "Zo\u00eb \U0001f600 \\ud83d", "n": [1, None]})


def test_a_header_in_another_order_or_with_more_in_it():
    for header in (
        {"alg": "HS256"},
        {"typ": "JWT", "alg": "HS256"},
        {"alg": "HS256", "kid": "1"},
        b'{"typ":"JWT",\r\n "alg":"HS256"}',
    ):
        equal(decode(signed(header, {"a": 1})), {"a": 1})


def test_signed_rightly_but_not_to_be_trusted():
    good = {"alg": "HS256", "typ": "JWT"}
    for header, payload, error in (
        ({"alg": "none"}, {}, jwt.InvalidAlgorithmError),
        ({"alg": "HS512"}, {}, jwt.InvalidAlgorithmError),
        ({"alg": "hs256"}, {}, jwt.InvalidAlgorithmError),
        ({"alg": ["HS256"]}, {}, jwt.InvalidAlgorithmError),
        ({"typ": "JWT"}, {}, jwt.InvalidAlgorithmError),
        ({"alg": "HS256", "crit": ["b64"], "b64": False}, {}, jwt.DecodeError),
        (["HS256"], {}, jwt.DecodeError),
        (b"", {}, jwt.DecodeError),
        (b'{"alg', {}, jwt.DecodeError),
        (good, ["a"], jwt.DecodeError),
        (good, b"5", jwt.DecodeError),
        (good, b"", jwt.DecodeError),
        (good, b"no JSON", jwt.DecodeError),
        (good, b"\xff\xfe", jwt.DecodeError),
        (good, b'{"a":"\\uzzzz"}', jwt.DecodeError),
        (good, b'{"a":"\\ud8', jwt.DecodeError),
    ):
        raises(error, decode, signed(header, payload))


def test_not_signed_by_us():
    token = jwt.encode({"user": "ada"}, KEY)
    header, payload, signature = token.split(".")
    none = segment({"alg": "none"}) + "." + payload + "."
    for bad in (
        "",
        ".",
        "..",
        "...",
        header,
        header + "." + payload,
        header + "." + payload + ".",
        token + ".",
        token + "." + signature,
        token + "=",
        token + " ",
        " " + token,
        token + "\0",
        token[:-1],
        token[1:],
        none,
        none + signature,
        header + "." + segment({"user": "root"}) + "." + signature,
        payload + "." + header + "." + signature,
        jwt.encode({"user": "ada"}, KEY + b"."),
        "\u20ac" + token,
        token.replace(".", "\u3002"),
        "." * 4000,
        "a" * 4000,
        "[" * 2000 + "." + "[" * 2000 + ".[",
    ):
        raises(jwt.DecodeError, decode, bad)
    raises(jwt.DecodeError, decode, b"\xff\xff.\xff.")


def test_what_a_program_may_do_wrong():
    token = jwt.encode({}, KEY)
    raises(jwt.DecodeError, jwt.decode, token, KEY)
    raises(jwt.DecodeError, jwt.decode, token, KEY, algorithms=[])
    raises(jwt.InvalidAlgorithmError, jwt.decode, token, KEY, algorithms=["RS256"])
    raises(NotImplementedError, jwt.encode, {}, KEY, algorithm="none")
    raises(TypeError, jwt.encode, [], KEY)
    for value in (object(), len, bytearray(b"a"), 1j):
        raises(TypeError, jwt.encode, {"a": [value]}, KEY)


def test_the_errors_have_their_usual_places():
    assert jwt.exceptions.InvalidSignatureError is jwt.InvalidSignatureError
    for error in (jwt.DecodeError, jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        assert issubclass(error, jwt.InvalidTokenError)
    assert issubclass(jwt.InvalidTokenError, jwt.PyJWTError)


def test_expiry_on_both_epochs():
    with SetClock(jwt) as clock:
        for epoch in (1970, 2000):
            clock.epoch = epoch
            for exp, good in ((clock.now + 1, True), (clock.now, False), (0, False)):
                token = jwt.encode({"exp": exp}, KEY)
                if good:
                    equal(decode(token), {"exp": exp})
                else:
                    raises(jwt.ExpiredSignatureError, decode, token)
                equal(decode(token, verify_exp=False), {"exp": exp})
            for nbf, good in ((clock.now, True), (clock.now + 1, False)):
                token = jwt.encode({"nbf": nbf}, KEY)
                if good:
                    equal(decode(token), {"nbf": nbf})
                else:
                    raises(jwt.ImmatureSignatureError, decode, token)
                equal(decode(token, verify_nbf=False), {"nbf": nbf})
    for claims in ({"exp": "soon"}, {"exp": None}, {"nbf": [1]}):
        raises(jwt.DecodeError, decode, jwt.encode(claims, KEY))


def test_a_clock_that_is_not_set_is_not_trusted():
    with SetClock(jwt) as clock:
        clock.epoch, clock.now = 2000, 946684805
        raises(jwt.ExpiredSignatureError, decode, jwt.encode({"exp": 2000000000}, KEY))
        raises(jwt.ImmatureSignatureError, decode, jwt.encode({"nbf": 5}, KEY))
        equal(decode(jwt.encode({"a": 1}, KEY)), {"a": 1})
