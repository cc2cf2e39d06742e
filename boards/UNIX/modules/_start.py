# Boots a folder as a board boots its filesystem: mounted at the root, then boot and main.
import os
import sys

import vfs


def start(arguments):
    folder, overrides = parse(arguments)
    root = folder if folder[0] == "/" else os.getcwd() + "/" + folder
    vfs.umount("/")
    vfs.mount(vfs.VfsPosix(root), "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    import firn

    firn.overrides.update(overrides)
    firn.boot()  # as the frozen boot.py and main.py do
    firn.main()


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
