"""The names in an expression, from its tokens: which are used, which may be assigned to.

An expression is not built: brackets and lambdas are frames on a stack, and what is in them when
they end decides whose the names were that were read in between.
"""

from .tokens import const

# As in tokens.py.
_NAME = const(1)
_F_STRING = const(4)
_F_OPEN = const(5)
_F_CLOSE = const(6)
_NEWLINE = const(7)
_END = const(10)
_WALRUS = const(12)
_AUGMENTED = const(13)

# Of frames: what opened it.
_BASE = const(0)
_GROUP = const(1)  # ( or [ that targets may be in
_CALL = const(2)
_OTHER = const(3)
_LAMBDA = const(4)
# Of frames: what is being read.
_VALUE = const(0)
_TARGETS = const(1)  # of "for"
_FIRST = const(2)  # a comprehension's first iterable, which is outside of it
_REST = const(3)
_PARAMETER = const(4)
_DEFAULT = const(5)
_AFTER_AS = const(6)

# Where an expression may end besides where it must.
_AT_COMMA = const(1)
_AT_AS = const(2)
_TAKES_AS = const(4)  # it does not, but is a with statement's: names after "as" are targets

_IN = const(1)
_FOR = const(2)
_IF = const(3)
_AS = const(4)
_LAMBDA_WORD = const(5)
_AWAIT = const(6)
# The keywords in expressions; 0 where only what is beside it counts.
WORDS = {
    "None": 0, "True": 0, "False": 0, "and": 0, "or": 0, "not": 0, "is": 0, "else": 0,
    "yield": 0, "from": 0, "await": _AWAIT, "async": _AWAIT,
    "in": _IN, "for": _FOR, "if": _IF, "as": _AS, "lambda": _LAMBDA_WORD,
}  # fmt: skip


class _Frame:
    """A bracket, a lambda or all of an expression, while it is being read."""

    def __init__(self, kind, state, bound, uses, targets):
        self.kind = kind
        self.state = state
        self.bound = bound  # the names that are assigned to here (list), or None
        self.uses = uses  # how many names were used before it
        self.targets = targets  # how many might be targets
        self.first = -1  # where the uses in a comprehension's first iterable begin
        self.outside = None  # and these, when they are known; None where there is none
        self.walrus = None  # the name that gets the value that is being read


class Expressions:
    """Reads expressions from ``tokens``; the names are told to ``scopes`` (see scopes.py)."""

    def __init__(self, tokens, scopes):
        self.tokens = tokens
        self.scopes = scopes
        self._frames = []
        self._uses = []  # names: "=x" is assigned to at this point, "~x" used later
        self._targets = []  # names that are used, unless an assignment follows

    def _expression(self, kind, stops=0, state=_VALUE, flush=True, is_operand=False):
        """Read an expression from the present token on, which is of ``kind``: the kind of the
        token that ends it. ``flush``: tell the scopes at the end; ``is_operand``: a name was
        before it, so that a bracket is a call's."""
        tokens = self.tokens
        advance = tokens.advance
        self._frames = frames = []
        self._push(_BASE, state)
        held = None  # a name; what follows decides what it is
        after_dot = False
        group = -1  # how many targets were before the bracket that has just been closed
        while True:
            if kind == _NAME:
                name = tokens.text()
                word = None if after_dot else WORDS.get(name)
                if held is not None:
                    self._use(held)
                    held = None
                if word is not None:
                    if word and self._keyword(word, stops):
                        break
                elif not after_dot:
                    held = name
                is_operand = word is None
                after_dot = False
                group = -1
                kind = advance()
                continue
            is_trailer = kind == 0x2E or kind == 0x28 or kind == 0x5B
            if held is not None:
                if is_trailer:
                    self._uses.append(held)
                elif kind == _WALRUS:
                    frames[-1].walrus = held
                elif kind != 0x3D or frames[-1].kind != _CALL:
                    self._use(held)
                held = None
            elif group >= 0 and is_trailer:
                self._no_targets(group)
            group = -1
            after_dot = kind == 0x2E
            if kind < _F_OPEN:  # a number, a string
                is_operand = True
            elif kind == 0x28 or kind == 0x5B:
                opened = (_CALL if kind == 0x28 else _OTHER) if is_operand else _GROUP
                self._push(opened, _VALUE)
                is_operand = False
            elif kind == 0x7B or kind == _F_OPEN:
                self._push(_OTHER, _VALUE)
                is_operand = False
            elif kind == 0x29 or kind == 0x5D or kind == 0x7D or kind == _F_CLOSE:
                self._end_lambdas()
                if len(frames) == 1:
                    break
                if frames[-1].kind == _GROUP:
                    group = frames[-1].targets
                self._pop()
                is_operand = True
            elif kind == 0x2C:
                if self._comma() and stops == _AT_COMMA:
                    break
                is_operand = False
            elif kind == 0x3A:
                if not self._colon_of_lambda() and len(frames) == 1:
                    break
                is_operand = False
            elif kind == 0x3D and len(frames) > 1:
                if frames[-1].kind == _LAMBDA:
                    frames[-1].state = _DEFAULT
                is_operand = False
            elif kind <= _END or kind == 0x3B or kind == 0x3D or kind == _AUGMENTED:
                break
            else:
                is_operand = False
            kind = advance()
        if held is not None:
            self._use(held)
        self._end_lambdas()
        while len(frames) > 1:  # of no program
            self._pop()
        self._end_walrus()
        if flush:
            self._flush()
        return kind

    def _flush(self):
        """Tell the scopes which names were used."""
        scopes = self.scopes
        uses = self._uses
        targets = self._targets
        if uses:
            self._uses = []
            for name in uses:
                if name[0] == "=":
                    scopes.store(name[1:])
                elif name[0] == "~":
                    scopes.load_later(name[1:])
                else:
                    scopes.load(name)
        if targets:
            self._targets = []
            for name in targets:
                scopes.load(name)

    def _use(self, name):
        """``name`` stands alone: it is used, or assigned to."""
        frame = self._frames[-1]
        state = frame.state
        if state in (_TARGETS, _PARAMETER):
            frame.bound.append(name)
        elif state == _AFTER_AS:
            self._uses.append("=" + name)
        elif frame.kind <= _GROUP and frame.bound is None:
            self._targets.append(name)
        else:
            self._uses.append(name)

    def _no_targets(self, count):
        """Names that might have been targets, but for the first ``count``, are used."""
        targets = self._targets
        if len(targets) > count:
            self._uses.extend(targets[count:])
            del targets[count:]

    # Frames

    def _push(self, kind, state):
        bound = None
        if kind == _LAMBDA or state == _TARGETS:
            bound = []
        elif self._frames:
            around = self._frames[-1]
            if kind == _GROUP and (around.state == _TARGETS or around.state == _AFTER_AS):
                state = around.state
                bound = around.bound
            elif around.kind > _GROUP or around.bound is not None:
                bound = ()  # no targets in here
        self._frames.append(_Frame(kind, state, bound, len(self._uses), len(self._targets)))

    def _pop(self):
        """A bracket is closed."""
        self._end_walrus()
        frame = self._frames.pop()
        if frame.outside is None:
            return
        self._end_first(frame)
        uses = self._uses
        at = frame.uses
        for index in range(at, len(uses)):
            name = uses[index]
            if (name[1:] if name[0] == "~" else name) not in frame.bound:
                uses[at] = name
                at += 1
        del uses[at:]
        uses.extend(frame.outside)

    def _end_first(self, frame):
        """A comprehension's first iterable ends, if that is what is being read."""
        if frame.state == _FIRST:
            frame.outside = self._uses[frame.first :]
            del self._uses[frame.first :]
            frame.state = _REST

    def _end_lambdas(self):
        """Lambdas end, where they are what is being read."""
        while self._frames[-1].kind == _LAMBDA:
            self._end_lambda()

    def _end_lambda(self):
        self._end_walrus()
        frame = self._frames.pop()
        uses = self._uses
        bound = frame.bound
        for index in range(frame.uses, len(uses)):
            if uses[index][0] == "=":
                bound.append(uses[index][1:])
        at = frame.uses
        for index in range(at, len(uses)):
            name = uses[index]
            if name[0] == "~":
                name = name[1:]
            if name[0] != "=" and name not in bound:
                uses[at] = "~" + name
                at += 1
        del uses[at:]

    def _end_walrus(self):
        frame = self._frames[-1]
        if frame.walrus is not None:
            self._no_targets(frame.targets)
            self._uses.append("=" + frame.walrus)
            frame.walrus = None

    # What separates

    def _comma(self):
        """Whether this is a comma outside of brackets."""
        frames = self._frames
        frame = frames[-1]
        if frame.kind == _LAMBDA and frame.state != _VALUE:
            frame.state = _PARAMETER
            return False
        self._end_lambdas()
        self._end_walrus()
        frame = frames[-1]
        if frame.state == _AFTER_AS and (len(frames) == 1 or frames[-2].state != _AFTER_AS):
            frame.state = _VALUE
        return len(frames) == 1

    def _colon_of_lambda(self):
        """Whether a colon is the one of a lambda, whose body follows."""
        frames = self._frames
        while frames[-1].kind == _LAMBDA:
            frame = frames[-1]
            if frame.state != _VALUE:
                frame.state = _VALUE
                frame.uses = len(self._uses)
                return True
            self._end_lambda()
        self._end_walrus()
        return False

    def _keyword(self, word, stops):
        """Whether the expression ends at a keyword (one of WORDS' numbers)."""
        frames = self._frames
        if word == _LAMBDA_WORD:
            self._push(_LAMBDA, _PARAMETER)
        elif word == _FOR:
            self._end_lambdas()
            self._end_walrus()
            frame = frames[-1]
            self._end_first(frame)
            if len(frames) > 1:
                if frame.outside is None:
                    frame.outside = ()
                    frame.bound = []
                    self._no_targets(frame.targets)
                frame.state = _TARGETS
        elif word == _IN:
            frame = frames[-1]
            if frame.state == _TARGETS:
                if len(frames) == 1:
                    return True
                if frame.first < 0:
                    frame.first = len(self._uses)
                    frame.state = _FIRST
                else:
                    frame.state = _REST
        elif word == _IF:
            if frames[-1].kind != _LAMBDA:
                self._end_first(frames[-1])
        elif word == _AWAIT:
            self.scopes.awaits()
        elif word == _AS:
            self._end_lambdas()
            if len(frames) == 1 and stops == _AT_AS:
                return True
            if stops == _TAKES_AS:
                frames[-1].state = _AFTER_AS
        return False
