"""An upload of 10 MB, saved to the flash of an emulated board whose heap is 64 KB."""

import hashlib
import json
import random
import select
import socket

import pytest

from firn_tools import flash_image
from targets import ROOT, QemuSite

pytestmark = [pytest.mark.image, pytest.mark.timeout(1200)]

_SITE = ROOT / "host_tests" / "forms_site"
_SIZE = 10 * 1024 * 1024
_FLASH = 12 * 1024 * 1024  # the filesystem; a whole number of blocks
_HEAP = 64 * 1024
_HEADER = b'--XX\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n'
_END = b"\r\n--XX--\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    flash = tmp_path_factory.mktemp("flash") / "flash.img"
    flash_image.create(_SITE, flash, _FLASH)
    with QemuSite(_SITE, flash, heap=_HEAP) as site:
        yield site
        assert "Traceback" not in site.console, site.console


def get(site, path):
    """The Answer; asked again where the emulated network loses the connection for good."""
    for timeout in (60, 120, 240):
        try:
            return site.request("GET", path, timeout=timeout)
        except TimeoutError:
            continue
    raise AssertionError("expected an answer of %s; the console says:\n%s" % (path, site.console))


def state(site):
    return json.loads(get(site, "/state").text)


def contents(seed):
    """The file in pieces, and what /digest says of it."""
    source = random.Random(seed)
    pieces = [source.randbytes(65536) for _ in range(_SIZE // 65536)]
    return pieces, [_SIZE, hashlib.sha256(b"".join(pieces)).hexdigest()[:16]]


def upload(site, path, pieces, cut=None):
    """The answer (bytes) to a form with the file; ``cut``: pieces after which the client goes."""
    length = len(_HEADER) + sum(map(len, pieces)) + len(_END)
    with socket.create_connection(("127.0.0.1", site.port), timeout=500) as client:
        client.sendall(
            b"POST %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n"
            b"Content-Type: multipart/form-data; boundary=XX\r\n\r\n" % (path, length) + _HEADER
        )
        send(client, [*pieces, _END][:cut])
        return client.recv(4096) if not cut else b""


def send(client, pieces):
    """Send ``pieces`` until they are sent or, before that, an answer comes."""
    for piece in pieces:
        left = memoryview(piece)
        while left:
            readable, _, _ = select.select([client], [client], [])
            if readable:
                return
            left = left[client.send(left, socket.MSG_DONTWAIT) :]


def saved(site, name):
    """Size and digest of a saved file; so little memory may not suffice for it the first time."""

    def answered():
        answer = get(site, "/digest/" + name)
        assert answer.status in (200, 503), answer.text
        return answer.text if answer.status == 200 else None

    return json.loads(site.wait(answered, "the digest of " + name))


def test_10_mb_are_saved_and_the_heap_is_as_before(site):
    states = []
    for seed in (1, 2):
        pieces, digest = contents(seed)
        answer = upload(site, b"/save/big", pieces)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer
        assert saved(site, "big") == digest
        site.request("POST", "/remove/big")  # littlefs keeps it until another of its name is whole
        states.append(state(site))
    for _ in range(10):
        assert upload(site, b"/save/small", pieces[:1]).startswith(b"HTTP/1.1 200 OK\r\n")
        site.request("POST", "/remove/small")
        states.append(state(site))
    # The first has loaded the modules; a piece of a body may be kept by a pointer that the
    # collector takes for one to it.
    assert states[-1]["files"] == []
    assert states[-1]["used"] < states[0]["used"] + 2560, states


def test_a_client_that_goes_after_5_mb_leaves_nothing(site):
    upload(site, b"/save/half", contents(3)[0], cut=80)
    site.wait(lambda: state(site)["files"] == [], "the end of the half of a file")


def test_a_form_that_needs_more_memory_than_there_is_costs_nothing_but_itself(site):
    header = _HEADER.replace(b"\r\n\r\n", b"\r\n\r\n" + b"x" * 1000)
    piece = (header + b"\r\n")[2:]
    fits = send_form(site, b"--" + piece + _END)
    assert fits.startswith(b"HTTP/1.1 200 "), fits
    too_much = send_form(site, b"--" + b"--".join([piece] * 60) + _END)
    assert too_much.startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 200 ")), too_much
    assert state(site)["files"] == []
    assert send_form(site, b"--" + piece + _END) == fits


def send_form(site, body):
    with socket.create_connection(("127.0.0.1", site.port), timeout=200) as client:
        send(client, [
            b"POST /form HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n"
            b"Content-Type: multipart/form-data; boundary=XX\r\n\r\n" % len(body) + body
        ])  # fmt: skip
        return client.recv(4096).split(b"\r\n\r\n")[0].split(b"Date:")[0]


def test_a_form_beyond_the_flash_is_refused(site):
    pieces, digest = contents(4)
    assert upload(site, b"/save/first", pieces).startswith(b"HTTP/1.1 200 ")
    answer = upload(site, b"/form", pieces)
    assert answer.startswith(b"HTTP/1.1 507 Insufficient Storage\r\n"), answer
    assert state(site)["files"] == ["first"]
    assert saved(site, "first") == digest
    site.request("POST", "/remove/first")
