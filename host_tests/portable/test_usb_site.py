"""A site on a board without a network: served over the line of its console, and only there."""

import asyncio
import sys

from template_files import Folder
from usb_peer import Console, Peer

from expect import equal
from firn import config, overrides, platform, usb
from firn import usb_frames as frames
from firn.site import Site
from microdot import Request
from microdot.server import Server

# What a site sets for all; see site.set_limits().
LIMITS = [
    (Server, name)
    for name in (
        "max_connections", "header_timeout", "body_timeout", "write_timeout", "keep_alive_timeout"
    )
] + [(Request, "max_content_length"), (Request, "larger_bodies")]  # fmt: skip
GET = b"GET %s HTTP/1.1\r\nHost: usb\r\nConnection: close\r\n\r\n"


class Board:
    """``with Board(text) as peer``: a board without sockets, its console in memory."""

    def __init__(self, text):
        self.text = text
        self.folder = Folder({"www/index.html": "over the cable"})

    def __enter__(self):
        overrides["root"] = self.folder.__enter__().path
        self.kept = platform.has_sockets, platform.has_line, getattr(usb, "Console", None)
        self.limits = [(owner, name, getattr(owner, name)) for owner, name in LIMITS]
        platform.has_sockets = lambda: False
        platform.has_line = lambda: True
        console = Console()
        usb.Console = lambda: console
        self.site = Site(config.check(self.text))
        peer = Peer(console)
        peer.site = self.site
        return peer

    def __exit__(self, *exception):
        platform.has_sockets, platform.has_line, usb.Console = self.kept
        for owner, name, value in self.limits:
            setattr(owner, name, value)
        del overrides["root"]
        self.folder.__exit__(*exception)


async def served(peer):
    """The task that serves, once it does."""
    task = asyncio.create_task(peer.site.serve())
    while not peer.site.app.server or not peer.site.app.server._listener:
        await asyncio.sleep(0.001)
    return task


async def stop(peer, task):
    peer.site.app.shutdown()
    await task
    peer.site.close()


async def test_a_board_without_a_network_serves_over_the_line():
    with Board('{"safety": {"watchdog": 0}}') as peer:
        task = await served(peer)
        peer.hello()
        await peer.wait_for(frames.WELCOME)
        peer.open(1, GET % b"/")
        await peer.wait_for(frames.CLOSE, 1)
        assert peer.received(1).endswith(b"over the cable")
        await stop(peer, task)


async def test_the_line_is_left_alone_when_the_configuration_says_so():
    with Board('{"usb": false, "safety": {"watchdog": 0}}') as peer:
        task = await served(peer)
        peer.hello()
        await asyncio.sleep(0.05)
        equal(peer.look(), [])
        await stop(peer, task)


async def test_the_far_end_of_the_line_is_the_machine_itself():
    assert platform.is_local("usb")
    assert not platform.is_local("usb.example.com")


def test_no_socket_module_is_no_network():
    if sys.implementation.name == "cpython":
        kept = sys.modules.get("socket")
        sys.modules["socket"] = None  # what import takes for a module that is not there
        try:
            assert not platform.has_sockets()
        finally:
            if kept:
                sys.modules["socket"] = kept
            else:
                del sys.modules["socket"]
    else:
        assert platform.has_sockets()  # of both images
