"""What differs between the interpreters when templates are kept in files."""

import os
import sys

try:
    _execute = execfile  # of MicroPython; reads the file a piece at a time
except NameError:

    def _execute(path, namespace):
        with open(path, encoding="utf-8") as file:
            exec(compile(file.read(), path, "exec"), namespace)


def execute(path, namespace):
    """Run the Python file ``path`` (str) with ``namespace`` (dict) as its globals."""
    _execute(path, namespace)


def import_module(name):
    """The module ``name`` (str, with dots) from anywhere on sys.path; None if there is none.

    MicroPython looks for a package's modules in one directory only, the first of the package's
    name on sys.path: the templates that are frozen in an image would be hidden as soon as the
    filesystem has a directory of that name. So every entry of sys.path is tried.
    """
    found = _import(name)
    packages = [] if found else _packages(name)
    for root in sys.path if packages else ():
        try:
            for package, _, path in packages:
                package.__path__ = "%s/%s" % (root, path) if root else path
            found = _import(name)
        finally:
            for package, path, _ in packages:
                package.__path__ = path
        if found:
            break
    return found


def _import(name):
    try:
        return __import__(name, None, None, ("render",))
    except (ImportError, ValueError):
        return None


def _packages(name):
    """The packages around the module ``name`` that are in one directory only: (package, its
    __path__, its path below an entry of sys.path)."""
    found = []
    end = name.find(".")
    while end > 0:
        package = sys.modules.get(name[:end])
        path = getattr(package, "__path__", None)
        if isinstance(path, str):  # on CPython a list, with all directories of that name
            found.append((package, path, name[:end].replace(".", "/")))
        end = name.find(".", end + 1)
    return found


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
