"""The stand-in hmac: the vectors of RFC 4231, and what CPython's hmac does."""

import hashlib

from standin import load

from expect import equal, raises

hmac = load("hmac")

# RFC 4231 section 4: key, data, the HMAC-SHA-256; of 4.6 the first half only.
VECTORS = (
    ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        b"Jefe".hex(),
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        "0102030405060708090a0b0c0d0e0f10111213141516171819",
        b"\xcd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    ("0c" * 20, b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    (
        "aa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "aa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. "
        b"The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
)


def test_the_vectors_of_rfc_4231():
    for key, data, expected in VECTORS:
        key = bytes.fromhex(key)
        equal(hmac.new(key, data, "sha256").hexdigest()[: len(expected)], expected, data)
        equal(hmac.digest(key, data, hashlib.sha256).hex()[: len(expected)], expected, data)


def test_data_in_pieces():
    code = hmac.new(b"Jefe", digestmod=hashlib.sha256)
    for piece in (b"what do ya ", b"", b"want for nothing?"):
        code.update(piece)
    equal(code.hexdigest(), VECTORS[1][2])
    equal(hmac.new(bytearray(b"Jefe"), b"what do ya want for nothing?", "sha256").digest()[0], 91)


def test_a_key_as_long_as_a_block_and_one_byte_longer():
    for size in (63, 64):
        padded = bytes(range(size)) + b"\0" * (64 - size)
        equal(hmac.digest(bytes(range(size)), b"x", "sha256"), hmac.digest(padded, b"x", "sha256"))
    long = bytes(range(65))
    equal(
        hmac.digest(long, b"x", "sha256"),
        hmac.digest(hashlib.sha256(long).digest(), b"x", "sha256"),
    )


def test_a_digest_can_be_asked_for_again_and_ends_the_data():
    code = hmac.new(b"key", b"data", "sha256")
    first = code.digest()
    equal(code.digest(), first)
    equal(code.hexdigest(), first.hex())
    assert "no more data" in str(raises(ValueError, code.update, b"more"))


def test_without_a_known_hash_there_is_no_code():
    assert "digestmod" in str(raises(TypeError, hmac.new, b"key", b"data"))
    assert "'sha3'" in str(raises(ValueError, hmac.new, b"key", b"data", "sha3"))


def test_comparison():
    equal(hmac.compare_digest(b"abc", b"abc"), True)
    equal(hmac.compare_digest("abc", "abc"), True)
    equal(hmac.compare_digest(b"", b""), True)
    for other in (b"abd", b"bbc", b"ab", b"abcd", b"abc\0", b""):
        equal(hmac.compare_digest(b"abc", other), False, other)
        equal(hmac.compare_digest(other, b"abc"), False, other)
    for a, b in (("abc", b"abc"), (b"abc", "abc"), (b"abc", None)):
        raises(TypeError, hmac.compare_digest, a, b)
