"""URL patterns, and the table that finds the route of a request."""

from .compat import runs_here
from .urlencoding import normalize, urldecode

# Regular expressions that match() does without.
_STRING = "[^/]+"
_INT = "-?[0-9]+"
_PATH = ".+"


def _parse_int(text):
    return int(text)


class URLPattern:
    """A pattern such as ``/users/<int:id>/<path:rest>``; ``match(path)`` gives its arguments.

    A segment is literal text or one ``<name>`` or ``<type:name>``: string (not empty, the
    default), int, path (with slashes), ``re:REGEX``, or a type made by register_type().
    """

    # type: (regular expression, parser or None)
    _types = {"string": (_STRING, None), "int": (_INT, _parse_int), "path": (_PATH, None)}

    def __init__(self, url_pattern):
        self.url_pattern = url_pattern  # as given: mount() puts a prefix before it
        self.segments = None
        self.regex = None
        self.segment_patterns = []
        self.segment_parsers = []

    @classmethod
    def register_type(cls, type_name, pattern="[^/]+", parser=None):
        """Make ``<type_name:name>`` usable in patterns.

        ``pattern`` is the regular expression of the segment; ``parser(text)`` converts it, where
        None or a ValueError means that the pattern does not match.
        """
        cls._types[type_name] = (pattern, parser)

    @property
    def path(self):
        """The pattern with the slash that every path begins with."""
        pattern = self.url_pattern
        return pattern if pattern[:1] == "/" else "/" + pattern

    @property
    def is_static(self):
        """Whether the pattern has no arguments."""
        return "<" not in self.url_pattern

    def compile(self):
        """Prepare for match(); ValueError for a bad pattern. Done at the first match."""
        segments = []
        parsers = []
        patterns = []
        for segment in self.path[1:].split("/"):
            if segment[:1] != "<":
                segment = normalize(segment)
                segments.append((None, segment))
                patterns.append("/" + _escape(segment))
                continue
            if segment[-1] != ">":
                raise ValueError("expected a segment that ends in >, got " + segment)
            kind, _, name = segment[1:-1].rpartition(":")
            if kind[:3] == "re:":
                pattern, parser = kind[3:], None
            elif (kind or "string") in self._types:
                pattern, parser = self._types[kind or "string"]
            else:
                raise ValueError("expected a known segment type, got " + kind)
            segments.append((name, None if pattern == _STRING else pattern))
            parsers.append((name, parser))
            patterns.append("/(%s)" % pattern)
        self.segment_patterns = patterns
        self.segment_parsers = parsers
        self.segments = segments

    def match(self, path):
        """The dict of arguments for ``path`` (str, as in the URL), or None."""
        if self.segments is None:
            self.compile()
        arguments = {}
        at = 0
        last = len(self.segments) - 1
        for index, (name, pattern) in enumerate(self.segments):
            if path[at : at + 1] != "/":
                return None
            at += 1
            end = path.find("/", at)
            if end < 0 or (pattern == _PATH and index == last):
                end = len(path)
            text = path[at:end]
            at = end
            if name is None:
                if text != pattern:
                    return None
            elif pattern is None or pattern == _INT or (pattern == _PATH and index == last):
                if not text or (pattern == _INT and not _is_int(text)):
                    return None
                arguments[name] = text
            else:
                return self._match_regex(path)
        return self._parse(arguments) if at == len(path) else None

    def _match_regex(self, path):
        """For patterns whose segments may hold slashes: one regular expression for all."""
        if self.regex is None:
            import re

            self.regex = re.compile("^" + "".join(self.segment_patterns) + "$")
        try:
            found = self.regex.match(path)
        except RuntimeError:  # MicroPython's re needs stack for every letter of a long path
            return None
        if found is None:
            return None
        group = 1
        arguments = {}
        for name, pattern in self.segments:
            if name is not None:
                arguments[name] = found.group(group)
                group += 1 + _groups(pattern or "")
        return self._parse(arguments)

    def _parse(self, arguments):
        for name, parser in self.segment_parsers:
            try:
                value = urldecode(arguments[name], plus=False)
                if parser:
                    value = parser(value)
            except ValueError:
                return None
            if value is None:
                return None
            arguments[name] = value
        return arguments


def _is_int(text):
    digits = text[1:] if text[0] == "-" else text
    return len(digits) > 0 and all(c in "0123456789" for c in digits)


def _escape(text):
    out = []
    for c in text:
        if c in ".^$*+?{}[]\\|()":
            out.append("\\")
        out.append(c)
    return "".join(out)


def _groups(pattern):
    """How many capturing groups a regular expression has of its own."""
    count = 0
    for index, c in enumerate(pattern):
        escaped = index > 0 and pattern[index - 1] == "\\"
        if c == "(" and pattern[index + 1 : index + 2] != "?" and not escaped:
            count += 1
    return count


def _first_segment(path):
    """What stands between the first and the second slash; "/" where that is nothing."""
    end = path.find("/", 1)
    return (path[1:end] if end > 0 else path[1:]) or "/"


class Route:
    """One registered route: ``methods``, ``pattern``, ``handler``, ``url_prefix``, ``subapp``.

    ``subapp``: the locally mounted application it is of; ``outer``: tuple of those that one is
    mounted into, the nearest first.
    """

    def __init__(self, methods, pattern, handler, url_prefix="", subapp=None, outer=()):
        self.methods = methods
        self.pattern = pattern
        self.handler = handler
        self.url_prefix = url_prefix
        self.subapp = subapp
        self.outer = outer
        # Whether calling the handler is all there is to do, and does not block the others.
        self.is_direct = subapp is None and runs_here(handler)

    @property
    def subapps(self):
        """The locally mounted applications around the route, the innermost first (tuple)."""
        return (self.subapp,) + self.outer if self.subapp else ()

    def __iter__(self):
        return iter((self.methods, self.pattern, self.handler, self.url_prefix, self.subapp))


class RouteTable:
    """Routes in the order of their registration: the first that matches wins.

    Paths without arguments are looked up, patterns with arguments by their first segment, so that
    many routes cost no more than few.
    """

    def __init__(self):
        self.routes = []
        self.direct = {}  # path: the route that GET finds there, where that is direct
        self._static = {}  # path: list of indices into routes
        # First segment: list of indices of patterns; "" for those that begin with an argument.
        self._dynamic = {}

    def add(self, route):
        """Append a Route."""
        index = len(self.routes)
        self.routes.append(route)
        if route.pattern.is_static:
            path = normalize(route.pattern.path)
            if route.is_direct and self._is_first(path, route):
                self.direct[path] = route
            self._static.setdefault(path, []).append(index)
        else:
            first = _first_segment(normalize(route.pattern.path))
            self._dynamic.setdefault("" if "<" in first else first, []).append(index)

    def _is_first(self, path, route):
        """Whether GET of ``path`` finds ``route``, which is about to be added."""
        try:
            return "GET" in route.methods and self.find("GET", path)[0] is None
        except ValueError:  # a pattern that uses a type to be registered yet
            return False

    def find(self, method, path):
        """(route, arguments) for a request; route is None where no method or no path matches.

        The second value is then the list of methods that the path does have, empty for none.
        """
        if "%" in path:
            path = normalize(path)
        static = self._static.get(path, ())
        first = len(self.routes)
        for index in static:
            if method in self.routes[index].methods:
                first = index
                break
        for index in self._candidates(path) if self._dynamic else ():
            if index > first:
                break
            route = self.routes[index]
            if method in route.methods:
                arguments = route.pattern.match(path)
                if arguments is not None:
                    return route, arguments
        if first < len(self.routes):
            return self.routes[first], None
        return None, self.methods(path)

    def _candidates(self, path):
        """The indices of the patterns with arguments that ``path`` may match, in order."""
        patterns = self._dynamic.get(_first_segment(path))
        others = self._dynamic.get("")
        if patterns and others:
            return sorted(patterns + others)
        return patterns or others or ()

    def methods(self, path):
        """The methods of all routes that match ``path``, in order, each once."""
        found = []
        if "%" in path:
            path = normalize(path)
        static = self._static.get(path, ())
        for index, route in enumerate(self.routes):
            if index in static or (
                not route.pattern.is_static and route.pattern.match(path) is not None
            ):
                found += [method for method in route.methods if method not in found]
        return found
