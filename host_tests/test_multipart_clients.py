"""Forms as curl, Python's email package and browsers send them, to every target."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import time
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import HTTP

import pytest
from corpus_client import Client
from corpus_targets import TARGETS, start

from firn_tools import programs
from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

_SITE = ROOT / "host_tests" / "forms_site"
_BROWSER = b"----WebKitFormBoundary7MA4YWxkTrZu0gW"
_RANDOM = random.Random(1).randbytes(40000)


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(_SITE / "main.py", folder)
    with start(request.param, boot, folder) as site:
        yield site
        assert "Traceback" not in site.console, site.console


@pytest.fixture(autouse=True)
def nothing_stays(site):
    """No file of a request is there once it was answered, nor memory that grows with requests."""
    yield
    assert state(site)["files"] == []


def state(site):
    return json.loads(site.get("/state").text)


def digest(data):
    return [len(data), hashlib.sha256(data).hexdigest()[:16]]


def curl(site, path, *arguments):
    """(status, body) of what curl gets for a form with these ``arguments``."""
    programs.ensure("curl")
    command = ["curl", "-sS", "-m", "60", "-w", "\n%{http_code}", *arguments]
    done = subprocess.run(
        [*command, "http://127.0.0.1:%d%s" % (site.port, path)],
        capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def post(site, body, content_type, path="/form"):
    answer = site.request("POST", path, {"Content-Type": content_type}, body)
    return answer.status, answer.text


def browser_form(*parts):
    lines = []
    for header, content in parts:
        lines += [b"--" + _BROWSER, b"Content-Disposition: form-data; " + header, b"", content]
    return b"\r\n".join([*lines, b"--" + _BROWSER + b"--", b""])


def browser_post(site, *parts, path="/form"):
    content_type = "multipart/form-data; boundary=" + _BROWSER.decode()
    return post(site, browser_form(*parts), content_type, path)


def test_a_form_of_curl(site, tmp_path):
    long, short = tmp_path / "long \u00e4.bin", tmp_path / "short.txt"
    long.write_bytes(_RANDOM)
    short.write_bytes(b"abc")
    status, body = curl(
        site, "/form", "-F", "a=1", "-F", "a=\u00fc;type=text/plain", "-F", "long=@%s" % long,
        "-F", 'short=@%s;filename="C:\\x\\..\\a b.txt";type=text/x' % short, "-F", "b=",
    )  # fmt: skip
    assert status == 200, body
    assert json.loads(body) == {
        "texts": [["a", ["1", "\u00fc"]], ["b", [""]]],
        "files": [
            ["long", "long \u00e4.bin", "application/octet-stream", *digest(_RANDOM)],
            ["short", "a b.txt", "text/x", *digest(b"abc")],
        ],
    }


def test_curl_with_chunks_and_without_waiting_for_leave(site, tmp_path):
    path = tmp_path / "f"
    path.write_bytes(_RANDOM)
    for header in ("Transfer-Encoding: chunked", "Expect:", "Expect: 100-continue"):
        status, body = curl(site, "/form", "-H", header, "-F", "f=@%s" % path)
        assert status == 200, body
        assert json.loads(body)["files"][0][3:] == digest(_RANDOM)


def test_a_form_of_python_s_email_package(site):
    message = MIMEMultipart("form-data")
    for name, filename, content in (("a", None, b"text"), ("f", "long name.bin", _RANDOM[:3000])):
        part = MIMENonMultipart("application", "octet-stream")
        part.add_header("Content-Disposition", "form-data", name=name)
        if filename:
            part.set_param("filename", filename, "Content-Disposition")
        part.set_payload(content.decode("latin-1"))
        del part["MIME-Version"]
        message.attach(part)
    message.set_boundary("=" * 15 + "1234567890 ?=" + "=" * 2)
    parts = [b"--%s\r\n%s" % (message.get_boundary().encode(), head(part))
             for part in message.get_payload()]  # fmt: skip
    body = b"\r\n".join([*parts, b"--%s--" % message.get_boundary().encode()])
    status, text = post(site, body, message["Content-Type"])
    assert status == 200, text
    assert json.loads(text) == {
        "texts": [["a", ["text"]]],
        "files": [
            ["f", "long name.bin", "application/octet-stream", *digest(_RANDOM[:3000])],
        ],
    }


def head(part):
    """A part as the package writes it, its payload as the bytes it stands for."""
    payload = part.get_payload()
    part.set_payload("")
    return part.as_bytes(policy=HTTP.clone(max_line_length=60)) + payload.encode("latin-1")


def test_what_browsers_make_of_names(site):
    status, text = browser_post(
        site,
        (b'name="a%22%0D%0Ab"', b"1\r\n2"),
        (b'name="f"; filename="x%22y.txt"\r\nContent-Type: text/plain', b"\r\n--" + _BROWSER[:-1]),
        (b'name="none"; filename=""\r\nContent-Type: application/octet-stream', b""),
    )
    assert status == 200, text
    assert json.loads(text) == {
        "texts": [['a"\r\nb', ["1\r\n2"]]],
        "files": [
            ["f", 'x"y.txt', "text/plain", *digest(b"\r\n--" + _BROWSER[:-1])],
            ["none", "", "application/octet-stream", *digest(b"")],
        ],
    }


def test_an_empty_form(site):
    assert json.loads(browser_post(site)[1]) == {"texts": [], "files": []}


def test_saving_and_skipping(site):
    parts = ((b'name="a"', b"1"), (b'name="f"; filename="x"', _RANDOM), (b'name="b"', b"2"))
    assert json.loads(browser_post(site, *parts, path="/skip")[1]) == {"names": ["a", "f", "b"]}
    assert json.loads(browser_post(site, *parts, path="/save/x")[1]) == {"saved": ["f"]}
    assert json.loads(site.get("/digest/x").text) == digest(_RANDOM)
    assert state(site)["files"] == ["x"]
    site.request("POST", "/remove/x")


def head_of(body, length=None):
    return (
        b"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n"
        b"Content-Type: multipart/form-data; boundary=%s\r\n\r\n"
        % (len(body) if length is None else length, _BROWSER)
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"garbage", 400),
        (b"garbage" * 5000, 400),
        (b"--" + _BROWSER, 400),
        (b"\r\n" * 20000, 400),
        (browser_form((b'name="f"; filename="x"', b"1" * 20000))[:-60], 400),
        (browser_form((b"x=1", b"1" * 20000)), 400),
        (browser_form((b'name="f"; x="%s"' % (b"x" * 20000), b"1")), 413),
        (browser_form((b'name="f"', b"1" * 20000)), 413),
        (browser_form(*[(b'name="f"', b"1")] * 200), 413),
    ],
    ids=range(9),
)
def test_a_malformed_form_is_refused_and_the_connection_goes_on(site, body, status):
    with Client(site.port) as client:
        client.send(head_of(body) + body)
        assert client.answer()[0] == status
        if status == 400:
            client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.answer()[2] == b"hello"


def test_a_long_malformed_form_is_refused_before_it_was_sent(site):
    with Client(site.port) as client:
        client.send(head_of(b"", 10000000) + b"x" * 20000)
        assert client.answer()[0] == 400


def test_a_client_that_goes_in_the_middle_leaves_nothing(site):
    body = browser_form((b'name="f"; filename="x"', b"1" * 30000))
    with Client(site.port) as client:
        client.send(head_of(body) + body[:20000])
        site.wait(lambda: state(site)["files"], "a temporary file")
        client.reset()
    site.wait(lambda: not state(site)["files"], "the end of the temporary file")
    with Client(site.port) as client:
        client.send(head_of(body) + body[:25000])
        client.end()
        assert client.answer()[0] == 400


def test_memory_and_handles_are_as_before(site):
    parts = [(b'name="a"', b"1"), (b'name="f"; filename="x"', _RANDOM)]
    for path in ("/form", "/skip", "/form"):
        browser_post(site, *parts, path=path)
    before = settled(site)
    for _ in range(10):
        browser_post(site, *parts)
        browser_post(site, *parts, path="/skip")
        browser_post(site, (b"garbage", b""))
    after = settled(site)
    # A piece of a body may be kept by a pointer that the collector takes for one to it.
    assert after["used"] < before["used"] + 2560, (before, after)
    assert site.target == "qemu" or handles(site) == []


def settled(site):
    """The state once connections that were closed are gone."""
    seen = []

    def same():
        seen.append(state(site))
        time.sleep(0.05)
        return len(seen) > 3 and seen[-1]["used"] == seen[-2]["used"] and seen[-1]

    return site.wait(same, "memory that does not change")


def handles(site):
    """Open files of the process that are in its directory for uploads."""
    folder = "/proc/%d/fd" % site.process.pid
    links = [os.path.join(folder, name) for name in os.listdir(folder)]
    targets = [os.readlink(link) for link in links if os.path.islink(link)]
    return [target for target in targets if target.startswith(str(site.folder / "uploads"))]
