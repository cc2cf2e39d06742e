"""firn.setup_status, setup_page, setup_mount: the start page, restarting, memory given back."""

import sys

from setup_site import BOB_HASH, FAR, OWNER_HASH, PASSWORD, Device
from test_setup_network import Network

import firn
from expect import equal
from firn import log, secrets, setup_mount

TEXT = (
    '{"network": {"wifi": [{"ssid": "home", "password": "hunter22-x"}],'
    '"access_point": {"password": "apple-pie"}}, "secret_key": "s3cr3t-key-of-the-site",'
    '"users": {"admin": "%s", "bob": "%s"}}' % (OWNER_HASH, BOB_HASH)
)


class Safety:
    mode = "safe"

    @staticmethod
    def values():
        return {"mode": "safe", "failed_boots": 3, "reset_cause": "watchdog",
                "last_crash": "Traceback <b>\nValueError: it & that"}  # fmt: skip


class Trial:
    @staticmethod
    def values():
        return {"seconds_left": 77}


FAKES = {"network": Network, "safety": Safety, "trial": Trial}


async def visit(device):
    browser = device.browser(FAR)
    equal((await browser.log_in()).status_code, 303)
    return browser


async def test_the_start_page_shows_how_the_device_is():
    with Device('{"server": {"port": 0}}', modules=FAKES, boot_error="boot <i>") as device:
        browser = await visit(device)
        log.error("a sensor <script> is missing")
        text = (await browser.get("/_firn/")).text
        for words in (
            "MicroPython", "10.0.0.9", "watchdog", "Safe mode", "Failed starts",
            "ValueError: it &amp; that", "a sensor &lt;script&gt; is missing",
            "boot &lt;i&gt;", "server.port", 'data-countdown="77"', 'aria-current="page">Status',
        ):  # fmt: skip
            assert words in text, words
        for words in ("<i>", "<script>", "Traceback <b>"):
            assert words not in text, words


async def test_without_other_parts_the_start_page_says_less():
    with Device() as device:
        browser = await visit(device)
        answer = await browser.get("/_firn/")
        equal(answer.status_code, 200)
        assert "banner" not in answer.text and 'class="trace"' not in answer.text


async def test_the_state_is_there_as_json():
    with Device(modules=FAKES) as device:
        answer = await (await visit(device)).get("/_firn/status.json")
        values = answer.json
        equal(values["network"]["address"], "10.0.0.9")
        equal((values["mode"], values["failed_boots"]), ("safe", 3))
        equal(values["trial"], {"seconds_left": 77})
        equal(values["firn"], firn.__version__)
        for name in ("heap_free", "filesystem_total", "filesystem_free", "uptime", "requests"):
            assert isinstance(values[name], int), name
        assert isinstance(values["errors"], list)


async def test_restarting_is_a_post_and_leads_back():
    calls = []
    with Device() as device:
        browser = await visit(device)
        restart = firn.restart
        firn.restart = lambda: calls.append(1)
        try:
            answer = await browser.get("/_firn/restart")
            equal(calls, [])
            assert answer.headers["Refresh"].endswith("url=/_firn/")
            answer = await browser.post("/_firn/restart")
        finally:
            firn.restart = restart
        equal((answer.status_code, answer.headers["Location"]), (303, "/_firn/restart"))
        equal(calls, [1])


async def test_no_page_contains_a_secret():
    with Device(TEXT, own=False, modules=FAKES) as device:
        hidden = [b"hunter22-x", b"apple-pie", b"s3cr3t-key", b"pbkdf2", PASSWORD.encode()]
        hidden += [OWNER_HASH[-64:].encode(), BOB_HASH[-64:].encode()]
        hidden += [secrets.session_key().encode(), (secrets.first_password() or "-" * 9).encode()]
        browser = await visit(device)
        seen = ["/_firn/status.json", "/_firn/config?done=1", "/_firn/network?scan=1",
                "/_firn/network?done=chosen", "/_firn/restart", "/_firn/login",
                "/_firn/secrets.json", "/_firn/"]  # fmt: skip
        for path in seen:
            answer = await browser.get(path)
            body = answer.body or b""
            for secret in hidden:
                assert secret not in body, (path, secret)
                assert secret not in str(answer.headers).encode(), path
            for link in body.split(b'href="')[1:]:
                link = link.split(b'"')[0].decode().partition("#")[0]
                ours = link.startswith("/_firn/") and "assets" not in link
                if ours and link not in ("/_firn/files", "/_firn/log") and link not in seen:
                    seen.append(link)
        for path in ("/_firn/config", "/_firn/network", "/_firn/password"):
            assert path in seen


async def test_the_setup_page_is_loaded_when_used_and_forgotten_when_not():
    def loaded():
        return [name for name in sys.modules if name.startswith("firn.setup")]

    with Device() as device:
        device.mount.forget()
        equal(loaded(), ["firn.setup_mount"])
        browser = await visit(device)
        equal((await browser.get("/_firn/")).status_code, 200)
        assert "firn.setup_status" in loaded() and "firn.setup_config" not in loaded()
        device.mount.forget()
        equal(loaded(), ["firn.setup_mount"])
        assert not hasattr(firn, "setup_status")
        # Who was logged in still is.
        equal((await browser.get("/_firn/config")).status_code, 200)


async def test_a_page_that_nobody_uses_is_forgotten_by_itself():
    import asyncio

    idle = setup_mount._IDLE
    setup_mount._IDLE = 0.05
    try:
        with Device() as device:
            browser = await visit(device)
            assert device.mount.setup is not None
            for _ in range(500):
                await asyncio.sleep(0.01)
                if device.mount.setup is None:
                    break
            assert device.mount.setup is None
            equal((await browser.get("/_firn/")).status_code, 200)
            device.mount.forget()
    finally:
        setup_mount._IDLE = idle
