"""Echoes of 125-byte text messages: the image's own server beside others, in one run.

    bench/websocket_echo.py build/UNIX/firn own=.frozen other=/folder/with/its/packages

Every NAME=FOLDER is served in turn by the same MicroPython executable, with FOLDER as its module
path; the first is what the others are compared with. Best of several rounds, because what else
runs on the machine only ever makes one slower. A server's processor time is what counts: with a
client on the same machine, messages per second measure both.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
CONNECTIONS = 10
MESSAGES = 1000  # on each connection
SIZE = 125  # bytes
APP = """
import sys
from microdot import Microdot
from microdot.websocket import with_websocket

app = Microdot()


@app.route("/echo")
@with_websocket
async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())


app.run("127.0.0.1", int(sys.argv[1]))
"""
HANDSHAKE = (
    b"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
MASK = b"\x11\x22\x33\x44"


def connect(port):
    """A socket with an open WebSocket."""
    for _ in range(100):
        try:
            client = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(HANDSHAKE)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    assert head.startswith(b"HTTP/1.1 101 "), head
    return client


def processor_time(pid):
    """Seconds of processor time that a process has used (Linux)."""
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(image, folder, program):
    """(seconds, seconds of the server's processor time) for one message."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = dict(os.environ, MICROPYPATH=":".join(dict.fromkeys([folder, ".frozen"])))
    server = subprocess.Popen([image, program, str(port)], env=environment)
    try:
        payload = b"a" * SIZE
        masked = bytes(byte ^ MASK[at & 3] for at, byte in enumerate(payload))
        message = bytes((0x81, 0x80 | SIZE)) + MASK + masked
        expected = bytes((0x81, SIZE)) + payload
        clients = [connect(port) for _ in range(CONNECTIONS)]
        before, start = processor_time(server.pid), time.perf_counter()
        for _ in range(MESSAGES):
            for client in clients:
                client.send(message)
            for client in clients:
                assert client.recv(SIZE + 2, socket.MSG_WAITALL) == expected
        elapsed = time.perf_counter() - start
        used = processor_time(server.pid) - before
    finally:
        server.terminate()
        server.wait()
    count = CONNECTIONS * MESSAGES
    return elapsed / count, used / count


def main(image, *servers):
    servers = [server.split("=", 1) for server in servers]
    results = {name: [] for name, _ in servers}
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "echo.py")
        with open(program, "w") as file:
            file.write(APP)
        for _ in range(ROUNDS):
            for name, path in servers:
                results[name].append(measure(image, path, program))
    best = {name: [min(column) for column in zip(*rows)] for name, rows in results.items()}
    first = best[servers[0][0]]
    print("%-12s %12s %22s %8s" % ("", "messages/s", "us of server/message", "times"))
    for name, (elapsed, used) in best.items():
        print("%-12s %12.0f %22.1f %8.2f" % (name, 1 / elapsed, used * 1e6, used / first[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
