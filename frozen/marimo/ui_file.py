"""Files that the page sends."""

import sys
from binascii import a2b_base64

from .html import escape
from .ui_element import UIElement, refuse

# Bytes of a file, unless max_size says otherwise: all of it must fit into memory, twice.
_MAX_SIZE = 16384 if sys.implementation.name == "micropython" else 10000000
_MAX_FILES = 32
_MAX_NAME = 255


class FileUploadResults:
    """A file: ``name`` (str), as the page has it, no path; ``contents`` (bytes)."""

    def __init__(self, name, contents):
        self.name = name
        self.contents = contents

    def __repr__(self):
        return "<file %r, %d bytes>" % (self.name, len(self.contents))


class file(UIElement):
    """Files to be sent: a tuple of objects with ``name`` (str) and ``contents`` (bytes).

    ``filetypes``: a list such as [".csv", "image/*"] of what is offered for selection;
    ``multiple``: whether more than one can be sent; ``kind``: "button" or "area" (to drop files
    on); ``max_size``: bytes of each, at most.
    """

    _tag = "file"
    _value = ()
    _types = ()
    _multiple = False
    _area = False
    _max = _MAX_SIZE

    def __init__(self, filetypes=None, multiple=False, kind="button", *, max_size=None, label="",
                 on_change=None, disabled=False):  # fmt: skip
        if kind not in ("button", "area"):
            raise ValueError("expected kind to be 'button' or 'area', got %r" % (kind,))
        if isinstance(filetypes, str):
            raise TypeError("expected filetypes to be a list, got %r" % filetypes)
        if filetypes:
            self._types = list(filetypes)
        if multiple:
            self._multiple = True
        if kind == "area":
            self._area = True
        if max_size is not None:
            if max_size < 1:
                raise ValueError("expected max_size to be 1 or more, got %r" % (max_size,))
            self._max = max_size
        self._begin(label, on_change, disabled)

    def name(self, index=0):
        """The name (str) of a file, None without one."""
        files = self.value
        return files[index].name if -len(files) <= index < len(files) else None

    def contents(self, index=0):
        """The contents (bytes) of a file, None without one."""
        files = self.value
        return files[index].contents if -len(files) <= index < len(files) else None

    def _convert(self, wire):
        most = _MAX_FILES if self._multiple else 1
        if not isinstance(wire, (list, tuple)) or len(wire) > most:
            refuse("a list of at most %d files" % most, wire)
        return tuple([self._file(item) for item in wire])

    def _file(self, item):
        if not isinstance(item, (list, tuple)) or len(item) != 2:
            refuse("[name, contents in base64]", item)
        name, data = item
        if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME:
            refuse("a file's name of 1 to %d characters" % _MAX_NAME, name)
        if not isinstance(data, str):
            refuse("a file's contents in base64", data)
        if len(data) > (self._max + 2) // 3 * 4:
            raise ValueError(
                "expected a file of at most %d bytes, got %d" % (self._max, len(data) // 4 * 3)
            )
        try:
            contents = a2b_base64(data)
        except ValueError:
            refuse("a file's contents in base64", data)
        if len(contents) > self._max:
            raise ValueError(
                "expected a file of at most %d bytes, got %d" % (self._max, len(contents))
            )
        return FileUploadResults(name, contents)

    def _wire(self):
        return [file.name for file in self._value]

    def _args(self):
        args = {"max": self._max}
        if self._types:
            args["types"] = self._types
        if self._multiple:
            args["multiple"] = True
        if self._area:
            args["area"] = True
        return args

    def _inner(self):
        return "<output>%s</output>" % escape(", ".join(self._wire()))
