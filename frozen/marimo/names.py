"""Which global names a piece of Python defines and which it refers to, from its tokens.

Nothing is compiled or built: expressions are read for the names in them, with what decides whose
they are (brackets of comprehensions, lambdas, what stands left of an assignment), and a function
when it ends tells which names were not its own.
"""

from .expressions import WORDS, Expressions
from .scopes import Scopes
from .tokens import TokenError, const

# As in tokens.py.
_NAME = const(1)
_NEWLINE = const(7)
_INDENT = const(8)
_DEDENT = const(9)
_END = const(10)
_AUGMENTED = const(13)
_ARROW = const(14)

# As in expressions.py.
_TARGETS = const(1)
_AT_COMMA = const(1)
_AT_AS = const(2)
_TAKES_AS = const(4)

# Of blocks.
PLAIN = const(0)
SCOPE = const(1)
EXCEPT = const(2)
MATCH = const(3)

_ENDS = (_NEWLINE, 0x3B, _DEDENT, _END)  # of simple statements
# The statements that have a method of Names, and which one.
_STATEMENTS = {
    "if": "_if", "elif": "_if", "while": "_if", "else": "_else", "try": "_else",
    "finally": "_else", "except": "_except", "for": "_for", "with": "_with", "async": "_async",
    "def": "_def", "class": "_class", "import": "_import", "from": "_from", "del": "_del",
    "global": "_global", "nonlocal": "_nonlocal", "return": "_return",
}  # fmt: skip
# Those that are a word before an expression, or alone.
_PLAIN_WORDS = ("raise", "assert", "pass", "break", "continue")


class Names(Expressions):
    """The names of one cell, whose tokens are read from ``tokens``.

    After block(): ``scopes`` (see scopes.py) has them; ``returned``: None, or the offset of a
    ``return`` that is the last statement; ``last``: the offset after the last token.
    """

    def __init__(self, tokens):
        super().__init__(tokens, Scopes())
        self.returned = None
        self.last = tokens.end
        self._is_decorated = False  # by the statement before
        self._blocks = []
        self._header = None  # the kind of the block that follows a ":"
        self._inline = None  # and that of statements on a header's line

    def block(self, is_single=False):
        """Read statements from the present token on: until the block that it is in ends, which
        leaves the DEDENT as the present token; or ``is_single``: one line, or one statement
        with its decorators and its block. Raises TokenError."""
        tokens = self.tokens
        kind = tokens.kind
        while True:
            if self._header is not None:
                kind = self._open(kind)
            if kind == _NEWLINE:
                self.last = tokens.start
                if self._inline is not None:
                    self._close(self._inline)
                    self._inline = None
                if is_single and not self._blocks and not self._is_decorated:
                    break
            elif kind == _DEDENT:
                if not self._blocks:
                    break
                self._close(self._blocks.pop())
                if is_single and not self._blocks:
                    break
            elif kind == _END:
                break
            elif kind == _INDENT:
                raise TokenError("expected no more indentation", tokens.start)
            elif kind != 0x3B:  # ;
                if self.returned is not None:
                    raise TokenError("'return' outside a function", self.returned)
                self._is_decorated = kind == 0x40
                kind = self._statement(kind)
                self.last = tokens.start
                if self._header is None and kind not in _ENDS:
                    raise TokenError("expected a new line, got %r" % tokens.text(), tokens.start)
                continue
            kind = tokens.advance()
        while self._blocks:
            self._close(self._blocks.pop())
        if self._inline is not None:
            self._close(self._inline)
        self.scopes.finish()

    def _open(self, kind):
        """After a header's ":": what follows is a block or on the same line."""
        header = self._header
        self._header = None
        if kind != _NEWLINE:
            self._inline = header
            return kind
        if self.tokens.advance() != _INDENT:
            raise TokenError("expected an indented block", self.tokens.start)
        self._blocks.append(header)
        return self.tokens.advance()

    def _close(self, block):
        if block == SCOPE:
            self.scopes.leave()
        elif block == EXCEPT:
            self.scopes.reveal()

    # Statements. Each gets the kind of its first token and returns that of what ended it.

    def _statement(self, kind):
        if kind == 0x40:  # @
            return self._expression(self.tokens.advance())
        if kind == _NAME:
            word = self.tokens.text()
            if self._inline is None and self._blocks and self._blocks[-1] == MATCH:
                if word != "case":
                    raise TokenError("expected 'case', got %r" % word, self.tokens.start)
                return self._case()
            read = _STATEMENTS.get(word)
            if read is not None:
                return getattr(self, read)()
            if word in _PLAIN_WORDS:
                return self._expression(self.tokens.advance())
        return self._assignment(kind)

    def _assignment(self, kind):
        """An expression, an assignment, or a ``match`` statement's header."""
        tokens = self.tokens
        is_match = kind == _NAME and tokens.text() == "match"
        kind = self._expression(kind, flush=False)
        stored = None
        while True:
            if kind == 0x3D or kind == _AUGMENTED:  # =
                stored = self._take_targets(stored)
            elif kind == 0x3A:  # :
                kind = tokens.advance()
                if kind == _NEWLINE:
                    if is_match:
                        for names in (self._uses, self._targets):
                            if "match" in names:
                                names.remove("match")
                        self._opens(MATCH)
                    break
                stored = self._take_targets(stored)
                kind = self._expression(kind, flush=False)
                self._no_targets(0)
                continue
            else:
                break
            kind = self._expression(tokens.advance(), flush=False)
        self._flush()
        for name in stored or ():
            self.scopes.store(name)
        return kind

    def _take_targets(self, stored):
        targets = self._targets
        self._targets = []
        return targets if stored is None else stored + targets

    def _colon(self, kind, block):
        """The header's end."""
        if kind != 0x3A:
            raise TokenError("expected ':', got %r" % self.tokens.text(), self.tokens.start)
        self._opens(block)
        return self.tokens.advance()

    def _opens(self, block):
        if self._inline is not None:
            raise TokenError("expected a simple statement after ':'", self.tokens.start)
        self._header = block

    def _if(self):
        return self._colon(self._expression(self.tokens.advance()), PLAIN)

    def _else(self):
        return self._colon(self.tokens.advance(), PLAIN)

    def _except(self):
        kind = self.tokens.advance()
        if kind != 0x3A:
            kind = self._expression(kind, _AT_AS)
        name = None
        if kind == _NAME:
            name = self._name()
            kind = self.tokens.advance()
        self.scopes.hide(name)
        return self._colon(kind, EXCEPT)

    def _for(self):
        self._expression(self.tokens.advance(), flush=False, state=_TARGETS)
        names = self._frames[0].bound
        if self.tokens.kind != _NAME:
            raise TokenError("expected 'in', got %r" % self.tokens.text(), self.tokens.start)
        kind = self._expression(self.tokens.advance())
        for name in names:
            self.scopes.store(name)
        return self._colon(kind, PLAIN)

    def _with(self):
        return self._colon(self._expression(self.tokens.advance(), _TAKES_AS), PLAIN)

    def _async(self):
        self.tokens.advance()
        word = self.tokens.text()
        if word != "def":
            self.scopes.awaits()
        if word not in ("def", "for", "with"):
            raise TokenError("expected 'def', 'for' or 'with' after 'async'", self.tokens.start)
        return getattr(self, "_" + word)()

    def _import(self):
        while True:
            name = self._name()
            kind = self.tokens.advance()
            while kind == 0x2E:
                self._name()
                kind = self.tokens.advance()
            kind = self._as(name, kind)
            if kind != 0x2C:
                return kind

    def _from(self):
        """from ..module import name as other, ..."""
        tokens = self.tokens
        kind = tokens.advance()
        while kind == 0x2E or (kind == _NAME and tokens.text() != "import"):
            kind = tokens.advance()
        if kind != _NAME:
            raise TokenError("expected 'import', got %r" % tokens.text(), tokens.start)
        kind = tokens.advance()
        in_brackets = kind == 0x28
        if in_brackets:
            kind = tokens.advance()
        while kind == _NAME:
            name = tokens.text()
            kind = self._as(name, tokens.advance())
            if kind != 0x2C:
                break
            kind = tokens.advance()
        if kind == 0x2A:
            raise TokenError("'import *' does not say which names it defines", tokens.start)
        return tokens.advance() if in_brackets else kind

    def _as(self, name, kind):
        if kind == _NAME:
            self._word("as")
            name = self._name()
            kind = self.tokens.advance()
        self.scopes.store(name)
        return kind

    def _word(self, word):
        got = self.tokens.text()
        if got != word:
            raise TokenError("expected %r, got %r" % (word, got), self.tokens.start)

    def _name(self):
        """The name that must come next."""
        if self.tokens.advance() != _NAME:
            got = self.tokens.text()
            raise TokenError("expected a name, got %r" % got, self.tokens.start)
        return self.tokens.text()

    def _global(self):
        kind = 0x2C
        while kind == 0x2C:
            self.scopes.declare(self._name(), True)
            kind = self.tokens.advance()
        return kind

    def _nonlocal(self):
        kind = 0x2C
        while kind == 0x2C:
            self.scopes.declare(self._name(), False)
            kind = self.tokens.advance()
        return kind

    def _del(self):
        kind = self._expression(self.tokens.advance(), flush=False)
        names = self._targets
        self._targets = []
        self._flush()
        for name in names:
            self.scopes.delete(name)
        return kind

    def _return(self):
        if self.scopes.in_function():
            return self._expression(self.tokens.advance())
        at = self.tokens.start
        if self._blocks or self._inline is not None:
            raise TokenError("'return' outside a function", at)
        kind = self.tokens.advance()
        while kind != _NEWLINE and kind != 0x3B and kind != _END:
            kind = self.tokens.advance()
        self.returned = at
        return kind

    def _class(self):
        name = self._name()
        self.scopes.store(name)
        kind = self.tokens.advance()
        if kind != 0x3A:
            # As after a name in an expression: the bases, and type parameters.
            kind = self._expression(kind, is_operand=True)
        self.scopes.enter(False)
        return self._colon(kind, SCOPE)

    def _def(self):
        tokens = self.tokens
        self.scopes.store(self._name())
        kind = tokens.advance()
        if kind == 0x5B:  # type parameters
            while kind != 0x28 and kind != _NEWLINE and kind != _END:
                kind = tokens.advance()
        if kind != 0x28:
            raise TokenError("expected '(', got %r" % tokens.text(), tokens.start)
        parameters = []
        kind = tokens.advance()
        while kind != 0x29:
            if kind == _NAME:
                parameters.append(tokens.text())
                kind = tokens.advance()
                if kind == 0x3A:
                    kind = self._expression(tokens.advance(), _AT_COMMA)
                if kind == 0x3D:
                    kind = self._expression(tokens.advance(), _AT_COMMA)
            elif kind in (_NEWLINE, _END, 0x3A):
                raise TokenError("expected a parameter", tokens.start)
            else:  # , * **, and the slash
                kind = tokens.advance()
        kind = tokens.advance()
        if kind == _ARROW:
            kind = self._expression(tokens.advance())
        self.scopes.enter(True)
        for name in parameters:
            self.scopes.store(name)
        return self._colon(kind, SCOPE)

    def _case(self):
        """A pattern's names are assigned to, but for those of classes and of constants."""
        tokens = self.tokens
        kind = tokens.advance()
        depth = 0
        held = None
        is_dotted = False
        while depth or kind != 0x3A:
            if held is not None:
                if kind == 0x2E or kind == 0x28:
                    if not is_dotted:
                        self.scopes.load(held)
                elif kind != 0x3D and not is_dotted and held != "_":
                    self.scopes.store(held)
                held = None
            if kind == _NAME:
                word = tokens.text()
                if word == "if" and not depth:
                    break
                if word not in WORDS:
                    held = word
            elif kind == 0x28 or kind == 0x5B or kind == 0x7B:
                depth += 1
            elif kind == 0x29 or kind == 0x5D or kind == 0x7D:
                depth -= 1
            elif kind in (_NEWLINE, _END):
                break
            if kind != _NAME:
                is_dotted = kind == 0x2E
            kind = tokens.advance()
        if held is not None and not is_dotted and held != "_":
            self.scopes.store(held)
        if kind == _NAME:
            kind = self._expression(tokens.advance())
        return self._colon(kind, PLAIN)
