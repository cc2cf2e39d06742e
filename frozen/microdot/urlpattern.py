"""URL patterns with arguments."""

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

    def compile(self):
        """Prepare for match(); ValueError for a bad pattern. Done at the first match."""
        segments = []
        parsers = []
        patterns = []
        whole = self.url_pattern
        for segment in (whole[1:] if whole[:1] == "/" else whole).split("/"):
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
