"""firn.setup_network: networks found, chosen and forgotten in the text of config.json."""

from setup_site import FAR, Device

from expect import equal
from firn import config
from firn.setup_network import with_network, without_network

FOUND = [("café & <co>", -40, True), ("open one", -70, False)]


class Network:
    """The interface of firn.network."""

    scans = 0

    @staticmethod
    def values():
        return {"state": "connected", "ssid": "home", "address": "10.0.0.9", "rssi": -50,
                "access_point": {"ssid": "firn-1", "address": "192.168.4.1", "clients": 2},
                "hostname": "firn"}  # fmt: skip

    @staticmethod
    async def scan():
        Network.scans += 1
        return FOUND

    @staticmethod
    def via_access_point(address):
        return False


async def visit(device):
    browser = device.browser(FAR)
    await browser.log_in()
    return browser


CASES = (
    ("", '{"network": {"wifi": [{NEW}]}}\n'),
    ("{}", '{"network": {"wifi": [{NEW}]}}'),
    ('{"network": {}}', '{"network": {"wifi": [{NEW}]}}'),
    ('{"network": {"wifi": []}}', '{"network": {"wifi": [{NEW}]}}'),
    (
        '{"network": {"wifi": [{"ssid": "a"}]} }\n',
        '{"network": {"wifi": [{NEW}, {"ssid": "a"}]} }\n',
    ),
    (
        '{\n  "setup": true,\n  "network": {\n    "hostname": "x"\n  }\n}',
        '{\n  "setup": true,\n  "network": {\n    "hostname": "x",\n    "wifi": [{NEW}]\n  }\n}',
    ),
    (
        '{"network": {"wifi": [\n  {"ssid": "a"}\n]}}',
        '{"network": {"wifi": [\n  {NEW},\n  {"ssid": "a"}\n]}}',
    ),
    (
        '{"setup":true}',
        '{"setup":true, "network": {"wifi": [{NEW}]}}',
    ),
    (
        '{"network": {"wifi": [{"password" : "old" , "ssid": "new\\u0020one" }, {"ssid":"b"}]}}',
        '{"network": {"wifi": [{"password" : "12345678" , "ssid": "new\\u0020one" }, '
        '{"ssid":"b"}]}}',
    ),
    (
        '{"network": {"wifi": [{"ssid": "new one"}]}}',
        '{"network": {"wifi": [{"ssid": "new one", "password": "12345678"}]}}',
    ),
)


def test_a_network_is_added_or_given_a_password_and_the_rest_stays():
    for before, after in CASES:
        after = after.replace("{NEW}", '{"ssid": "new one", "password": "12345678"}')
        data = with_network(before.encode(), "new one", "12345678")
        equal(data.decode(), after)
        equal(config.check(data).problems, [])


def test_a_network_is_forgotten_and_the_rest_stays():
    for before, after in (
        ('[{"ssid": "a"}]', "[]"),
        ('[ {"ssid": "a"} , {"ssid": "b"} ]', '[ {"ssid": "b"} ]'),
        ('[{"ssid": "b"},\n {"ssid": "a", "password": "x"}\n]', '[{"ssid": "b"}\n]'),
        ('[{"ssid": "a"}, {"ssid": "b"}, {"ssid": "a"}]', '[{"ssid": "b"}]'),
        ('[{"ssid": "b"}]', '[{"ssid": "b"}]'),
    ):
        text = '{"network": {"wifi": %s}, "setup": true}\n'
        equal(without_network((text % before).encode(), "a").decode(), text % after)


async def test_the_page_shows_the_state_and_looks_for_networks_when_asked():
    with Device(modules={"network": Network}) as device:
        browser = await visit(device)
        Network.scans = 0
        text = (await browser.get("/_firn/network")).text
        for words in ("connected", "10.0.0.9", "-50 dBm", "firn-1 at 192.168.4.1", "fallback"):
            assert words in text, words
        equal(Network.scans, 0)
        text = (await browser.get("/_firn/network?scan=1")).text
        equal(Network.scans, 1)
        assert "café &amp; &lt;co&gt;" in text and "-70 dBm, open" in text
        assert "<co>" not in text


async def test_without_a_radio_nothing_is_found_and_everything_works():
    with Device() as device:
        browser = await visit(device)
        answer = await browser.get("/_firn/network?scan=1")
        assert "None was found" in answer.text and "of the machine" in answer.text
        answer = await browser.post("/_firn/network", {"ssid": "a", "password": "12345678"})
        equal(answer.headers["Location"], "/_firn/network?done=chosen")
        answer = await browser.get("/_firn/network?done=chosen")
        assert 'action="/_firn/restart"' in answer.text
        assert "12345678" not in answer.text
        assert 'name="ssid" value="a"' in answer.text  # to be forgotten


async def test_choosing_a_network_writes_the_configuration():
    with Device('{"network": {"wifi": [{"ssid": "old", "password": "hunter22"}]}}') as device:
        browser = await visit(device)
        answer = await browser.post("/_firn/network", {"ssid": FOUND[0][0], "password": "a" * 64})
        equal(answer.status_code, 303)
        wifi = config.load(device.path).network.wifi
        equal([one.ssid for one in wifi], [FOUND[0][0], "old"])
        equal((await browser.post("/_firn/network", {"ssid": "o", "open": "1"})).status_code, 303)
        answer = await browser.post("/_firn/network/forget", {"ssid": FOUND[0][0]})
        equal(answer.headers["Location"], "/_firn/network?done=forgotten")
        wifi = config.load(device.path).network.wifi
        equal([(one.ssid, one.password) for one in wifi], [("o", ""), ("old", "hunter22")])


async def test_what_cannot_be_a_network_is_refused():
    with Device("{}") as device:
        browser = await visit(device)
        for fields, words in (
            ({}, "expected a network name of 1 to 32 bytes, got 0 bytes"),
            ({"ssid": "é" * 17, "password": "12345678"}, "got 34 bytes"),
            ({"ssid": "a", "password": "1234567"}, "got 7 characters"),
            ({"ssid": "a", "password": "1234567é"}, "got 8 characters"),
            ({"ssid": "a", "password": "x" * 64}, "got 64 characters"),
            ({"ssid": "a"}, "got neither"),
            ({"ssid": "a", "password": "12345678", "open": "1"}, "got both"),
        ):
            answer = await browser.post("/_firn/network", fields)
            equal(answer.status_code, 422, words)
            assert words in answer.text, words
        equal((await browser.post("/_firn/network/forget", {"ssid": "a"})).status_code, 422)
        equal((await browser.post("/_firn/network", {"ssid": "a" * 97})).status_code, 413)
        equal(device.read(), b"{}")


async def test_a_configuration_that_cannot_be_read_is_left_alone():
    for text in ('{"network": ', "[]", '{"network": 5}', '{"network": {"wifi": [], }}'):
        with Device(text) as device:
            browser = await visit(device)
            equal((await browser.get("/_firn/network")).status_code, 200)
            answer = await browser.post("/_firn/network", {"ssid": "a", "password": "12345678"})
            equal(answer.status_code, 422, text)
            equal(device.read().decode(), text)


async def test_a_mistake_elsewhere_does_not_keep_the_device_off_the_network():
    with Device('{"server": {"port": 0}}') as device:
        browser = await visit(device)
        answer = await browser.post("/_firn/network", {"ssid": "a", "password": "12345678"})
        equal(answer.status_code, 303)
        equal(config.load(device.path).network.wifi[0].ssid, "a")
