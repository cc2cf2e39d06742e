"""HTTPS from the images, with the certificate that config.json names."""

import http.client
import json
import ssl

import pytest

pytestmark = [pytest.mark.image, pytest.mark.timeout(180)]


@pytest.fixture
def folder(tmp_path, certificate):
    site = tmp_path / "site"
    (site / "www").mkdir(parents=True)
    (site / "www" / "index.html").write_text("over TLS")
    for name in ("cert.der", "key.der"):
        (site / name).write_bytes((certificate / name).read_bytes())
    return site


def get(site, certificate, path="/"):
    context = ssl.create_default_context(cafile=certificate / "cert.pem")
    connection = http.client.HTTPSConnection("127.0.0.1", site.port, timeout=30, context=context)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_the_site_is_served_over_tls(boot, target, folder, certificate):
    config = {"server": {"tls": {"cert": "cert.der", "key": "key.der"}}}
    (folder / "config.json").write_text(json.dumps(config))
    with boot(target, folder, wait=False) as site:
        site.wait_for_console("firn: serving on https://")
        for _ in range(3):
            assert get(site, certificate) == (200, "over TLS")
        # Plain HTTP on that port gets nothing of the site, and does not stop it.
        with pytest.raises((OSError, http.client.HTTPException)):
            site.request("GET", "/", timeout=5)
        assert get(site, certificate) == (200, "over TLS")


@pytest.mark.parametrize("target", ["unix", "qemu"])
@pytest.mark.parametrize(
    ("tls", "key"),
    [
        ({"cert": "absent.der", "key": "key.der"}, "server.tls"),
        ({"cert": "www/index.html", "key": "key.der"}, "server.tls"),
        ({"cert": "cert.der"}, "server.tls: expected the key"),
    ],
    ids=["absent", "no certificate", "no key"],
)
def test_without_its_certificate_the_site_never_falls_back_to_plain_http(
    boot, target, folder, tls, key
):
    (folder / "config.json").write_text(json.dumps({"server": {"tls": tls}}))
    with boot(target, folder) as site:
        for path in ("/", "/index.html"):
            answer = site.get(path)
            assert answer.status == 500
            assert "over TLS" not in answer.text
        assert key in answer.text
