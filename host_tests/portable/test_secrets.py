"""firn.secrets: made once, kept, replaced whole, and never lost to a damaged file."""

import json
import os

from fake_files import FakeFiles, PowerCut

from expect import equal, raises, raises_async
from firn import log, replace, secrets
from microdot import passwords

PATH = secrets.PATH
KEY = "0123456789abcdef" * 4
HASH = "pbkdf2$100$%s$%s" % ("00" * 16, "11" * 32)
FIRST = "abcd-efgh-2345"


class Files(FakeFiles):
    """Counts what is written, and fails to read where ``unreadable``."""

    unreadable = False

    def urandom(self, size):
        return os.urandom(size)

    def stat(self, path):
        if self.unreadable and path == PATH:
            raise OSError(5)
        return super().stat(path)


def started(files=None, **options):
    """A device that starts with ``files``, a dict of bytes or of what JSON is made of."""
    contents = {}
    for name, value in (files or {}).items():
        contents[name] = value if isinstance(value, bytes) else json.dumps(value).encode()
    system = Files(contents, **options)
    system.install(secrets, replace)
    secrets._kept = None
    secrets._unread = False
    passwords.ITERATIONS = 100
    del log._lines[:]
    del log._hidden[:]
    log.print = lambda *words: None
    return system


def restarted(system):
    return started(system.files)


def contents(system):
    return json.loads(system.files[PATH].decode())


def test_the_session_key_is_made_once_and_kept():
    system = started()
    key = secrets.session_key()
    equal((len(key), key.strip("0123456789abcdef")), (64, ""))
    equal(contents(system), {"session_key": key})
    changes = system.changes
    equal(secrets.session_key(), key)
    system = restarted(system)
    equal(secrets.session_key(), key)
    equal(system.changes, 0)
    assert changes
    started()
    assert secrets.session_key() != key


def test_the_first_password_can_be_typed_and_is_kept():
    system = started()
    password = secrets.first_password()
    groups = password.split("-")
    equal([len(group) for group in groups], [4, 4, 4])
    assert not [c for c in "".join(groups) if c not in secrets._ALPHABET], password
    equal(len(set(secrets._ALPHABET)), 32)  # 12 characters of 5 bits
    assert not [c for c in "0o1l" if c in secrets._ALPHABET]
    equal(secrets.first_password(), password)
    restarted(system)
    equal(secrets.first_password(), password)
    started()
    assert secrets.first_password() != password


def test_every_character_occurs_in_first_passwords():
    seen = set()
    for _ in range(200):
        seen.update(secrets._new_password())
    equal("".join(sorted(seen)), "".join(sorted("-" + secrets._ALPHABET)))


def test_the_first_password_is_known_as_people_type_it():
    started({PATH: {"first_password": FIRST}})
    for typed in (FIRST, "ABCD-EFGH-2345", "abcdefgh2345", "abcd efgh 2345", " abcd-efgh-2345 "):
        assert secrets.is_first_password(typed), typed
    for typed in ("", "abcd-efgh-2346", "abcd-efgh-234", FIRST + "5", FIRST * 100, None, b"abc"):
        assert not secrets.is_first_password(typed), typed


async def test_an_own_password_takes_the_place_of_the_first():
    system = started()
    first = secrets.first_password()
    key = secrets.session_key()
    equal(secrets.owner_hash(), None)
    await secrets.set_owner_password("correct horse")
    for _ in range(2):
        assert passwords.check_password("correct horse", secrets.owner_hash())
        equal(secrets.first_password(), None)
        assert not secrets.is_first_password(first)
        equal(secrets.session_key(), key)
        equal(sorted(contents(system)), ["owner", "session_key"])
        for name in system.files:
            assert first.encode() not in system.files[name], name
        system = restarted(system)
    await secrets.set_owner_password("b" * 128)
    assert not passwords.check_password("correct horse", secrets.owner_hash())
    assert passwords.check_password("b" * 128, secrets.owner_hash())


async def test_a_password_that_is_too_short_or_long_is_refused():
    started({PATH: {"first_password": FIRST}})
    for password in ("", "1234567", "x" * 129, None, b"12345678"):
        error = await raises_async(ValueError, secrets.set_owner_password(password))
        assert "expected a password of 8 to 128 characters, got" in str(error), error
    equal((secrets.owner_hash(), secrets.first_password()), (None, FIRST))


def test_other_secrets_are_kept_beside():
    system = started({PATH: {"session_key": KEY}})
    secrets.put("other", [1, "two"])
    restarted(system)
    equal((secrets.get("other"), secrets.session_key()), ([1, "two"], KEY))
    secrets.put("other", None)
    equal((secrets.get("other"), secrets.get("never")), (None, None))
    raises(ValueError, secrets.put, "other", "x" * secrets.LIMIT)
    equal(secrets.get("other"), None)


def test_nothing_is_written_that_is_there_already():
    system = started({PATH: {"session_key": KEY, "owner": HASH}})
    secrets.put("owner", HASH)
    secrets.put("never", None)
    equal((secrets.session_key(), secrets.first_password()), (KEY, None))
    equal(system.changes, 0)


DAMAGED = (
    b"",
    b"{",
    b'{"session_key": "',
    b"[]",
    b"7",
    b"\xff\xfe\0\0",
    b"[" * 4000,
    b"{}" + b" " * secrets.LIMIT,
    {"session_key": 7},
    {"session_key": KEY[1:]},
    {"session_key": KEY[1:] + "G"},
    {"session_key": KEY, "first_password": ""},
    {"first_password": "abcd-efgh-234\n"},
    {"owner": "pbkdf2$"},
    {"owner": HASH[:-1]},
    {"owner": {}},
)


def test_a_damaged_file_is_put_aside_and_new_secrets_are_made():
    for damaged in DAMAGED:
        system = started({PATH: damaged, PATH + ".bad": b"older"})
        before = system.files[PATH]
        key = secrets.session_key()
        equal((len(key), secrets.owner_hash()), (64, None))
        equal(len(secrets.first_password()), 14)
        equal(system.files[PATH + ".bad"], before)
        assert " error /secrets.json is damaged; it is kept as" in log.lines()[0], log.lines()
        equal(len(log.lines()), 1)
        restarted(system)
        equal(secrets.session_key(), key)
        equal(log.lines(), [])


def test_a_filesystem_that_cannot_be_written_has_secrets_until_the_restart():
    system = started()
    system.full = True
    key, password = secrets.session_key(), secrets.first_password()
    equal((secrets.session_key(), secrets.first_password()), (key, password))
    assert secrets.is_first_password(password)
    equal(system.files, {})
    equal(len(log.lines()), 2)
    raises(OSError, secrets.put, "other", "value")
    equal(secrets.get("other"), None)


async def test_a_password_that_cannot_be_kept_is_not_taken():
    system = started({PATH: {"first_password": FIRST}})
    system.full = True
    await raises_async(OSError, secrets.set_owner_password("correct horse"))
    equal((secrets.owner_hash(), secrets.first_password()), (None, FIRST))
    equal(contents(system), {"first_password": FIRST})


def test_a_file_that_cannot_be_read_is_not_written_over():
    system = started({PATH: {"session_key": KEY}})
    system.unreadable = True
    key = secrets.session_key()
    assert key != KEY
    equal(secrets.session_key(), key)
    system.unreadable = False
    equal(contents(system), {"session_key": KEY})
    restarted(system)
    equal(secrets.session_key(), KEY)


async def test_a_cut_while_a_password_is_set_leaves_the_first_or_the_own_one():
    seen = set()
    for cut in range(20):
        system = started({PATH: {"first_password": FIRST, "session_key": KEY}}, cut=cut)
        try:
            await secrets.set_owner_password("correct horse")
            done = True
        except PowerCut:
            done = False
        restarted(system)
        equal(secrets.session_key(), KEY)
        owner = secrets.owner_hash()
        seen.add(owner is None)
        if owner is None:
            equal(secrets.first_password(), FIRST)
        else:
            assert passwords.check_password("correct horse", owner)
        if done:
            break
    assert done and seen == {True, False}, seen


async def test_secrets_are_in_no_line_of_the_log():
    for files in ({}, {PATH: {"session_key": KEY, "first_password": FIRST}}):
        started(files)
        log.info("%s %s" % (secrets.session_key(), secrets.first_password()))
        assert log.lines()[-1].endswith("info *** ***"), log.lines()
