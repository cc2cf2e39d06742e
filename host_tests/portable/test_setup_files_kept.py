"""What the file manager keeps back: secrets, configurations, private keys."""

from test_setup_files import Files

from expect import equal
from firn import setup_paths, status

SECRETS = ("secrets.json", "SECRETS.JSON", "secrets.json.new", "secrets.json.bak",
           "Secrets.json.bak.bak", "secrets%2ejson", "%73ecrets.json")  # fmt: skip
CONFIGS = ("config.json", "config.json.bak", "config.json.new", "config.good.json",
           "config.tried.json", "config.tried.json.bak")  # fmt: skip
HELD = "PASSWORD-of-the-owner"


def contents():
    found = {"x": "1", "sub/config.json": "of an application", "sub/secrets.json": "its own"}
    for name in SECRETS[:1] + SECRETS[2:4] + CONFIGS:
        found[name] = '"%s"' % HELD
    return found


async def test_the_secrets_do_not_exist_for_the_file_manager():
    with Files(contents()) as files:
        page = await files.get("")
        assert "secrets.json" not in page.text
        for path in SECRETS:
            for action in ("", "?edit", "?details", "?rename", "?delete"):
                answer = await files.get(path + action)
                assert answer.status in (403, 404), (path, action, answer.status)
                assert HELD not in answer.text
            for action in ("?edit", "?rename", "?delete"):
                answer = await files.post(path + action, b"name=y&text=1&seen=none")
                assert answer.status in (403, 404), (path, action, answer.status)
        for name in (b"secrets.json", b"SECRETS.json", b"secrets.json.bak"):
            equal((await files.post("x?rename", b"name=" + name)).status, 404, name)
            equal((await files.post("?folder", b"name=" + name)).status, 409, name)
        for name in ("secrets.json", "secrets.json.new", "secrets.json.bak"):
            equal(files.read(name), b'"%s"' % HELD.encode())
        equal(files.read("y"), None)


async def test_configurations_are_listed_and_belong_to_their_own_page():
    with Files(contents()) as files:
        page = (await files.get("")).text
        for path in CONFIGS:
            assert path + '</td><td class="size">' in page, path
            for action in ("", "?edit", "?rename", "?delete", "?details"):
                answer = await files.get(path + action)
                equal(answer.status, 403, path + action)
                assert HELD not in answer.text
                assert '<a class="button" href="/_firn/config">' in answer.text
            for action in ("?edit", "?rename", "?delete"):
                answer = await files.post(path + action, b"name=y&text=1&seen=none")
                equal(answer.status, 403, path + action)
            equal(files.read(path), b'"%s"' % HELD.encode())
        for name in (b"config.json", b"CONFIG.json", b"config.good.json.bak"):
            equal((await files.post("x?rename", b"name=" + name)).status, 403, name)
            equal((await files.post("?folder", b"name=" + name)).status, 409, name)


async def test_files_of_these_names_elsewhere_are_the_applications():
    with Files(contents()) as files:
        equal((await files.get("sub/config.json")).body, b"of an application")
        equal((await files.get("sub/secrets.json")).body, b"its own")


class Fake:
    """An object with these attributes."""

    def __init__(self, **attributes):
        for name in attributes:
            setattr(self, name, attributes[name])


def running(key):
    """A site that runs with the private key in the file ``key`` (str, or None)."""
    tls = Fake(key=key) if key else None
    return Fake(config=Fake(server=Fake(tls=tls)))


async def refused_keys(files, paths):
    for path in paths:
        for action in ("", "?edit", "?rename", "?delete", "?details"):
            if path[-1] != "/" or action:
                answer = await files.get(path + action)
                equal(answer.status, 403, path + action)
                assert HELD not in answer.text
        for action in ("?rename", "?delete"):
            equal((await files.post(path + action, b"name=y")).status, 403, path + action)
        assert HELD.encode() not in (files.read("y") or b"")


async def test_the_private_key_of_the_site_that_runs_stays():
    with Files({"tls/key.der": HELD, "tls/key.der.bak": HELD, "tls/cert.der": "1"}) as files:
        status.site = running("tls/key.der")
        try:
            await refused_keys(files, ("tls/key.der", "tls/key.der.bak", "tls/"))
            equal((await files.get("tls/cert.der")).body, b"1")
            assert "key.der</a>" in (await files.get("tls/")).text
        finally:
            status.site = None
        equal((await files.get("tls/key.der")).status, 200)


async def test_the_private_key_that_a_saved_configuration_names_stays():
    key = '{"server": {"tls": {"cert": "c", "key": "%s"}}}'
    names = {
        "config.json": key % "one",
        "config.good.json": key % "/two",
        "one": HELD,
        "two": HELD,
    }
    with Files(names) as files:
        await refused_keys(files, ("one", "two"))


async def test_what_is_no_configuration_names_no_key():
    for text in ("", "[", "[1]", "{}", '{"server": []}', '{"server": {"tls": {"key": 1}}}',
                 "[" * 900):  # fmt: skip
        with Files({"config.json": text, "one": "1"}):
            equal(setup_paths.is_key("one"), False, text[:40])
