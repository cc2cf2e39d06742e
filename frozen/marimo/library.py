"""Notebook files as they are now: each is parsed once per change, for all sessions."""

import os

from microdot.compat import MICROPYTHON

_KEPT = 2 if MICROPYTHON else 64  # parsed notebooks that nobody may be using


class Library:
    """The notebooks that a server has read."""

    def __init__(self):
        self._known = []  # [path, (modified, size), Notebook], the latest used last

    def load(self, path):
        """The Notebook in the file ``path``; of a changed file, one with another ``stamp``.

        OSError where there is no such file, NotANotebook (a ValueError) where it is no notebook.
        """
        status = os.stat(path)
        if status[0] & 0xF000 != 0x8000:
            raise OSError(21)  # EISDIR
        stamp = (getattr(status, "st_mtime_ns", status[8]), status[6])
        for entry in self._known:
            if entry[0] == path:
                self._known.remove(entry)
                if entry[1] == stamp:
                    self._known.append(entry)
                    return entry[2]
                break
        from .frozen import find

        notebook = find(path, status[6])
        if notebook is None:
            from .notebook import load

            notebook = load(path)
        notebook.stamp = stamp
        notebook.graph()
        if MICROPYTHON:
            import gc

            gc.collect()  # for what stays to lie close together
        self._known.append([path, stamp, notebook])
        if len(self._known) > _KEPT:
            del self._known[0]
        return notebook


def check(path):
    """What a notebook that is to be served has to be.

    FileNotFoundError (OSError on a device) for a missing file, ValueError for one that is no
    notebook.
    """
    if not path.endswith((".py", ".md") if not MICROPYTHON else ".py"):
        raise ValueError("expected a notebook, a Python file, got %r" % path)
    if os.stat(path)[0] & 0xF000 != 0x8000:
        raise ValueError("expected a notebook, got a directory at %r" % path)
    from .notebook import load

    load(path)


def title_of(path, notebook):
    """What a page of ``notebook`` (a Notebook), or of the file ``path``, is called."""
    title = notebook.options.get("app_title") if notebook is not None else None
    if isinstance(title, str) and title:
        return title
    return stem(path).replace("_", " ")


def stem(path):
    """The name of the file ``path`` without its extension."""
    name = path.replace("\\", "/")
    name = name[name.rfind("/") + 1 :]
    return name[: name.rfind(".")] if "." in name[1:] else name
