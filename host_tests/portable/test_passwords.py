"""microdot.passwords: PBKDF2 with HMAC-SHA256."""

import asyncio

from expect import equal, raises, raises_async
from firn.config_kinds import password_hash
from microdot import passwords
from microdot.passwords import check_password, check_password_async, hash_password, same

# Password, salt, iterations, and what OpenSSL makes of them.
VECTORS = (
    (
        "passwordPASSWORDpassword", b"saltSALTsaltSALTsaltSALTsaltSALT", 4096,
        "1c17fbba0726de612cd5b679961ff5bc64472d112e7c604faabd94c20919773e",
    ),
    (
        "password", b"saltsalt", 100,
        "305d54609c5ceaec589be889163289853d81431b358823529016f350010b9dcf",
    ),
    (
        64 * "x", bytes(16), 100,
        "51d04027acb79a5b73e858c4f56cef6be0eeeb774d7435b20ee8642fd6c570e8",
    ),
    (
        65 * "x", bytes(range(16)), 101,
        "47a25538b52e88fab31be0e6d3ed7fd1723f7d81d621e50f677bb62dd28967d8",
    ),
    (
        "", b"saltsalt", 100,
        "55b53716983d4403dc928aa165dd7c2ee37a8db4cfd3f3079994fa23fcc82361",
    ),
    (
        "gr\xfc\xdf", b"saltsalt", 149,
        "19c2ffc1bfcaf165b3ed644c81358d4f73ab586519189e1324d5c2abe1acd700",
    ),
)  # fmt: skip

GOOD = "pbkdf2$100$73616c7473616c74$" + VECTORS[1][3]

# What is no hash of "password"; the last two columns of a good one are changed.
BAD = (
    None,
    5,
    b"pbkdf2$100$73616c7473616c74$" + VECTORS[1][3].encode(),
    "",
    "password",
    "$$$",
    "pbkdf2$100$73616c7473616c74",
    GOOD + "$",
    "$" + GOOD,
    " " + GOOD,
    GOOD + "\n",
    GOOD.replace("pbkdf2", "PBKDF2"),
    GOOD.replace("pbkdf2", "sha256"),
    GOOD.replace("$100$", "$101$"),
    GOOD.replace("$100$", "$0100$"),
    GOOD.replace("$100$", "$99$"),
    GOOD.replace("$100$", "$+100$"),
    GOOD.replace("$100$", "$1e2$"),
    GOOD.replace("$100$", "$-100$"),
    GOOD.replace("$100$", "$$"),
    GOOD.replace("$100$", "$10000000$"),
    GOOD.replace("$100$", "$100000000000000000000$"),
    GOOD.replace("$73", "$74"),
    GOOD.replace("$73", "$"),
    GOOD.replace("$73", "$7"),
    GOOD.replace("$73", "$7g"),
    GOOD.replace("$73", "$ 3"),
    GOOD.replace("$73616c7473616c74$", "$$"),
    GOOD.replace("$73616c7473616c74$", "$" + 66 * "7" + "$"),
    GOOD.upper(),
    GOOD[:-1],
    GOOD[:-2],
    GOOD[:-1] + "e",
    GOOD[:-1] + "g",
    GOOD + "00",
)


def forget():
    passwords._remembered.clear()


def test_one_round_as_in_rfc_7914():
    equal(
        passwords._hex(passwords._pbkdf2(b"passwd", b"salt", 1)),
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
    )


def test_hashes():
    for password, salt, iterations, digest in VECTORS:
        hash = hash_password(password, iterations, salt)
        equal(hash, "pbkdf2$%d$%s$%s" % (iterations, passwords._hex(salt), digest))
        equal(hash_password(password.encode(), iterations, salt), hash)
        assert check_password(password, hash)


async def test_checking():
    for password, wrong in (("password", "Password"), (b"password", b"password "), ("", "x")):
        hash = hash_password(password, 100)
        for _ in range(2):
            assert not check_password(wrong, hash)
            assert not await check_password_async(wrong, hash)
        forget()
        assert await check_password_async(password, hash)
        forget()
        for _ in range(2):
            assert check_password(password, hash)
        assert await check_password_async(password, hash)
        assert not check_password(wrong, hash)


async def test_what_is_no_hash_has_no_password():
    assert check_password("password", GOOD)
    for hash in BAD:
        assert not check_password("password", hash), hash
        assert not await check_password_async("password", hash), hash


def test_a_hash_cannot_ask_for_more_than_the_limit():
    limit = passwords.MAX_ITERATIONS
    forget()
    passwords.MAX_ITERATIONS = 99
    try:
        assert not check_password("password", GOOD)
        assert "expected 100 to 99" in str(raises(ValueError, hash_password, "a"))
    finally:
        passwords.MAX_ITERATIONS = limit
    assert check_password("password", GOOD)


def test_what_hash_password_refuses():
    for kwargs in ({"iterations": 99}, {"iterations": 10000000}, {"salt": bytes(7)},
                   {"salt": bytes(33)}, {"salt": b""}):  # fmt: skip
        assert "expected" in str(raises(ValueError, hash_password, "a", **kwargs))


def test_salts_differ():
    first, second = [hash_password("a", 100) for _ in range(2)]
    assert first != second
    equal(len(first.split("$")[2]), 32)
    assert check_password("a", first) and check_password("a", second)


def test_few_are_remembered():
    forget()
    hashes = [hash_password("a", 100) for _ in range(12)]
    for hash in hashes:
        assert check_password("a", hash)
    equal([entry[0] for entry in passwords._remembered], hashes[4:])
    assert check_password("a", hashes[5])
    assert not check_password("b", hashes[5])


def test_the_configuration_file_takes_the_same_hashes():
    for hash in BAD + (GOOD, GOOD.replace("$100$", "$9999$")):
        assert (passwords._parse(hash) is None) == (password_hash(hash, None) is None), hash


async def test_hashing_lets_others_run_and_gives_the_same():
    log = []

    async def other():
        for _ in range(5):
            log.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    hash = await passwords.hash_password_async("a", 1000, bytes(16))
    assert "other" in log
    await task
    equal(hash, hash_password("a", 1000, bytes(16)))
    assert check_password("a", await passwords.hash_password_async("a", 100))
    for wrong in ((99, None), (100, b"short")):
        await raises_async(ValueError, passwords.hash_password_async("a", *wrong))


async def test_others_run_while_a_password_is_checked():
    log = []

    async def other():
        for _ in range(5):
            log.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    assert not await check_password_async("a", hash_password("b", 1000))
    assert "other" in log
    await task


def test_comparison():
    for a, b, expected in (
        (b"", b"", True),
        (b"abc", b"abc", True),
        (b"abc", b"abd", False),
        (b"abc", b"ab", False),
        (b"", b"a", False),
        (b"\xff\x00", b"\xff\x00", True),
    ):
        equal(same(a, b), expected)
