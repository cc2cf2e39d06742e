# Boots a folder as a board boots its filesystem: mounted at the root, then boot and main.
import os
import sys

import vfs


def start(arguments):
    folder, overrides = parse(arguments)
    root = folder if folder[0] == "/" else os.getcwd() + "/" + folder
    vfs.umount("/")
    vfs.mount(Root(root.rstrip("/")), "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    import firn

    firn.overrides.update(overrides)
    firn.boot()  # as the frozen boot.py and main.py do
    firn.main()


class Root:
    """The files of a folder of the host.

    A VfsPosix with a folder puts both paths of a rename into one buffer, so that it renames the
    new name to itself (MicroPython 1.25); one without takes paths of the host.
    """

    def __init__(self, folder):
        self._folder = folder
        self._files = vfs.VfsPosix(folder)
        self._host = vfs.VfsPosix()

    def __getattr__(self, name):
        return getattr(self._files, name)

    def rename(self, old, new):
        self._host.rename(self._on_host(old), self._on_host(new))

    def _on_host(self, path):
        if path[:1] != "/":
            path = self._files.getcwd().rstrip("/") + "/" + path
        return self._folder + path


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
