"""Compiles a template to the Python source of a generator function called ``render``."""

from . import TemplateError

VERSION = 1
_LITERAL = 512  # characters of literal text that one yield holds at the most


class Compiler:
    """``Compiler(name, lines).compile(write)``: ``lines`` of template text in, source out.

    ``name`` is for messages; ``lines`` an iterator of str with their line ends, such as a file;
    ``write`` takes pieces of source (str); ``escaped`` tells whether ``{{ }}`` escapes HTML.
    """

    def __init__(self, name, lines, escaped=True):
        self.name = name
        self.lines = iter(lines)
        self.line = 0
        self.escaped = escaped
        self._blocks = []  # (keyword, line) of what is open
        self._parts = []  # source of expressions that the next yield joins
        self._literal = ""
        self._size = 0
        self._begun = False
        self._empty = False  # whether the innermost block has no statement yet

    def error(self, expected, got, line=None):
        """The TemplateError for this place."""
        return TemplateError(
            "%s:%d: expected %s, got %s" % (self.name, line or self.line, expected, got)
        )

    def compile(self, write):
        """Write the source."""
        self._write = write
        for kind, text in self._tokens():
            if kind == "text":
                self._add_text(text)
            elif kind == "{{":
                self._add_expression(text)
            else:
                self._statement(text)
        if self._blocks:
            keyword, line = self._blocks[-1]
            raise self.error("{%% end%s %%} for line %d" % (keyword, line), "end of file")
        self._flush()
        self._begin("*_args, **_kwargs")
        # Without a yield the function would be no generator.
        self._write("    if False:\n        yield\n")

    # Reading

    def _next_line(self):
        try:
            line = next(self.lines)
        except StopIteration:
            return ""
        self.line += 1
        return line

    def _tokens(self):
        """(kind, text) with kind "text", "{{" or "{%"; comments are left out."""
        line = self._next_line()
        while line:
            start = line.find("{")
            while start >= 0 and line[start + 1 : start + 2] not in ("{", "%", "#"):
                start = line.find("{", start + 1)
            if start < 0:
                yield "text", line
                line = self._next_line()
                continue
            if start:
                yield "text", line[:start]
            opening = line[start : start + 2]
            closing = {"{{": "}}", "{%": "%}", "{#": "#}"}[opening]
            began = self.line
            content = line[start + 2 :]
            end = _end(content, closing)
            while end < 0:
                more = self._next_line()
                if not more:
                    raise self.error(closing, "end of file", began)
                # A comment is only looked at, not kept.
                content = more if opening == "{#" else content + more
                end = _end(content, closing)
            if opening != "{#":
                yield opening, content[:end].strip()
            line = content[end + 2 :]
            # The line end behind a statement or a comment belongs to it.
            if opening != "{{" and line in ("\n", "\r\n"):
                line = ""
            if not line:
                line = self._next_line()

    # Writing

    def _begin(self, arguments):
        if not self._begun:
            self._begun = True
            self._write("def render(%s):\n" % arguments)

    def _indent(self):
        return "    " * (len(self._blocks) + 1)

    def _emit(self, source):
        """Write one statement."""
        self._begin("*_args, **_kwargs")
        self._write("%s%s\n" % (self._indent(), source))
        self._empty = False

    def _add_text(self, text):
        self._literal += text
        self._size += len(text)
        if self._size >= _LITERAL:
            self._flush()

    def _add_expression(self, source):
        if not source:
            raise self.error("an expression", "{{ }}")
        self._end_literal()
        self._parts.append(("_escape(%s)" if self.escaped else "str(%s)") % source)

    def _end_literal(self):
        if self._literal:
            self._parts.append(repr(self._literal))
            self._literal = ""

    def _flush(self):
        """Write the yield for what has been collected."""
        self._end_literal()
        if self._parts:
            self._emit("yield " + " + ".join(self._parts))
        self._parts = []
        self._size = 0

    def _statement(self, text):
        keyword, _, rest = text.partition(" ")
        rest = rest.strip()
        if keyword == "args":
            self._arguments(rest)
            return
        self._flush()
        if keyword in ("if", "for", "while"):
            self._emit(text.rstrip(":") + ":")
            self._blocks.append((keyword, self.line))
            self._empty = True
        elif keyword in ("elif", "else"):
            if not self._blocks or (self._blocks[-1][0] != "if" and keyword == "elif"):
                raise self.error("{% if %} before", "{%% %s %%}" % keyword)
            self._fill()
            self._write("%s%s:\n" % ("    " * len(self._blocks), text.rstrip(":")))
            self._empty = True
        elif keyword[:3] == "end":
            if not self._blocks or self._blocks[-1][0] != keyword[3:]:
                expected = "{%% end%s %%}" % self._blocks[-1][0] if self._blocks else "no end"
                raise self.error(expected, "{%% %s %%}" % text)
            self._fill()
            self._blocks.pop()
        elif keyword == "set":
            self._emit(rest)
        elif keyword in ("import", "from"):
            self._emit(text)
        elif keyword == "include":
            self._include(rest)
        else:
            known = "args, if, elif, else, for, while, set, include, import or an end"
            raise self.error(known, "{%% %s %%}" % text)

    def _fill(self):
        if self._empty:
            self._emit("pass")

    def _arguments(self, rest):
        if self._begun or self._parts or self._literal.strip():
            raise self.error("{% args %} before everything else", "it after text")
        self._literal = ""
        self._begin(rest)

    def _include(self, rest):
        quote = rest[:1]
        end = rest.find(quote, 1) if quote in ("'", '"') else -1
        if end < 0:
            raise self.error("a template's name in quotes", rest or "nothing")
        name = rest[1:end]
        computed = name[:2] == "{{" and name[-2:] == "}}"
        source = name[2:-2].strip() if computed else repr(name)
        self._emit("yield from _load(%s)(%s)" % (source, rest[end + 1 :].strip()))


def _end(content, closing):
    """Where ``closing`` stands in ``content``, not counting what is inside quotes."""
    if closing == "#}":
        return content.find(closing)
    quote = None
    previous = ""
    for index, character in enumerate(content):
        if quote:
            if character == quote and previous != "\\":
                quote = None
        elif character in "\"'":
            quote = character
        elif content[index : index + 2] == closing:
            # Of "}}}" the first brace closes a dict inside the expression.
            return index + (content[index : index + 3] == "}}}")
        previous = character
    return -1


def compile_file(source, target, escaped=True):
    """Compile the template file ``source`` to the Python file ``target`` (paths)."""
    with open(source) as lines, open(target, "w") as out:
        out.write(mark(source) + "\n")
        Compiler(source, lines, escaped).compile(out.write)


def mark(path):
    """The first line of what was compiled from the file ``path``: compiler, size, checksum.

    Not the time: the clock of a board may never have been set.
    """
    from binascii import crc32

    size = checksum = 0
    with open(path, "rb") as file:
        while True:
            piece = file.read(256)
            if not piece:
                return "# utemplate %d %d %08x" % (VERSION, size, checksum)
            size += len(piece)
            checksum = crc32(piece, checksum)
