"""A device as the host's commands see it, without one: files in a dict, calls answered from it."""

import base64
import hashlib
import json

from firn_tools.device import Device, DeviceError, Gone


class FakeDevice(Device):
    """``files``: {absolute path: bytes}; ``units``: how many pieces of files get through before
    ``fault`` is raised in place of the next; ``log`` has the calls that change something."""

    def __init__(self, files=None, units=None, fault=None, block=4096, blocks=100):
        super().__init__("fake", transport=self)
        self.files = dict(files or {})
        self.units = units
        self.fault = fault or Gone("fake: the connection to the device has ended")
        self.block, self.blocks = block, blocks
        self.log = []
        self.pending = b""
        self._incoming = None

    # What the helper's functions do

    def call(self, code):
        names = {
            "tree": self._tree, "kind": self._kind, "digest": self._digest, "room": self._room,
            "remove": self._remove,
        }  # fmt: skip
        return "".join(line + "\n" for line in eval(code, names))

    def _tree(self, top, deep=True):
        folders = set()
        for path in self.files:
            parts = path.split("/")
            folders |= {"/".join(parts[:n]) for n in range(2, len(parts))}
        for path, size in [(f, -1) for f in folders] + [
            (p, len(c)) for p, c in self.files.items()
        ]:
            if path.startswith(top + "/") and (deep or "/" not in path[len(top) + 1 :]):
                yield json.dumps([path, size])

    def _kind(self, path):
        if path not in self.files:
            raise DeviceError("OSError: [Errno 2] ENOENT")
        yield json.dumps([path, len(self.files[path])])

    def _digest(self, path):
        yield hashlib.sha256(self.files[path]).hexdigest()

    def _room(self):
        used = sum(max(1, -(-len(content) // self.block)) for content in self.files.values())
        yield json.dumps([self.block, self.blocks - used, self.blocks])

    def _remove(self, path):
        self.log.append("remove " + path)
        self.files.pop(path, None)
        return ()

    # A transfer

    def send(self, code):
        name, arguments = code[:3], eval(code[3:])
        assert name == "put"
        self._incoming = [*arguments, b""]
        self.pending = b"++"
        self._finish()

    def write(self, data):
        if self.units is not None:
            if self.units == 0:
                raise self.fault
            self.units -= 1
        self._incoming[-1] += base64.b64decode(data.rpartition(b"\n")[2])
        self.pending += b"+"
        self._finish()

    def _finish(self):
        path, size, digest, _keep, content = self._incoming
        if len(content) >= size:
            assert hashlib.sha256(content).hexdigest() == digest
            self.log.append("put " + path)
            self.files[path] = content
            self.pending += b"\x04\x04"

    def read(self, size):
        data, self.pending = self.pending[:size], self.pending[size:]
        return data

    def read_until(self, least, ending, timeout=None):
        found, end, self.pending = self.pending.partition(ending)
        return found + end
