"""The assets of the setup page: compressed, kept for good, or sent plain."""

from exchange import ask

from expect import equal
from firn import setup_assets
from microdot import Microdot

GZIP = {"Accept-Encoding": "gzip, deflate"}


class Setup:
    """What a part of the setup page is added to."""

    def __init__(self):
        self.app = Microdot()
        setup_assets.add(self)


async def test_assets_are_sent_compressed_with_their_type():
    app = Setup().app
    for name, content_type in (("setup.css", "text/css"), ("setup.js", "text/javascript")):
        answer = await ask(app, "GET", "/_firn/assets/" + name, GZIP)
        equal(answer.status, 200)
        equal(answer.headers["content-type"], content_type + "; charset=utf-8")
        equal(answer.headers["content-encoding"], "gzip")
        equal(answer.headers["vary"], "Accept-Encoding")
        equal(answer.body[:3], b"\x1f\x8b\x08")
        equal(answer.body[4:8], b"\0\0\0\0", "the time in them, which would differ in every build")
        equal(len(answer.body), int(answer.headers["content-length"]))


async def test_who_takes_no_gzip_gets_them_plain():
    app = Setup().app
    for headers in ({}, {"Accept-Encoding": "gzip;q=0"}, {"Accept-Encoding": "br"}):
        answer = await ask(app, "GET", "/_firn/assets/setup.css", headers)
        equal(answer.status, 200)
        assert "content-encoding" not in answer.headers
        assert answer.text.startswith("/* The setup page"), answer.text[:40]
        assert "prefers-color-scheme: dark" in answer.text
        assert answer.text.endswith("}\n")


async def test_an_address_names_a_version_that_may_be_kept_for_good():
    app = Setup().app
    url = setup_assets.url("setup.js")
    answer = await ask(app, "GET", url, GZIP)
    equal(answer.headers["cache-control"], "max-age=31536000, immutable")
    for other in ("/_firn/assets/setup.js", "/_firn/assets/setup.js?0123456789ab"):
        answer = await ask(app, "GET", other, GZIP)
        equal((answer.status, answer.headers["cache-control"]), (200, "no-cache"))
    assert setup_assets.url("setup.css").split("?")[1] != url.split("?")[1]


async def test_who_has_an_asset_is_told_that_it_is_the_same():
    app = Setup().app
    for encoding in (GZIP, {}):
        answer = await ask(app, "GET", "/_firn/assets/setup.css", encoding)
        tag = answer.headers["etag"]
        headers = dict(encoding)
        headers["If-None-Match"] = '"other", ' + tag
        answer = await ask(app, "GET", "/_firn/assets/setup.css", headers)
        equal((answer.status, answer.body), (304, b""))
        assert "content-type" not in answer.headers
        headers["If-None-Match"] = '"other"'
        equal((await ask(app, "GET", "/_firn/assets/setup.css", headers)).status, 200)


async def test_what_is_no_asset_is_not_found():
    app = Setup().app
    for name in ("x", "setup.css.gz", "..%2fsetup.py", "%2e%2e", "setup_assets_data.py", "a/b"):
        answer = await ask(app, "GET", "/_firn/assets/" + name)
        equal(answer.status, 404, name)


async def test_together_they_are_small():
    assert sum([len(data) for _, _, data in setup_assets.FILES]) < 12 * 1024
