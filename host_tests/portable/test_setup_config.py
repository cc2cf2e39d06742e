"""firn.setup_config: config.json edited in the browser, checked, kept."""

from setup_site import FAR, Device, field, textarea

from expect import equal
from firn import config, replace, setup_mask

KEPT = setup_mask.MARK + " kept %d"
TEXT = (
    '{\n\t"network": {"wifi": [{"ssid": "Café <b>&amp;", "password": "hunter22"}]},\n'
    ' "secret_key" : "s3cr3t-key-of-the-site",\n\n  "server": {"port" : 8080 }\n}  \n'
)
SECRETS = ("hunter22", "s3cr3t-key-of-the-site")


async def visit(device):
    browser = device.browser(FAR)
    await browser.log_in()
    return browser


async def save(browser, text, tag=None):
    if tag is None:
        tag = field(await browser.get("/_firn/config"), "tag")
    # As browsers send a textarea.
    return await browser.post("/_firn/config", {"tag": tag, "text": text.replace("\n", "\r\n")})


async def test_the_text_comes_back_as_it_was_whatever_its_line_ends():
    for data in (TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, "\n\n{}", "{}", "", " "):
        with Device(data) as device:
            browser = await visit(device)
            text = textarea(await browser.get("/_firn/config"))
            for secret in SECRETS:
                assert secret not in text
            answer = await save(browser, text.replace("\r\n", "\n"))
            if not data.strip():
                equal(answer.status_code, 422, data)  # no JSON: an empty file has a mistake
                continue
            equal((answer.status_code, answer.headers["Location"]), (303, "/_firn/config?done=1"))
            equal(device.read(), data.encode(), data)
            answer = await browser.get("/_firn/config?done=1")
            assert 'action="/_firn/restart"' in answer.text


async def test_a_change_is_kept_with_the_secrets_in_their_places():
    with Device(TEXT) as device:
        browser = await visit(device)
        text = textarea(await browser.get("/_firn/config"))
        assert KEPT % 1 in text and KEPT % 2 in text and "Café <b>&amp;" in text
        equal((await save(browser, text.replace("8080", "8081"))).status_code, 303)
        equal(device.read().decode(), TEXT.replace("8080", "8081"))
        # The previous one is there still, and what is edited next is the new one.
        with open(device.path + ".bak", "rb") as file:
            equal(file.read().decode(), TEXT)
        assert "8081" in textarea(await browser.get("/_firn/config"))


async def test_mistakes_are_shown_at_their_line_and_nothing_is_written():
    with Device(TEXT) as device:
        browser = await visit(device)
        text = textarea(await browser.get("/_firn/config"))
        for wrong, line, message in (
            (text.replace("8080", "99999"), 5, "expected an integer from 1 to 65535, got 99999"),
            (text.replace('"port"', '"prot"'), 5, "prot"),
            (text.replace("8080", "8080,"), 5, "JSON has no comma after the last entry"),
            (text.replace('"server"', "server"), 5, "expected a key in double quotes"),
            (text.replace(KEPT % 2, KEPT % 7), 3, "placeholder"),
            (text.replace('"port" : 8080', '"port": "%s"' % (KEPT % 1)), 5, "got a placeholder"),
            (text.replace(KEPT % 1, "short"), 2, "8 to 63 ASCII characters"),
        ):
            answer = await save(browser, wrong)
            equal(answer.status_code, 422, message)
            page = answer.text
            assert message in page, (message, page)
            assert 'data-line="%d">line %d</a>' % (line, line) in page, page
            shown = wrong.split("\n")[line - 1]
            assert "<mark>%3d  " % line in page
            equal(textarea(answer), wrong)
            assert shown
            for secret in SECRETS:
                assert secret not in page
            equal(device.read().decode(), TEXT)


async def test_a_file_with_mistakes_is_shown_with_them_and_can_be_put_right():
    with Device('{\n "network": {"wifi": [{"ssid": "a" "password": "hunter22"}]}\n}') as device:
        browser = await visit(device)
        answer = await browser.get("/_firn/config")
        assert "hunter22" not in answer.text and "line 2" in answer.text
        text = textarea(answer).replace('"a" ', '"a", ')
        text = text.replace('"%s"' % (KEPT % 1), '"password"')
        answer = await save(browser, text)
        equal(answer.status_code, 303)
        equal(config.load(device.path).problems, [])
        equal(config.load(device.path).network.wifi[0].password, "hunter22")


async def test_a_file_that_is_not_text_is_shown_as_far_as_it_can_be():
    with Device(b'{"network": {"hostname": "\xff\xfe\x00"}}\n\x80') as device:
        browser = await visit(device)
        answer = await browser.get("/_firn/config")
        equal(answer.status_code, 200)
        assert "UTF-8" in answer.text and "hostname" in answer.text
        equal((await save(browser, "{}")).status_code, 303)
        equal(device.read(), b"{}")


async def test_what_was_changed_meanwhile_is_not_overwritten():
    with Device(TEXT) as device:
        browser = await visit(device)
        answer = await browser.get("/_firn/config")
        device.write(b'{"server": {"port": 1234}}')
        answer = await save(browser, '{"server": {"port": 5678}}', field(answer, "tag"))
        equal(answer.status_code, 409)
        assert "1234" in textarea(answer) and "5678" in answer.text.split("The file now")[0]
        equal(device.read(), b'{"server": {"port": 1234}}')
        # The form of that page is for the file as it is now.
        answer = await save(browser, '{"server": {"port": 5678}}', field(answer, "tag"))
        equal(answer.status_code, 303)
        equal((await save(browser, "{}", "")).status_code, 409)


async def test_too_long_a_text_is_refused():
    with Device("{}") as device:
        browser = await visit(device)
        limit = config.LIMIT
        config.LIMIT = 512
        try:
            answer = await save(browser, '{"$schema": "%s"}' % ("x" * 512))
            equal(answer.status_code, 422)
            assert "at most 512 bytes" in answer.text
            equal((await save(browser, "x" * 1537)).status_code, 413)
            equal(device.read(), b"{}")
            device.write(b" " * 513)
            answer = await browser.get("/_firn/config")
        finally:
            config.LIMIT = limit
        assert "at most 512 bytes" in answer.text and "<textarea" not in answer.text


async def test_a_full_filesystem_loses_nothing():
    def full(path, data):
        raise OSError(28)

    with Device(TEXT) as device:
        browser = await visit(device)
        text = textarea(await browser.get("/_firn/config")).replace("8080", "8081")
        write = replace.write
        replace.write = full
        try:
            answer = await save(browser, text)
        finally:
            replace.write = write
        equal(answer.status_code, 507)
        equal(textarea(answer), text)
        equal(device.read().decode(), TEXT)


async def test_without_a_file_an_empty_editor_makes_one():
    with Device("") as device:
        import os

        os.remove(device.path)
        browser = await visit(device)
        answer = await browser.get("/_firn/config")
        equal(textarea(answer), "")
        assert "mistakes" not in answer.text
        equal((await save(browser, "{}\n")).status_code, 303)
        equal(device.read(), b"{}\n")


async def test_while_the_last_good_configuration_is_used_the_other_one_is_edited():
    with Device("{ ") as device:
        device.config.path = device.path.replace("config.json", "config.good.json")
        browser = await visit(device)
        answer = await browser.get("/_firn/config")
        equal(textarea(answer), "{ ")
        equal((await save(browser, "{}")).status_code, 303)
        equal(device.read(), b"{}")
