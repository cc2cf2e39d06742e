"""Notebook files: the cells in their text, without compiling or running anything.

A cell is the body of a function that @app.cell decorates. Its parameters and its return are for
other readers; what it defines and uses is found from the body (see names.py). Where a cell's
text is no Python the cell says so and the file is read on from the next one.
"""

# The ids that marimo gives to the first cells, in order, so that both serve the same ones.
_IDS = (
    "HbolMJUevblAbkHClEQaPKriXrefSFPLBYtCRGSEKclpemfoHstknWHFiLitZHCJ"
    "ROlbqnkXTqIuVxnmDnEUulZAecfGPvdtZBYSaLJBnHfwxXTnAjVTpHFhNCOBaqbW"
    "TRpdTXezdNNgyCnTwlCLkqZHwAglrElldGlVSdmIlgWDyOPjfwwyLJZfurSmjxvo"
    "mWxSCcZRYWSizludtZnOxvXZCLipYECMcEASiXejEJmgUmEGvEBWkLmuIpqNdxZZ"
)
# Names that every Python has. A cell refers to one only if another cell defines it.
_BUILTINS = (
    " ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup"
    " BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError"
    " ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError"
    " DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception"
    " ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning"
    " GeneratorExit IOError ImportError ImportWarning IndentationError IndexError"
    " InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError"
    " ModuleNotFoundError NameError NotADirectoryError NotImplemented NotImplementedError"
    " OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError"
    " PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError"
    " RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError"
    " SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError"
    " UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning"
    " ValueError Warning ZeroDivisionError abs aiter all anext any ascii bin bool breakpoint"
    " bytearray bytes callable chr classmethod compile complex delattr dict dir divmod"
    " enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help"
    " hex id input int isinstance issubclass iter len list locals map max memoryview min next"
    " object oct open ord pow print property quit range repr reversed round set setattr slice"
    " sorted staticmethod str sum super tuple type vars zip"
    " "
)


class NotANotebook(ValueError):
    """A file that is no notebook; the message names it, and the line where there is one."""


class Notebook:
    """``cells``: list of Cell in the order of the file; ``options``: {name: value} that the
    application was made with, such as "width" and "app_title"; ``path`` (str)."""

    def __init__(self, cells, options, path):
        self.cells = cells
        self.options = options
        self.path = path
        self._graph = None

    def graph(self):
        """The marimo.graph.Graph of the cells."""
        if self._graph is None:
            from .graph import Graph

            self._graph = Graph(self.cells)
        return self._graph

    def __repr__(self):
        return "<Notebook %s, %d cells>" % (self.path, len(self.cells))


def load(path):
    """The Notebook in the file ``path``. Raises OSError and NotANotebook."""
    with open(path, "rb") as file:
        source = file.read()
    return parse(source, path)


def parse(source, path=""):
    """The Notebook that ``source`` (str, or bytes in UTF-8) is the text of; ``path`` (str) for
    messages. Raises NotANotebook."""
    if isinstance(source, str):
        source = source.encode()
    if source[:3] == b"\xef\xbb\xbf":
        source = source[3:]
    if b"\r" in source:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if source[-1:] != b"\n":
        source += b"\n"
    try:
        str(source, "utf-8")
    except UnicodeError:
        raise NotANotebook("%s: expected text in UTF-8" % (path or "source"))
    from .reader import Reader

    reader = Reader(source)
    found = reader.read()
    if found is not None:
        raise NotANotebook("%s: %s" % (path, found) if path else found)
    for number, cell in enumerate(reader.cells):
        cell.index = number
    _give_ids(reader.cells)
    _drop_builtins(reader.cells)
    return Notebook(reader.cells, reader.options or {}, path)


def load_frozen(name):
    """The Notebook ``name`` (str, of its file without .py) that is frozen in the image, with
    cells that were found when it was built. Raises OSError where there is none."""
    from . import frozen

    return frozen.load(name)


def cell_id(number):
    """The id (str) of a notebook's cell ``number``, not counting the setup cell."""
    if number * 4 < len(_IDS):
        return _IDS[number * 4 : number * 4 + 4]
    return "c%03d" % number  # like none of the list, which are letters


def is_builtin(name):
    """Whether every Python has ``name`` (str)."""
    return name[:2] == name[-2:] == "__" or " %s " % name in _BUILTINS


def _give_ids(cells):
    number = 0
    for cell in cells:
        if cell.kind == "setup":
            cell.id = "setup"
        else:
            cell.id = cell_id(number)
            number += 1


def _drop_builtins(cells):
    """Take the builtins from the cells' refs, but for those that a cell defines."""
    defined = set()
    for cell in cells:
        defined.update(cell.defs)
    for cell in cells:
        cell.refs = tuple(n for n in cell.refs if n in defined or not is_builtin(n))
