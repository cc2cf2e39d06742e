"""A cell of a notebook."""


class Cell:
    """What is known of a cell before it runs.

    ``id`` (str); ``index`` (int) in the file; ``name`` (str, "_" without one); ``code`` (str):
    what is run, or all of a function or class; ``line`` (int): where that begins in the file;
    ``defs``, ``refs``, ``deletes``, ``privates``: sorted tuples of names: those it defines for
    others, uses of others, deletes of others, and keeps for itself.
    """

    kind = "cell"  # or "setup", "function", "class", "unparsable"
    is_async = False
    disabled = False
    hide_code = False
    error = None  # a syntax error that was found without running (str)
    compiled = None  # once it has run, where sessions have it in common
    defs = refs = deletes = privates = ()

    id = ""
    index = 0
    code = ""
    line = 1

    def __init__(self, name):
        self.name = name

    @property
    def markdown(self):
        """The text (str) of a cell that is nothing but mo.md("a constant"), else None."""
        if self.kind != "cell" or self.error is not None or not self.code.startswith("mo.md("):
            return None
        from . import constants

        return constants.markdown(self.code)

    def __repr__(self):
        return "<Cell %d %s %s>" % (self.index, self.id, self.name)
