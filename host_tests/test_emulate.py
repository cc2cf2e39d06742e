"""The emulators' flash images, ports and consoles (the images themselves: test_end_to_end)."""

import socket

import pytest

from firn_tools import emulate, flash_image, ports
from firn_tools.errors import Failure


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "www").mkdir(parents=True)
    (folder / "config.json").write_text('{"server": {"port": 8123}}')
    (folder / "www" / "index.html").write_text("hello")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("no")
    return folder


def test_a_flash_image_holds_the_sites_files(site, tmp_path):
    flash = tmp_path / "flash.img"
    flash_image.create(site, flash, 256 * 1024)
    assert flash.stat().st_size == 256 * 1024
    assert flash_image.read(flash, "www/index.html") == b"hello"
    assert flash_image.read(flash, "__pycache__/x.pyc") is None
    assert flash_image.read(flash, "absent") is None


def test_a_site_larger_than_the_flash_is_refused_and_leaves_nothing(site, tmp_path):
    (site / "big").write_bytes(bytes(300 * 1024))
    with pytest.raises(Failure, match="does not fit a flash of 256 KB"):
        flash_image.create(site, tmp_path / "flash.img", 256 * 1024)
    assert not list(tmp_path.glob("flash*"))


def test_the_flash_image_is_kept_and_made_new_on_request(site, tmp_path, capsys):
    flash = tmp_path / "flash.img"
    emulate.prepare_flash(site, flash, False)
    (site / "www" / "index.html").write_text("changed")
    emulate.prepare_flash(site, flash, False)
    assert flash_image.read(flash, "www/index.html") == b"hello"
    assert "is not what it was made from (--fresh" in capsys.readouterr().err.replace("\n", " ")
    emulate.prepare_flash(site, flash, True)
    assert flash_image.read(flash, "www/index.html") == b"changed"


@pytest.mark.parametrize(
    ("config", "port"),
    [
        (None, 80),
        (b"", 80),
        (b"{", 80),
        (b"[]", 80),
        (b'{"server": {"port": 8123}}', 8123),
        (b'{"server": {"port": 70000}}', 80),
        (b'{"server": {"port": "8123"}}', 80),
        (b'{"server": null}', 80),
    ],
)
def test_the_forwarded_port_is_the_one_the_device_serves_on(config, port):
    assert emulate.configured_port(config) == port


def test_a_taken_port_is_named_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match="port %d of 127.0.0.1: address already in use" % port):
            emulate.require_free(port)


def test_ports_that_were_just_given_are_not_given_again_and_can_be_listened_on():
    given = [ports.free_port() for _ in range(6)]
    assert len(set(given)) == 6
    for port in given:
        emulate.require_free(port)
        with socket.create_server(("127.0.0.1", port)):  # with SO_REUSEADDR, as servers do
            socket.create_connection(("127.0.0.1", port)).close()
    for _ in range(20):
        ports.free_port()
    assert len(ports._given) <= 8


def test_the_console_shows_what_the_device_prints_and_names_its_terminal(capfdbinary):
    console = emulate.Console(8080)
    for chunk in (b"char device redirec", b"ted to /dev/pts/9 (label console)\nhel", b"lo\r\n"):
        console(chunk)
    out, err = capfdbinary.readouterr()
    assert out == b"hello\r\n"
    assert b"mpremote connect /dev/pts/9" in err
    assert b"http://127.0.0.1:8080" in err


def test_what_a_bridge_has_on_the_line_is_not_shown(capfdbinary):
    from firn_tools.bridge_link import frames

    shown = emulate.Console(8080)
    frame = frames.encode(frames.DATA, 1, 2, 3, 4, b"HTTP/1.1 200 OK")
    for chunk in (b"firn: serving\r\n" + frame[:7], frame[7:], frame + b">>> "):
        shown(chunk)
    assert capfdbinary.readouterr().out == b"firn: serving\r\n>>> "
