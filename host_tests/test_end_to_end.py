"""The sample site over HTTP, from every image."""

import http.client
import json
import re

import pytest

from firn_tools import boards

pytestmark = pytest.mark.image


def test_the_start_page_is_the_file(sample_site):
    answer = sample_site.get("/")
    assert answer.status == 200
    assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    assert answer.body == (sample_site.folder / "www" / "index.html").read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("style.css", "text/css; charset=utf-8"),
        ("live.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_files_have_their_types(sample_site, name, content_type):
    answer = sample_site.get("/" + name)
    assert answer.status == 200
    assert answer.headers["Content-Type"].lower().startswith(content_type.split(";")[0])
    assert answer.body == (sample_site.folder / "www" / name).read_bytes()


def test_pages_name_no_outside_resource(sample_site):
    for path in ("/", "/style.css", "/live.js", "/about"):
        text = sample_site.get(path).text
        assert not re.findall(r"(?:src|href|url)\W{1,3}(?:https?:)?//", text)


def test_the_json_route_has_live_values(sample_site):
    first, second = (sample_site.get("/api/status").text for _ in range(2))
    first, second = json.loads(first), json.loads(second)
    assert second["requests"] > first["requests"] >= 1
    assert first["heap_free"] > 0 and first["heap_used"] > 0
    assert 0 <= first["uptime"] <= second["uptime"]
    assert first["micropython"] == "1.25.0"


def test_the_about_page_is_rendered_and_escapes(sample_site):
    answer = sample_site.get("/about", User_Agent="<script>alert(1)</script>")
    assert answer.status == 200
    assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>" not in answer.text
    assert re.search(r"Your address</th><td>(127|10)\.\d+\.\d+\.\d+</td>", answer.text)


def test_a_redirect_leads_to_its_target(sample_site):
    answer = sample_site.get("/status")
    assert answer.status == 302
    assert answer.headers["Location"] == "/api/status"


def test_an_unchanged_file_is_not_sent_again(sample_site):
    first = sample_site.get("/style.css")
    again = sample_site.get("/style.css", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    other = sample_site.get("/style.css", If_None_Match='"other"')
    assert other.status == 200


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=3-3", 3, 4)],
)
def test_a_range_of_a_file_is_sent_alone(sample_site, wanted, start, end):
    whole = sample_site.get("/style.css").body
    answer = sample_site.get("/style.css", Range=wanted)
    assert answer.status == 206
    assert answer.body == whole[start:end]
    first = start if start >= 0 else len(whole) + start
    assert answer.headers["Content-Range"] == "bytes %d-%d/%d" % (
        first,
        first + len(answer.body) - 1,
        len(whole),
    )


def test_a_range_beyond_the_file_is_refused(sample_site):
    size = len(sample_site.get("/style.css").body)
    answer = sample_site.get("/style.css", Range="bytes=999999-")
    assert answer.status == 416
    assert answer.headers["Content-Range"] == "bytes */%d" % size


def test_head_has_the_headers_alone(sample_site):
    answer = sample_site.request("HEAD", "/")
    page = (sample_site.folder / "www" / "index.html").read_bytes()
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(page)


@pytest.mark.parametrize(
    "path",
    [
        "/../config.json",
        "/%2e%2e/config.json",
        "/..%2fconfig.json",
        "/%2e%2e%2fconfig.json",
        "/..%5cconfig.json",
        "/.%2e/config.json",
        "//config.json",
        "/www/../../config.json",
        "/x/%2e%2e/%2e%2e/config.json",
        "/%00/config.json",
        "/index.html%00.css",
        "/....//config.json",
        "/./../config.json",
        "/%252e%252e/config.json",
    ],
)
def test_nothing_outside_the_directory_is_served(sample_site, path):
    answer = sample_site.get(path)
    assert answer.status in (400, 404)
    assert b"hostname" not in answer.body


def test_an_unknown_path_is_not_found(sample_site):
    assert sample_site.get("/absent").status == 404


def test_another_method_is_not_allowed(sample_site):
    answer = sample_site.request("POST", "/api/status", body=b"")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


def test_a_connection_is_kept_for_many_requests(sample_site):
    connection = http.client.HTTPConnection("127.0.0.1", sample_site.port, timeout=20)
    for _ in range(20):
        connection.request("GET", "/api/status")
        sent_from = connection.sock.getsockname()
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read()
        assert connection.sock is not None and connection.sock.getsockname() == sent_from
    connection.close()


def test_the_console_says_that_it_serves(sample_site):
    assert "firn: serving on http://" in sample_site.console
    assert "Traceback" not in sample_site.console


@pytest.mark.parametrize("name", ["UNIX", "QEMU"])
def test_the_size_table_has_every_part(name, capsys):
    from firn_tools import cli

    assert cli.main(["size", name]) == 0
    table = capsys.readouterr().out
    for part in ("text", "data", "frozen microdot", "frozen firn", "heap free at boot"):
        assert part in table
    assert ("flash used" in table) == (boards.find(name).port != "unix")
