# Boots a folder as a board boots its filesystem: mounted at the root, then boot and main.
import os
import sys

import vfs


def start(arguments):
    folder, overrides = parse(arguments)
    root = folder if folder[0] == "/" else os.getcwd() + "/" + folder
    vfs.umount("/")
    vfs.mount(Folder(root), "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    import firn

    firn.overrides.update(overrides)
    firn.boot()  # as the frozen boot.py and main.py do
    firn.main()


class Folder:
    """The folder ``root`` as a filesystem: VfsPosix, but for rename().

    That of MicroPython 1.25 keeps both of its paths in one buffer: it renames the new name to
    itself.
    """

    _SAME = ("mount", "umount", "open", "chdir", "getcwd", "ilistdir", "mkdir", "remove", "rmdir",
             "stat", "statvfs")  # fmt: skip

    def __init__(self, root):
        self._root = root
        self._whole = vfs.VfsPosix()
        folder = vfs.VfsPosix(root)
        for name in self._SAME:
            setattr(self, name, getattr(folder, name))

    def rename(self, old, new):
        self._whole.rename(self._path(old), self._path(new))

    def _path(self, path):
        return self._root + path if path[0] == "/" else path


def parse(arguments):
    overrides = {}
    i = 2
    while i < len(arguments):
        name = arguments[i]
        if name not in ("--host", "--port") or i + 1 == len(arguments):
            refuse("expected --host ADDRESS or --port N, got %s" % name)
        value = arguments[i + 1]
        if name == "--port":
            if not value.isdigit() or not 0 < int(value) < 65536:
                refuse("--port: expected an integer from 1 to 65535, got %s" % value)
            value = int(value)
        overrides[name[2:]] = value
        i += 2
    return arguments[1], overrides


def refuse(message):
    print("firn:", message)
    sys.exit(2)


start(sys.argv)
