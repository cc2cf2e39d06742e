"""One process at a time in a folder that several may want to fill."""

import contextlib
import fcntl

from .progress import say


@contextlib.contextmanager
def locked(folder):
    """Hold ``folder``'s lock; says so when it has to wait for another process."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another firn that works in %s ..." % folder)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
