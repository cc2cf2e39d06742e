# Runs on the device, sent there as source: files by way of the console. Kept small and plain, as
# it takes heap. Comments and docstrings are left out of what is sent.
#
# serve() reads lines, each a call of a function below, and answers in the manner of the raw REPL:
# what was printed, EOT, the error or nothing, EOT. A transfer is lines of base64, in which no
# Ctrl-C occurs, so that Ctrl-C stops it at any moment.

import binascii
import hashlib
import io
import json
import os
import select
import sys

try:
    import deflate
except ImportError:
    deflate = None

_IDLE = 30000  # ms without a word from the host: it is gone, so start the site again
_UNIT = 90  # bytes per acknowledgement; twice that, as base64, fits the 256 that a UART keeps
_PIECE = 1024  # bytes in memory at a time, and as much again where they come deflated

_input = sys.stdin.buffer
_poll = select.poll()
_poll.register(sys.stdin, select.POLLIN)


def _wait():
    """Wait for input; a device that nobody talks to any more is reset."""
    if not _poll.poll(_IDLE):
        import machine

        machine.reset()


def _line():
    text = b""
    while text[-1:] != b"\n":
        _wait()
        text += _input.read(1)
    return text


def serve():
    while True:
        command = _line()
        error = ""
        try:
            exec(command, globals())
        except Exception as raised:
            error = "%s: %s" % (type(raised).__name__, raised)
            while _poll.poll(200):  # what the host has sent before it saw the error
                _input.read(1)
        print("\x04" + error, end="\x04")


def about():
    """What this is: versions, board, room."""
    found = {"python": sys.version, "machine": getattr(sys.implementation, "_machine", "")}
    try:
        import firn

        found["firn"] = firn.__version__
    except (ImportError, AttributeError):
        found["firn"] = None
    found["deflate"] = hasattr(deflate, "DeflateIO")
    print(json.dumps(found))


def room(path="/"):
    """Bytes of a block, blocks free, blocks in all."""
    found = os.statvfs(path)
    print(json.dumps([found[1], found[3], found[2]]))


def tree(top, deep=True):
    """Print [path, size] of what is below ``top``, a line each; the size of a directory is -1."""
    folders = [top]
    while folders:
        folder = folders.pop()
        for entry in os.ilistdir(folder or "/"):
            path = folder + "/" + entry[0]
            if entry[1] == 0x4000:
                print(json.dumps([path, -1]))
                if deep:
                    folders.append(path)
            else:
                print(json.dumps([path, entry[3]]))


def kind(path):
    """Print the [path, size] of ``path`` itself."""
    found = os.stat(path)
    print(json.dumps([path, -1 if found[0] & 0x4000 else found[6]]))


def digest(path):
    total = hashlib.sha256()
    block = bytearray(512)
    view = memoryview(block)
    with open(path, "rb") as file:
        while True:
            n = file.readinto(block)
            if not n:
                break
            total.update(view[:n])
    print(binascii.hexlify(total.digest()).decode())


def _make_folders(path):
    at = path.find("/", 1)
    while at > 0:
        try:
            os.mkdir(path[:at])
        except OSError:
            pass  # most are there; what cannot be made shows when the file is opened
        at = path.find("/", at + 1)


def put(path, size, expected, keep):
    """Receive ``size`` bytes; replace ``path`` if their SHA-256 is ``expected`` (hex).

    They come in pieces of _PIECE bytes, each after a line that says how many bytes follow as
    base64, negative if those are deflated. Each "+" printed asks for _UNIT of them. ``keep``:
    leave the old file as .bak.
    """
    from firn.replace import Replacement

    _make_folders(path)
    total = hashlib.sha256()
    block = memoryview(bytearray(min(size, _PIECE)))
    with Replacement(path, keep) as file:
        print("++", end="")  # one unit is on its way while the other is dealt with
        while size:
            piece = block[: min(size, _PIECE)]
            _receive(piece, int(_line()))
            total.update(piece)
            file.write(piece)
            size -= len(piece)
        if binascii.hexlify(total.digest()).decode() != expected:
            raise ValueError("what came is not what was sent")


def _receive(piece, length):
    data = piece if length > 0 else memoryview(bytearray(-length))
    at = 0
    while at < len(data):
        n = min(len(data) - at, _UNIT)
        _wait()
        data[at : at + n] = binascii.a2b_base64(_input.read((n + 2) // 3 * 4))
        at += n
        print("+", end="")
    if length < 0:
        deflate.DeflateIO(io.BytesIO(data), deflate.RAW, 10).readinto(piece)


def get(path):
    """Print the file as lines of base64."""
    block = bytearray(192)
    view = memoryview(block)
    with open(path, "rb") as file:
        while True:
            n = file.readinto(block)
            if not n:
                break
            print(binascii.b2a_base64(view[:n]).decode(), end="")


def remove(path):
    """Remove a file or an empty directory."""
    if os.stat(path)[0] & 0x4000:
        os.rmdir(path)
    else:
        os.remove(path)


def address():
    """Print the device's own network address, or null."""
    found = None
    try:
        from firn import network as own

        found = own.values().get("address")
    except Exception:
        pass
    if not found:
        try:
            import network
        except ImportError:
            network = None
        for name in ("LAN", "WLAN"):
            try:
                at = getattr(network, name)().ifconfig()[0]
                if at != "0.0.0.0":
                    found = at
                    break
            except Exception:
                pass
    print(json.dumps(found))


def values():
    """Print what the device says of itself, a JSON object per part."""
    for name in ("status", "network", "safety", "trial"):
        try:
            module = __import__("firn." + name, None, None, ["values"])
            print(json.dumps([name, module.values()]))
        except (ImportError, AttributeError):
            pass
