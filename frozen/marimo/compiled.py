"""Cells as something that can be run: their statements, and the expression that is their value."""

from microdot.compat import MICROPYTHON

from .statements import Layout, indented

if MICROPYTHON:
    from gc import collect

_FUNCTION = "_firn_cell"


class Compiled:
    """A cell's code. SyntaxError for what is none.

    ``code`` (str); ``name``: of the file, for tracebacks; ``line``: of the code's first line in
    it; ``defs``: names that the cell defines, needed where it waits (``is_async``).
    """

    def __init__(self, code, name="<cell>", line=1, defs=(), is_async=False):
        self._value = None
        self.is_async = is_async
        self._compile(code, name, line, defs)
        if MICROPYTHON:
            # What stays then lies close together: between what compiling left behind there would
            # be no room for anything large.
            collect()

    def _compile(self, code, name, line, defs):
        layout = Layout(code)
        if self.is_async:
            self._body = _compile_function(code, layout, name, line, defs)
            return
        if layout.last is not None:
            start, end = layout.last
            self._value = _expression(code[start:end], name, line + code[:start].count("\n"))
            if self._value is not None:
                code = code[:start]
        # Blank lines, so that tracebacks tell the line in the file.
        self._body = compile("\n" * (line - 1) + code, name, "exec") if code.strip() else None

    def run(self, names):
        """The value (None for none) with ``names`` as globals; a coroutine where it waits."""
        if self._body is not None:
            exec(self._body, names)
        if self.is_async:
            return names.pop(_FUNCTION)()
        return None if self._value is None else eval(self._value, names)


def _expression(text, name, line):
    """The compiled expression ``text``, None where it is a statement."""
    try:
        # In brackets, as it may go over several lines.
        return compile("(" + "\n" * (line - 1) + text + "\n)", name, "eval")
    except SyntaxError:
        return None


def _compile_function(code, layout, name, line, defs):
    """A function that waits where the cell does; its variables are the notebook's."""
    head = "\n" * (line - 3) + "async def " + _FUNCTION + "():\n "
    head += "global " + ", ".join(defs) + "\n" if defs else "pass\n"
    if layout.last is not None:
        start, end = layout.last
        before = indented(code[:start], layout)
        if before[-1:] in ("", "\n"):
            before += " "
        value = "return (" + code[start:end] + "\n )\n"
        try:
            return compile(head + before + value, name, "exec")
        except SyntaxError:
            pass  # a statement
    return compile(head + indented(code, layout) + "\n", name, "exec")
