"""A network with nothing in it but a board at the end of a PPP link, and sockets into it.

The network is a namespace of its own with a TUN device, which needs user namespaces and
/dev/net/tun but no root. A process (this file as a program) lives in it: it carries packets
between the TUN device and the link, and makes TCP sockets, which it passes to the tests. A socket
stays in the network it was made in, so the tests have the kernel's own TCP to the board.
"""

import array
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

from ppp import Link

HERE, BOARD = "192.168.75.1", "192.168.75.2"
_DEVICE = "/dev/net/tun"
_NAME = b"ppp"
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_SIOCSIFFLAGS, _SIOCSIFADDR, _SIOCSIFDSTADDR = 0x8914, 0x8916, 0x8918
_IFF_UP = 0x0001
_LARGEST = 65536
_WAIT = 60  # seconds for what a busy machine may delay


class Network:
    """The network with the board whose UART is the connected socket ``uart``.

    It owns the socket from now on. A context manager.
    """

    def __init__(self, uart):
        self._control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._control.settimeout(_WAIT)
        descriptors = (uart.fileno(), control.fileno())
        self._process = subprocess.Popen(_command(*descriptors), pass_fds=descriptors)
        uart.close()
        control.close()

    def socket(self):
        """A new TCP socket (IPv4) in the network, not connected yet."""
        self._control.sendall(b"s")
        data, ancillary, _, _ = self._control.recvmsg(1, socket.CMSG_SPACE(4))
        if not data:
            raise OSError("the process in the board's network has ended")
        return socket.socket(fileno=array.array("i", ancillary[0][2])[0])

    def connect(self, port=80, receive_buffer=None, timeout=_WAIT):
        """A socket connected to the board; ``receive_buffer``: bytes, before TCP takes more."""
        made = self.socket()
        try:
            if receive_buffer:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            made.settimeout(timeout)
            made.connect((BOARD, port))
        except BaseException:
            made.close()
            raise
        return made

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._control.close()  # ends the process
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _command(*arguments):
    inside = [sys.executable, os.path.abspath(__file__), *map(str, arguments)]
    return ["unshare", "--map-root-user", "--net", *inside]


def missing():
    """Why there can be no such network on this machine; None where there can."""
    try:
        done = subprocess.run(_command(), capture_output=True, text=True, timeout=_WAIT)
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines() or ["status %d" % done.returncode]
    return "expected user namespaces and %s, got %s" % (_DEVICE, lines[-1])


def _open_tun():
    """The descriptor of a TUN device that leads to the board."""
    tun = os.open(_DEVICE, os.O_RDWR)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", _NAME, _IFF_TUN | _IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for request, address in ((_SIOCSIFADDR, HERE), (_SIOCSIFDSTADDR, BOARD)):
            inside = (socket.AF_INET, 0, socket.inet_aton(address))
            fcntl.ioctl(any_socket, request, struct.pack("=16sHH4s16x", _NAME, *inside))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH22x", _NAME, _IFF_UP))
    return tun


def _carry(tun, uart, control):
    """Serve until the other end of ``control`` is closed, or the board's emulator is gone."""
    link = Link(uart.sendall, lambda packet: os.write(tun, packet), HERE, BOARD)
    while True:
        ready, _, _ = select.select([tun, uart, control], [], [])
        if uart in ready:
            data = uart.recv(_LARGEST)
            if not data:
                return
            link.receive(data)
        if tun in ready:
            packet = os.read(tun, _LARGEST)
            if packet[0] >> 4 == 4:
                link.transmit(packet)
        if control in ready:
            if not control.recv(1):
                return
            with socket.socket() as made:
                rights = array.array("i", [made.fileno()])
                control.sendmsg([b"s"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])


def main(arguments):
    tun = _open_tun()
    if arguments:
        uart, control = (socket.socket(fileno=int(number)) for number in arguments)
        _carry(tun, uart, control)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(str(error))
