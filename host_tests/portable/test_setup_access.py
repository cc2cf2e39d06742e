"""firn.setup_access: nobody but the owner gets anything of the setup page."""

from setup_site import BOB_HASH, FAR, HOST, NEAR, OWNER_HASH, PASSWORD, Device

from expect import equal
from firn import secrets

PATHS = ("/_firn/", "/_firn/status.json", "/_firn/config", "/_firn/network", "/_firn/restart",
         "/_firn/password", "/_firn/nothing", "/_firn/%63onfig", "/_firn//config",
         "/_firn/login/../config", "/_firn/assets%2f..%2fconfig", "/_firn/?a=1")  # fmt: skip
POSTS = ("/_firn/config", "/_firn/network", "/_firn/network/forget", "/_firn/restart",
         "/_firn/password", "/_firn/nothing")  # fmt: skip
BOB = '{"users": {"bob": "%s"}}' % BOB_HASH


async def owner(device, address=FAR):
    browser = device.browser(address)
    equal((await browser.log_in()).status_code, 303)
    return browser


async def test_before_an_own_password_the_ordinary_network_gets_nothing():
    with Device(own=False) as device:
        browser = device.browser(FAR)
        for path in PATHS + ("/_firn/login", "/_firn/assets/setup.css"):
            answer = await browser.get(path)
            equal(answer.status_code, 403, path)
            assert "own access point" in answer.text and "<form" not in answer.text, path
            assert "<nav" not in answer.text
        for path in POSTS + ("/_firn/login", "/_firn/logout"):
            equal((await browser.post(path, {"name": "admin"})).status_code, 403, path)
        answer = await browser.log_in(secrets.first_password())
        equal(answer.status_code, 403)
        equal(browser.cookies, {})


async def test_after_it_the_ordinary_network_gets_the_login_page_only():
    with Device() as device:
        browser = device.browser(FAR)
        for path in PATHS:
            answer = await browser.get(path)
            equal(answer.status_code, 303, path)
            assert answer.headers["Location"].startswith("/_firn/login?next=/_firn/"), path
            equal(answer.body, b"")
        for path in POSTS:
            answer = await browser.post(path)
            equal((answer.status_code, answer.headers["Location"]), (303, "/_firn/login"), path)
        answer = await browser.get("/_firn/login")
        equal(answer.status_code, 200)
        assert 'name="password"' in answer.text and "<nav" not in answer.text
        equal(browser.cookies, {})


async def test_the_first_password_leads_to_choosing_an_own_one_and_no_further():
    with Device(own=False) as device:
        browser = device.browser(NEAR)
        equal((await browser.log_in("wrong-wrong")).status_code, 403)
        first = secrets.first_password()
        answer = await browser.log_in(first)
        equal((answer.status_code, answer.headers["Location"]), (303, "/_firn/"))
        for path in ("/_firn/", "/_firn/config", "/_firn/status.json", "/_firn/network"):
            answer = await browser.get(path)
            equal((answer.status_code, answer.headers["Location"]), (303, "/_firn/password"))
        assert first not in (await browser.get("/_firn/password")).text
        for new, again in (("short", "short"), (PASSWORD, "other"), (first, first),
                           ("x" * 129, "x" * 129)):  # fmt: skip
            answer = await browser.post("/_firn/password", {"new": new, "again": again})
            equal(answer.status_code, 400, new)
        other = device.browser(NEAR)
        await other.log_in(first)
        answer = await browser.post("/_firn/password", {"new": PASSWORD, "again": PASSWORD})
        equal(answer.status_code, 303)
        equal((await browser.get("/_firn/")).status_code, 200)
        # Who was logged in with the first password is so no more, and it has gone.
        equal((await other.get("/_firn/password")).status_code, 303)
        equal((await other.log_in(first)).status_code, 403)
        equal((await device.browser(FAR).log_in()).status_code, 303)


async def test_the_own_access_point_counts_as_near():
    class Network:
        def via_access_point(address):
            return address == "192.168.4.2"

    with Device(own=False, modules={"network": Network}) as device:
        equal((await device.browser(("192.168.4.2", 5)).get("/_firn/login")).status_code, 200)
        equal((await device.browser(FAR).get("/_firn/login")).status_code, 403)


async def test_the_password_is_changed_by_who_knows_it():
    with Device() as device:
        browser = await owner(device)
        fields = {"present": "wrong", "new": "another password", "again": "another password"}
        equal((await browser.post("/_firn/password", fields)).status_code, 403)
        fields["present"] = PASSWORD
        equal((await browser.post("/_firn/password", fields)).status_code, 303)
        equal((await browser.get("/_firn/")).status_code, 200)
        equal((await device.browser(FAR).log_in()).status_code, 403)
        equal((await device.browser(FAR).log_in("another password")).status_code, 303)


async def test_a_password_in_the_configuration_is_changed_there():
    text = '{"users" : {"admin":  "%s"},\n "setup": true }' % OWNER_HASH
    with Device(text, own=False) as device:
        browser = await owner(device)
        fields = {"present": PASSWORD, "new": "another password", "again": "another password"}
        equal((await browser.post("/_firn/password", fields)).status_code, 303)
        equal((await device.browser(FAR).log_in()).status_code, 403)
        equal((await device.browser(FAR).log_in("another password")).status_code, 303)
        hash = device.config.users["admin"]
        equal(device.read().decode(), text.replace(OWNER_HASH, hash))
        device.restart()
        equal((await device.browser(FAR).log_in("another password")).status_code, 303)


async def test_a_configuration_with_a_mistake_keeps_its_password():
    text = '{"users": {"admin": "%s"}}' % OWNER_HASH
    for broken in ("{", "[]", '{"users": 5}'):
        with Device(text, own=False) as device:
            browser = await owner(device)
            device.write(broken.encode())
            fields = {"present": PASSWORD, "new": "another password", "again": "another password"}
            answer = await browser.post("/_firn/password", fields)
            equal(answer.status_code, 422, broken)
            equal(device.read(), broken.encode())
            equal((await device.browser(FAR).log_in()).status_code, 303)


async def test_logging_out_ends_the_session():
    with Device() as device:
        browser = await owner(device)
        equal((await browser.get("/_firn/logout")).status_code, 405)
        equal((await browser.get("/_firn/")).status_code, 200)
        equal((await browser.post("/_firn/logout")).headers["Location"], "/_firn/login")
        equal((await browser.get("/_firn/")).status_code, 303)


async def test_wrong_passwords_are_throttled_and_others_are_not():
    with Device() as device:
        browser = device.browser(FAR)
        for _ in range(4):
            equal((await browser.log_in("wrong")).status_code, 403)
        for password in ("wrong", PASSWORD):
            answer = await browser.log_in(password)
            equal(answer.status_code, 429)
            assert 0 < int(answer.headers["Retry-After"]) <= 60
        equal(browser.cookies, {})
        equal((await device.browser(("192.168.1.51", 1)).log_in()).status_code, 303)


async def test_unknown_names_are_refused_as_wrong_passwords_are():
    with Device(BOB) as device:
        known = await device.browser(FAR).log_in("wrong")
        for name in ("nobody", "admin ", "", "bob"):
            answer = await device.browser(("192.168.1.9", 1)).log_in("wrong", name)
            equal((answer.status_code, answer.body), (403, known.body), name)


async def test_every_post_from_another_site_is_refused():
    with Device() as device:
        browser = await owner(device)
        foreign = (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://%s:81" % HOST},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        )
        for path in POSTS + ("/_firn/login", "/_firn/logout", "/_firn/"):
            for headers in foreign:
                answer = await browser.post(path, {"password": PASSWORD}, headers)
                equal(answer.status_code, 403, (path, headers))
        equal((await browser.get("/_firn/")).status_code, 200)


async def test_pages_of_other_sites_cannot_read_either():
    with Device() as device:
        browser = await owner(device)
        answer = await browser.get("/_firn/status.json", {"Origin": "https://friend.example"})
        equal(answer.status_code, 403)
        assert "heap" not in answer.text
        answer = await browser.get("/_firn/", {"Sec-Fetch-Site": "cross-site"})  # a link
        equal(answer.status_code, 200)


async def test_the_host_header_leads_nowhere_else():
    with Device() as device:
        for host in ("evil.example", "evil.example:80", "a" * 300):
            browser = device.browser(FAR)
            browser.client.host = host
            answer = await browser.get("/_firn/config", {"X-Forwarded-Host": "evil.example"})
            equal(answer.status_code, 303)
            equal(answer.headers["Location"], "/_firn/login?next=/_firn/config")
            assert b"evil" not in (await browser.get("/_firn/login")).body


async def test_next_leads_to_this_site_only():
    with Device() as device:
        for wanted, location in (
            ("/_firn/config", "/_firn/config"),
            ("/_firn/config?a=1", "/_firn/config"),
            ("//evil.example/", "/_firn/"),
            ("https://evil.example/", "/_firn/"),
            ("/\\evil.example", "/_firn/"),
            ("/%5cevil.example", "/_firn/"),
            ("/%2f/evil.example", "/_firn/"),
            ("javascript:alert(1)", "/_firn/"),
            ("/%0d%0aSet-Cookie:a=b", "/_firn/"),
        ):
            path = "/_firn/login?next=" + wanted.replace("%", "%25")
            answer = await device.browser(FAR).log_in(path=path)
            equal(answer.status_code, 303, wanted)
            equal(answer.headers["Location"].partition("?")[0], location, wanted)
            browser = await owner(device)
            equal((await browser.get(path)).headers["Location"].partition("?")[0], location)


async def test_setup_can_be_turned_off():
    with Device('{"setup": false}') as device:
        browser = device.browser(NEAR)
        for path in PATHS + ("/_firn/login", "/_firn", "/_firn/assets/setup.css"):
            equal((await browser.get(path)).status_code, 404, path)
        equal((await browser.log_in()).status_code, 404)


async def test_methods_that_a_page_does_not_have_are_refused():
    with Device() as device:
        browser = await owner(device)
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            answer = await browser.send(method, "/_firn/config")
            assert answer.status_code == 405, (method, answer.status_code)
            assert b"config.json" not in answer.body
        for path in ("/_firn/network/forget", "/_firn/logout"):
            answer = await browser.get(path)
            equal(answer.status_code, 405, path)
            assert "POST" in answer.headers["Allow"]
        equal((await browser.post("/_firn/status.json")).status_code, 405)
        equal((await browser.send("HEAD", "/_firn/")).status_code, 200)
        equal((await browser.get("/_firn")).headers["Location"], "/_firn/")
        answer = await browser.get("/_firn/nothing")
        equal(answer.status_code, 404)
        assert "<nav" in answer.text


async def test_every_answer_forbids_keeping_framing_and_foreign_scripts():
    with Device() as device:
        for browser in (device.browser(FAR), await owner(device)):
            for path in ("/_firn/", "/_firn/login", "/_firn/config", "/_firn/nothing"):
                headers = (await browser.get(path)).headers
                equal(headers["Cache-Control"], "no-store")
                equal(headers["X-Frame-Options"], "DENY")
                equal(headers["X-Content-Type-Options"], "nosniff")
                equal(headers["Referrer-Policy"], "same-origin")
                policy = headers["Content-Security-Policy"]
                assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        cookie = (await device.browser(FAR).log_in()).headers["Set-Cookie"][0].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
        browser = device.browser(FAR)
        browser.client.scheme = "https"
        answer = await browser.post("/_firn/login", {"password": PASSWORD})
        assert "secure" in answer.headers["Set-Cookie"][0].lower()


async def test_forms_are_bounded_and_decoded_strictly():
    with Device() as device:
        browser = device.browser(FAR)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body, status in (
            ("password=" + "x" * 600, 413),
            ("x" * 200, 400),
            ("password=%zz", 400),
            ("password=%+1", 400),
            ("password=%4", 400),
            ("password=%ff", 400),
            ("other=" + "x" * 3000 + "&password=wrong", 403),
        ):
            answer = await browser.send("POST", "/_firn/login", form, body)
            equal(answer.status_code, status, body[:20])
        answer = await browser.send("POST", "/_firn/login", {"Content-Type": "text/plain"}, "a")
        equal(answer.status_code, 415)
