"""firn.setup_mask: no secret in what is shown, and the same bytes when it comes back."""

from expect import equal, raises
from firn import json_text, setup_mask

HASH = "pbkdf2$5000$00112233445566778899aabbccddeeff$" + "a" * 64
SECRETS = (b"hunter22", b"s3cr3t-key-of-the-site", b"apple-pie", b"pbkdf2", b"aaaaaaaa")
WHOLE = (
    '{\r\n\t"network" : {"hostname":"firn","wifi":[ {"ssid":"home" ,"password":"hunter22"},'
    '{"password": "hunter22\\"x", "ssid": "h\\u00e4user"}],'
    '"ip": {"address": "10.0.0.2"}, "access_point": {"password": "apple-pie", "channel": 3}},\n'
    '  "secret_key": "s3cr3t-key-of-the-site", "server": {"port": 80, '
    '"tls": {"cert": "c.der", "key": "k.der"}},\n'
    '  "users": {"admin": "%s", "hostname": "%s", "b": "hunter22"},\n'
    '  "cors": {"allowed_origins": ["https://a.example", "https://b.example"]},\n'
    '  "static": [], "setup": true, "log": {"level":"info"}}\n'
) % (HASH, HASH)
SEEN = (b'"firn"', b'"home"', b"u00e4", b"10.0.0.2", b"k.der", b"https://b.example", b"80",
        b"true", b'"info"', b'"admin"', b"\r\n\t")  # fmt: skip
# Texts with mistakes, by people who were thinking of a password.
MISTAKES = (
    '{"network": {"wifi": [{"ssid": "home", "password": hunter22}]}}',
    '{"network": {"wifi": [{"ssid": "home", "password": \'hunter22\'}]}}',
    '{"network": {"wifi": [{"ssid": "home", "password": "hunter22}]}}',
    '{"network": {"wifi": [{"ssid": "home", "password" "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", "password", "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", "password: "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", password": "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home, "password": "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": home", "password": "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home" "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", "key": "hunter22"}]}}',
    '{"network": {"wifi": [{"ssid": "home", "pass": ["hunter22", {"a": "hunter22"}]}]}}',
    '{"network": {"wifi": ["home", "hunter22"]}}',
    '{"network": {"wifi": {"home": "hunter22"}}}',
    '{"network": {"wifi": "hunter22", "password": "hunter22"}}',
    '{"wifi": {"ssid": "home", "password": "hunter22"}}',
    '{"network": {"wifi": [{"ssid": "home", "password": "hunter22"],}',
    '{"network": {"wifi": [{"ssid": "home", "password": "hunter22"}}}}',
    '{"network": {"wifi": [{"ssid": "home", // hunter22, the old one\n"password": ""}]}}',
    '{"network": {"wifi": [{"ssid": "home"}]}} # hunter22',
    "hunter22",
    '"hunter22"',
    '["hunter22"]',
    "network:\n  wifi:\n    - ssid: home\n      password: hunter22\n",
    "ssid = home\npassword = hunter22\n",
    '{"secret_key": s3cr3t-key-of-the-site}',
    '{"secret_key": {"hostname": "s3cr3t-key-of-the-site"}}',
    '{"users": {"admin": {"password": "apple-pie"}}}',
    '{"users": ["%s"]}' % HASH,
    '{"users": {"admin": "%s" "path": "%s"}}' % (HASH, HASH),
    '{"users": }{"static": [{"path": "%s"}]}' % HASH,
    '{"hostname": "%s"}' % HASH,
    '{"network": {"passw\\u006frd": "hunter22"}}',
    "[" * 300 + '"hunter22"',
    "{" + '"a": "hunter22", ' * 210 + "}",
)


def shown(data):
    return b"".join(setup_mask.masked(data, setup_mask.spans(data)))


def test_a_text_is_shown_without_its_secrets_and_comes_back_byte_for_byte():
    data = WHOLE.encode()
    text = shown(data)
    for secret in SECRETS:
        assert secret not in text, secret
    for word in SEEN:
        assert word in text, word
    json_text.loads(text)
    equal(setup_mask.restored(text, data), data)


def test_no_mistake_in_the_text_lets_a_secret_be_seen():
    for text in MISTAKES:
        data = text.encode()
        for secret in SECRETS:
            assert secret not in shown(data), text
        equal(shown(data).count(b"\n"), data.count(b"\n"), text)


def test_what_is_wrong_comes_back_too_where_it_is_still_no_value():
    for text in MISTAKES:
        data = text.encode()
        equal(setup_mask.restored(shown(data), data), data)


def test_every_cut_of_a_text_hides_the_secrets():
    data = WHOLE.encode()
    for end in range(0, len(data), 3):
        text = shown(data[:end])
        for secret in SECRETS:
            assert secret not in text, end
            assert secret not in shown(data[end:]) or data[end:].find(secret) < 0, end


def test_a_secret_may_move_to_where_secrets_stand_and_nowhere_else():
    data = b'{"network": {"wifi": [{"ssid": "a", "password": "hunter22"}]}}'
    kept = '"%s kept 1"' % setup_mask.MARK
    moved = '{"network": {"access_point": {"password": %s}}}' % kept
    equal(
        setup_mask.restored(moved.encode(), data),
        b'{"network": {"access_point": {"password": "hunter22"}}}',
    )
    for text in (
        '{"network": {"hostname": %s}}',
        '{"network": {"wifi": [{"ssid": %s}]}}',
        '{"cors": {"allowed_origins": [%s]}}',
        "{%s: 1}",
        '{"network": {"hostname": "x%s"}}',
    ):
        text = (text % kept).encode()
        error = raises(setup_mask.Misplaced, setup_mask.restored, text, data)
        assert text[error.args[0] :].startswith(setup_mask.MARK.encode())


def test_placeholders_that_stand_for_nothing_are_named():
    data = b'{"secret_key": "s3cr3t-key-of-the-site"}'
    for words in ("", " kept", " kept x", " kept 0", " kept 2", " kept 12345", " held 1"):
        text = ('{"secret_key": "%s%s"}' % (setup_mask.MARK, words)).encode()
        error = raises(setup_mask.Misplaced, setup_mask.restored, text, data)
        equal(error.args[0], 16)


def test_new_values_replace_placeholders():
    data = b'{"secret_key": "s3cr3t-key-of-the-site", "setup": true}'
    text = shown(data).replace(('"%s kept 1"' % setup_mask.MARK).encode(), b'"another-key-here-"')
    equal(setup_mask.restored(text, data), b'{"secret_key": "another-key-here-", "setup": true}')
