"""What differs between the interpreters when templates are kept in files."""

import os

try:
    _execute = execfile  # of MicroPython; reads the file a piece at a time
except NameError:

    def _execute(path, namespace):
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), namespace)


def execute(path, namespace):
    """Run the Python file ``path`` (str) with ``namespace`` (dict) as its globals."""
    _execute(path, namespace)


def status(path):
    """(size in bytes, time of last modification in s) of the file ``path``; None if none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    if found[0] & 0xF000 == 0x4000:
        return None  # a directory
    return found[6], int(found[8])


def temporary(path):
    """A name beside ``path`` that nobody else writes at this time."""
    if hasattr(os, "getpid"):  # several threads and processes may compile the same template
        import threading

        return "%s.%d-%d.new" % (path, os.getpid(), threading.get_ident())
    return path + ".new"


def replace(new, path):
    """Make the closed file ``new`` the file ``path``, whether there was one or not."""
    if hasattr(os, "replace"):
        os.replace(new, path)
        return
    try:
        os.rename(new, path)
    except OSError:  # FAT renames to no name that is taken
        os.remove(path)
        os.rename(new, path)


def close(file):
    """Close ``file`` with its contents on the storage; littlefs commits when it closes."""
    if hasattr(os, "fsync"):
        file.flush()
        os.fsync(file.fileno())
    file.close()


def remove(path):
    """Delete the file ``path``; no error if there is none."""
    try:
        os.remove(path)
    except OSError:
        pass
