"""Requests per second on the emulated board, by a few clients."""

from contextlib import ExitStack
from statistics import median

from . import client
from .device import Device
from .table import FIRN, FLOOR, PEER, Row, Target

PLACE = "QEMU image"


def sequential(images, plan, progress):
    """Row: one client, a connection for every request."""
    what = "sequential, Connection: close"
    contestants = _contestants(images, "floor_close")
    targets = [Target(">=", 2, PEER)]
    return [_row(what, contestants, targets, plan, progress, head=client.CLOSE_HEAD, keep=False)]


def keep_alive(images, plan, progress):
    """Row: four clients that keep their connections where the server does."""
    what = "4 keep-alive clients"
    contestants = _contestants(images, "floor_keep_alive")
    return [_row(what, contestants, [Target(">=", 4, PEER)], plan, progress, clients=4)]


def _contestants(images, floor):
    return [
        (FIRN, images[FIRN], "hello_firn"),
        (PEER, images[PEER], "hello_peer"),
        (FLOOR, images[FIRN], floor),
    ]


def _row(what, contestants, targets, plan, progress, **options):
    """A Row of the best of several short runs, taken in turns; boards that wait cost nothing."""
    runs = {name: [] for name, _, _ in contestants}
    with ExitStack() as stack:
        devices = [stack.enter_context(Device(*contestant)) for contestant in contestants]
        for device in devices:
            client.wait_for(device)
        for number in range(plan.rounds):
            for device in devices:
                progress("%s: round %d of %d, %s" % (what, number + 1, plan.rounds, device.name))
                runs[device.name].append(client.requests(device.port, plan.seconds, **options))
    figures = {name: max(found) for name, found in runs.items()}
    middle = ", ".join("%s %.0f" % (name, median(found)) for name, found in runs.items())
    return Row(PLACE, what, "requests/s", figures, targets, "medians: " + middle, runs)
