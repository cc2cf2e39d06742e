"""Compiles templates to Python: ``compile_file`` for files, ``compile_to`` for anything.

The result is a module with the generator function ``render``, which yields the page in pieces.
A template is read, and its Python written, a piece at a time.
"""

from . import files, marks, names
from .reader import Reader, is_whole, one_line
from .writer import Writer

_STATEMENTS = (
    "args, set, include, if, for, while, with, def, import, from, break, continue, "
    "extends, block, super or an end"
)
_NEEDED = {"if": "a condition", "elif": "a condition", "while": "a condition"}


def compile_file(source, target, directory=None):
    """Compile the template file ``source`` to the Python file ``target`` (str).

    ``directory``: where templates that it includes are, by default that of ``source``.
    ``target`` appears whole or, on an error, not at all. Raises TemplateError for a mistake in a
    template, OSError for files that cannot be read or written.
    """
    source = str(source).replace("\\", "/")
    directory = source.rpartition("/")[0] if directory is None else str(directory)
    root = directory.replace("\\", "/")
    root = root if not root or root.endswith("/") else root + "/"
    if not source.startswith(root):
        raise ValueError("expected a file in %r, got %r" % (root, source))
    compile_into(root, source[len(root) :], str(target))


def compile_into(root, name, target):
    """Compile the template ``name`` below ``root`` ("" or ending in "/") to the file ``target``.

    Returns the sources it was made of (list of marks.Source). Errors as for ``compile_file``.
    """
    new = files.temporary(target)
    out = open(new, "wb")  # noqa: SIM115
    try:
        sources = compile_to(root, name, out)
        files.close(out)
        files.replace(new, target)
    except BaseException:
        try:
            out.close()
        except OSError:
            pass
        files.remove(new)
        raise
    return sources


def compile_to(root, name, out):
    """Compile as ``compile_into`` does, to ``out``, an object with ``write(bytes)``."""
    names.check(name)
    writer = Writer(out)
    writer.write(b"# Compiled from %s; a change of this file is lost.\n" % name.encode())
    writer.write(b"from utemplate import escape as _e, safe\n")
    sources = []
    _Template(root, name, "render", writer, sources, None).compile()
    marks.write(writer, writer.offset, sources)
    return sources


class _Override:
    """A block of a template that extends another: the ``function`` that yields it."""

    def __init__(self, function, line):
        self.function = function
        self.line = line
        self.calls_super = False
        self.placed = False


class _Open:
    """A statement that waits for its end."""

    def __init__(self, word, line):
        self.word = word
        self.line = line
        self.close = None  # what to do at its end; by default, end the block of Python
        self.override = None


class _Template:
    """One template on its way into the function ``function``.

    ``parent``: the template that includes or extends this one, or None; ``overrides``: what
    extending templates made of this one's blocks, {name: list of _Override}, the last first.
    """

    def __init__(self, root, name, function, writer, sources, parent, overrides=None):
        self.root = root
        self.name = name
        self.function = function
        self.writer = writer
        self.sources = sources
        self.parent = parent
        self.overrides = {} if overrides is None else overrides
        self.own = {}  # the blocks that this template overrides: {name: _Override}
        self.args = None
        self.started = False
        self.blank = b""  # white space before the first statement, which may be args
        self.extended = None  # (name, arguments, line) of the template this one extends
        self.stack = []

    def compile(self):
        self.reader = Reader(self.name, self.root + self.name)
        try:
            while True:
                piece = self.reader.next()
                if piece is None:
                    break
                kind, content = piece
                if kind == "%":
                    self.statement(one_line(content))
                elif kind == "{":
                    self.expression(one_line(content))
                else:
                    self.text(content)
            self.finish()
            source = self.reader.source()
        except UnicodeError:
            raise self.reader.encoding_error()
        finally:
            self.reader.close()
        if all(known.name != source.name for known in self.sources):
            # The template itself comes first, what it includes has been added by now.
            self.sources.insert(0 if self.parent is None else len(self.sources), source)
        if self.extended:
            self.extend()
        self.writer.line("yield from ()")  # a generator, even of nothing
        self.writer.close()

    # Pieces

    def start(self):
        """Write the head of the function, before anything that goes into it."""
        if not self.started:
            self.started = True
            args = "*_a, **_k" if self.args is None else self.args
            if self.parent is None and self.args is not None:
                self.writer.line("ARGS = %r" % args)
            self.writer.open("def %s(%s):" % (self.function, args))
            if self.blank and not self.extended:
                self.writer.text(self.blank)
            self.blank = b""

    def text(self, text):
        outside = self.extended and not self.stack
        if outside or not self.started:
            if not text.strip():
                self.blank += b"" if outside else text
                return
            if outside:
                raise self.reader.error("expected {% block %}, got text outside of any block")
        self.start()
        self.writer.text(text)

    def expression(self, code):
        if self.extended and not self.stack:
            raise self.reader.error("expected {% block %}, got {{ }} outside of any block")
        self.start()
        place = self.place()
        words = code.split(None, 2)
        if words[:2] == ["yield", "from"] and len(words) == 3:
            self.check_expression(words[2], "an expression after yield from")
            self.writer.line("_v = yield from (%s)%s" % (words[2], place))
            self.writer.open("if _v is not None:")
            self.writer.line("yield _e(_v)")
            self.writer.close()
            return
        self.check_expression(code, "an expression")
        self.writer.line("yield _e((%s))%s" % (code, place))

    def statement(self, code):
        end = 0
        while end < len(code) and (code[end].isalpha() or code[end] == "_"):
            end += 1
        word, rest = code[:end], code[end:].strip()
        if word[:3] == "end" and not rest:
            self.end(word[3:])
        elif word == "args":
            self.arguments(rest)
        elif word == "extends":
            self.begin_extending(rest)
        else:
            method = getattr(self, "on_" + word, None) if word else None
            if method is None:
                raise self.reader.error("expected %s, got %r" % (_STATEMENTS, code))
            if self.extended and not self.stack and word not in ("set", "block", "import", "from"):
                raise self.reader.error("expected {%% block %%}, got {%% %s %%}" % code)
            self.start()
            method(word, rest)

    def place(self, line=None):
        """A comment for a line of Python, by which a traceback leads to the template."""
        return "  # %s:%d" % (self.name, line or self.reader.start)

    def check(self, code, expected, got, mode="exec"):
        """Raise a TemplateError unless ``code`` is Python."""
        try:
            compile(code, self.name, mode)
        except (SyntaxError, ValueError):
            raise self.reader.error("expected %s, got %r" % (expected, got))

    def check_expression(self, code, expected):
        """The same for what goes between brackets; in both kinds, so that it closes neither."""
        if not code:
            raise self.reader.error("expected %s, got nothing" % expected)
        self.check("(%s)" % code, expected, code, "eval")
        self.check("[%s]" % code, expected, code, "eval")

    def check_statement(self, code, expected, got):
        """The same for a statement as it stands in a function, where ``yield`` is allowed."""
        self.check("def _():\n %s\n" % code, expected, got)

    # Statements: what comes first

    def arguments(self, args):
        if self.started or self.extended:
            raise self.reader.error("expected {% args %} before anything else, got it after")
        if self.args is not None:
            raise self.reader.error("expected one {% args %}, got a second")
        self.check("def _(%s): pass" % args, "names of arguments", args)
        self.args = args
        self.blank = b""

    def begin_extending(self, rest):
        if self.started or self.extended:
            raise self.reader.error("expected {% extends %} before anything else, got it after")
        name, args = self.reference(rest)
        self.extended = name, args, self.reader.start

    def reference(self, rest):
        """The name and the arguments of include and extends."""
        quote = rest[:1]
        end = rest.find(quote, 1) if quote in ('"', "'") and quote else -1
        if end < 0:
            raise self.reader.error("expected a template's name in quotes, got %r" % rest)
        name, args = rest[1:end], rest[end + 1 :].strip()
        try:
            names.check(name)
        except ValueError as error:
            raise self.reader.error(str(error))
        self.check("_(%s)" % args, "arguments after the name", args, "eval")
        return name, args

    # Statements: blocks of Python

    def begin(self, word, line):
        self.writer.open("%s:%s" % (line, self.place()))
        opened = _Open(word, self.reader.start)
        self.stack.append(opened)
        return opened

    def on_if(self, word, rest):
        what = _NEEDED.get(word, "Python after %s" % word)
        self.check_statement("%s %s:\n  pass" % (word, rest), what, rest)
        self.begin(word, "%s %s" % (word, rest))

    on_while = on_for = on_with = on_if

    def on_def(self, word, rest):
        self.check("def %s:\n pass\n" % rest, "a name and its arguments", rest)
        self.begin(word, "def " + rest).close = self.end_function

    def on_elif(self, word, rest):
        self.top("elif", ("if",))
        self.check_statement("if %s:\n  pass" % rest, "a condition", rest)
        self.writer.close()
        self.writer.open("elif %s:%s" % (rest, self.place()))

    def on_else(self, word, rest):
        opened = self.top("else", ("if", "for", "while"))
        if rest:
            raise self.reader.error("expected {%% else %%}, got {%% else %s %%}" % rest)
        opened.word = "else " + opened.word
        self.writer.close()
        self.writer.open("else:")

    def top(self, word, allowed):
        """The innermost open statement, which has to be one of ``allowed``."""
        if not self.stack or self.stack[-1].word not in allowed:
            inside = "{%% %s %%}" % _ending(self.stack[-1]) if self.stack else "no statement"
            raise self.reader.error(
                "expected {%% %s %%} inside of {%% %s %%}, got it inside of %s"
                % (word, " or ".join(allowed), inside)
            )
        return self.stack[-1]

    def end(self, word):
        if not self.stack:
            raise self.reader.error("expected no end, got {%% end%s %%}" % word)
        opened = self.stack[-1]
        if word != _ending(opened):
            raise self.reader.error(
                "expected {%% end%s %%}, got {%% end%s %%}%s"
                % (_ending(opened), word, _place(opened))
            )
        self.stack.pop()
        if opened.close:
            opened.close()
        else:
            self.writer.close()

    def end_function(self):
        self.writer.line("yield from ()")
        self.writer.close()

    def finish(self):
        """The end of the file."""
        if self.stack:
            opened = self.stack[-1]
            raise self.reader.error(
                "expected {%% end%s %%}, got end of file%s" % (_ending(opened), _place(opened)),
                self.reader.last_line(),
            )
        self.start()
        self.writer.flush()

    # Statements: one line of Python

    def on_set(self, word, rest):
        self.check_statement(rest, "name = value", rest)
        self.writer.line(rest + self.place())

    def on_import(self, word, rest):
        code = word + " " + rest
        self.check_statement(code, "an import", code)
        self.writer.line(code + self.place())

    on_from = on_import

    def on_break(self, word, rest):
        around = [opened.word for opened in self.stack]
        around = [word for word in around if word in ("for", "while", "def", "block")]
        if rest or not around or around[-1] not in ("for", "while"):
            raise self.reader.error("expected {%% %s %%} in a loop, got it elsewhere" % word)
        self.writer.line(word)

    on_continue = on_break

    # Statements: other templates

    def on_include(self, word, rest):
        if rest[:2] == "{{":
            end = rest.find("}}")
            while end >= 0 and not is_whole(rest[2:end].encode()):
                end = rest.find("}}", end + 1)
            if end < 0:
                raise self.reader.error("expected }}, got %r" % rest)
            name, args = rest[2:end].strip(), rest[end + 2 :].strip()
            self.check_expression(name, "a template's name")
            self.check("_(%s)" % args, "arguments after the name", args, "eval")
            self.writer.line("yield from _load(%s)(%s)%s" % (name, args, self.place()))
            return
        name, args = self.reference(rest)
        self.insert(name, args, self.reader.start, None)

    def insert(self, name, args, line, overrides):
        """Make another template a function in this one, and call it with ``args``."""
        chain = [name]
        ancestor = self
        while ancestor is not None:
            chain.insert(0, ancestor.name)
            if ancestor.name == name:
                raise self.reader.error(
                    "expected templates that end, got " + " in ".join(reversed(chain)), line
                )
            ancestor = ancestor.parent
        if files.status(self.root + name) is None:
            raise self.reader.error("expected a template, got no file %r" % name, line)
        function = self.writer.name("_t")
        inner = _Template(
            self.root, name, function, self.writer, self.sources, self, overrides
        )  # fmt: skip
        self.writer.flush()
        inner.compile()
        self.writer.line("yield from %s(%s)%s" % (function, args, self.place(line)))

    # Statements: inheritance

    def extend(self):
        """Put the extended template in, with this one's blocks in the place of its own."""
        name, args, line = self.extended
        self.insert(name, args, line, self.overrides)
        for block, override in self.own.items():
            if not override.placed:
                message = "expected a block of %s, got %r" % (name, block)
                raise self.reader.error(message, override.line)

    def on_block(self, word, rest):
        if not rest or not all(c.isalpha() or c.isdigit() or c == "_" for c in rest):
            raise self.reader.error("expected the name of the block, got %r" % rest)
        opened = _Open(word, self.reader.start)
        if self.extended and not self.stack:
            self.begin_override(opened, rest)
        else:
            self.begin_block(opened, rest)
        self.stack.append(opened)

    def begin_override(self, opened, name):
        if name in self.own:
            raise self.reader.error("expected one {%% block %s %%}, got a second" % name)
        override = _Override(self.writer.name("_b"), opened.line)
        self.own[name] = override
        self.overrides.setdefault(name, []).append(override)
        self.writer.open("def %s(_s):" % override.function)
        opened.override = override
        opened.close = self.end_function

    def begin_block(self, opened, name):
        overrides = self.overrides.get(name)
        self.writer.flush()
        if not overrides:
            opened.close = self.writer.flush
            return
        shown = []
        for override in overrides:
            override.placed = True
        for override in overrides:
            shown.append(override)
            if not override.calls_super:
                break
        if shown[-1].calls_super:
            base = self.writer.name("_s")
            self.writer.open("def %s():" % base)
            opened.close = lambda: self.end_block(shown, base)
        else:
            self.writer.muted += 1
            opened.close = lambda: self.end_block(shown, None)

    def end_block(self, shown, base):
        """Call the overriding block; what it extends is handed to it as a function."""
        if base:
            self.end_function()
        else:
            self.writer.muted -= 1
        inherited = base
        for override in reversed(shown[1:]):
            function = self.writer.name("_s")
            self.writer.open("def %s():" % function)
            self.writer.line("yield from %s(%s)" % (override.function, inherited))
            self.writer.close()
            inherited = function
        self.writer.line("yield from %s(%s)" % (shown[0].function, inherited))

    def on_super(self, word, rest):
        for opened in reversed(self.stack):
            if opened.override:
                opened.override.calls_super = True
                break
        else:
            message = "expected {% super %} in a block that overrides one, got it elsewhere"
            raise self.reader.error(message)
        if rest:
            raise self.reader.error("expected {%% super %%}, got {%% super %s %%}" % rest)
        self.writer.line("yield from _s()" + self.place())


def _ending(opened):
    """The word that ends an open statement, after "end"."""
    return opened.word.split(" ")[-1]


def _place(opened):
    return " (the {%% %s %%} is in line %d)" % (_ending(opened), opened.line)
