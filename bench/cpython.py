"""Requests per second of the frameworks' own servers on CPython, made by wrk."""

import platform
import sys

from firn_tools import paths

from . import HERE, PEERS
from .process import Program
from .table import FIRN, FLOOR, PEER, Target
from .unix import BACKLOG, CONNECTIONS, throughput

PLACE = "CPython " + ".".join(platform.python_version_tuple()[:2])


def program(name, script, **settings):
    """A Program that serves ``script`` (a file of servers/) with this Python."""
    settings = {"backlog": BACKLOG, "connections": CONNECTIONS, **settings}
    path = PEERS if script == "hello_peer" else paths.frozen()
    words = [script, *("%s=%d" % item for item in settings.items())]
    command = [sys.executable, HERE / "servers" / "main.py"]
    return Program(name, command, words, {"PYTHONPATH": str(path)})


def keep_alive(plan, progress):
    """Row: the own server, 8 connections that stay open."""
    programs = [
        program(FIRN, "hello_firn"),
        program(PEER, "hello_peer"),
        program(FLOOR, "floor_keep_alive"),
    ]
    what = "own server, keep-alive, 8 connections"
    return [throughput(PLACE, what, programs, [Target(">=", 3, PEER)], plan, progress)]
