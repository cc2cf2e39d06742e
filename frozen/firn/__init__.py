"""Firn's device runtime: what makes a web device of MicroPython and the framework.

``firn.boot()`` and ``firn.main()`` are what the frozen boot.py and main.py call; a user's own
/main.py may call ``firn.serve()``. Nothing is imported here: what is not used costs no heap.
"""

__version__ = "0.1.0"

# What a host sets in place of the configuration: "host", "port", and "root", the folder whose
# files are the device's.
overrides = {}


def boot(path="/boot.py"):
    """Run the user's file ``path`` and read /config.json. Never raises but for Ctrl-C.

    Where our own boot.py is a file in the filesystem (see docs/bundle.md), ``path`` is another.
    """
    from . import startup

    startup.boot(path)


def main(path="/main.py"):
    """Run the user's file ``path`` if there is one, else serve the configured site."""
    from . import startup

    startup.main(path)


def serve():
    """Serve the configured site until it is told to stop (Ctrl-C)."""
    from . import startup

    startup.serve()


def restart():
    """Start anew with the files as they are now, half a second later: a board is reset.

    Returns at once, so that what is being answered still gets out.
    """
    from . import startup

    startup.restart()
