"""The files of a device: listed, compared, sent and fetched by the helper that runs there."""

import base64
import binascii
import hashlib
import zlib

from .device import DeviceError, Gone

# The same as in on_device.py.
UNIT = 90
PIECE = 1024


def check_path(path):
    """``path`` (str, as a device names it) as the relative path it is, or ValueError.

    A device is not trusted with names: none may lead out of the folder it is copied to.
    """
    parts = path.lstrip("/").split("/")
    for part in parts:
        bad = part in ("", ".", "..") or any(c in '\\:*?"<>|' or ord(c) < 32 for c in part)
        if bad:
            raise ValueError("expected a plain file name, got %r" % path)
    return "/".join(parts)


def tree(device, top="/"):
    """{path: size} of all files below ``top``, and the list of directories; absolute paths."""
    return _sorted(device.lines("tree(%a)" % top.rstrip("/")))


def entries(device, path, deep=False):
    """Like tree(), of ``path`` itself if it is a file, without what is deeper unless ``deep``."""
    if path != "/":
        (found,) = device.lines("kind(%a)" % path)
        if found[1] >= 0:
            return _sorted([found])
    return _sorted(device.lines("tree(%a, %a)" % (path.rstrip("/"), deep)))


def _sorted(found):
    files = {path: size for path, size in sorted(found) if size >= 0}
    return files, sorted(path for path, size in found if size < 0)


def room(device):
    """(bytes of a block, bytes free, bytes in all) of the device's filesystem."""
    ((block, free, total),) = device.lines("room()")
    return block, free * block, total * block


def digest(device, path):
    """The SHA-256 of the file ``path``, computed on the device: hex."""
    return device.call("digest(%a)" % path).strip()


def put(device, path, content, keep=False, progress=None):
    """Replace the file ``path`` by ``content`` (bytes) whole or not at all.

    ``keep``: leave the old file beside it as ``.bak``; ``progress(n)`` is called with the bytes
    that are on their way. Raises DeviceError where the device could not.
    """
    expected = hashlib.sha256(content).hexdigest()
    device.send("put(%a, %d, %a, %a)" % (path, len(content), expected, bool(keep)))
    link = device.transport
    units = _units(content, device.about.get("deflate"))
    seen, asked, unit = b"", 0, next(units, None)
    while unit and b"\x04" not in seen:
        asked += seen.count(b"+")
        seen = b""
        if not asked:
            seen = link.read(1)
            if not seen:
                raise Gone("%s: the device has stopped taking data" % device.port)
            seen, link.pending = seen + link.pending, b""
            continue
        asked -= 1
        data, at = unit
        link.write(data)
        if progress:
            progress(at)
        unit = next(units, None)
    device.result(seen)


def _units(content, deflate):
    """(what to send, the bytes of ``content`` up to there) for each time the device asks."""
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        data, length = piece, len(piece)
        if deflate:
            packer = zlib.compressobj(9, zlib.DEFLATED, -10)
            packed = packer.compress(piece) + packer.flush()
            if len(packed) < len(piece):
                data, length = packed, -len(packed)
        head = b"%d\n" % length
        for at in range(0, len(data), UNIT):
            done = min(at + UNIT, len(data)) * len(piece) // len(data)
            yield head + base64.b64encode(data[at : at + UNIT]), start + done
            head = b""


def get(device, path, progress=None):
    """The contents of the file ``path`` (bytes); ``progress(n)``: about n bytes have come."""
    device.send("get(%a)" % path)
    link = device.transport
    seen, came = [], 0
    while not seen or b"\x04" not in seen[-1]:
        chunk = link.read(1)
        if not chunk:
            raise Gone("%s: the device has stopped sending" % device.port)
        seen.append(chunk + link.pending)
        link.pending = b""
        came += len(seen[-1]) * 3 // 4
        if progress:
            progress(came)
    try:
        return b"".join(
            binascii.a2b_base64(line) for line in device.result(b"".join(seen)).encode().split()
        )
    except binascii.Error:
        raise DeviceError("what came is no base64")


def remove(device, path):
    """Remove the file or the empty directory ``path``."""
    device.call("remove(%a)" % path)
