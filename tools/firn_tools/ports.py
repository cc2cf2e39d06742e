"""TCP ports for what is started on this machine."""

import socket
import sys

_given: "list[socket.socket]" = []  # bound to the ports that were given last
_GIVEN = 8


def free_port():
    """A TCP port of 127.0.0.1 that nothing listens on.

    On Linux it stays ours until eight more were asked for: what is started on it meanwhile takes
    it with SO_REUSEADDR, and nobody else who asks for a free one is given it.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    _given.append(probe)
    # Elsewhere SO_REUSEADDR doesn't let two have the same address, even if neither listens.
    while len(_given) > (_GIVEN if sys.platform == "linux" else 0):
        _given.pop(0).close()
    return port
