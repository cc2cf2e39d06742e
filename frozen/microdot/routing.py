"""The table that finds the route of a request."""

from .compat import runs_here


def normalized(path):
    """``path`` as it is compared: with its slash, without needless percent-encoding."""
    if path[:1] != "/":
        path = "/" + path
    for c in path:
        if c == "%" or not "!" <= c <= "~":
            from .urlencoding import normalize

            return normalize(path)
    return path


def _first_segment(path):
    """What stands between the first and the second slash; "/" where that is nothing."""
    end = path.find("/", 1)
    return (path[1:end] if end > 0 else path[1:]) or "/"


class Route:
    """One registered route: ``methods``, ``handler``, ``url_prefix``, ``subapp``.

    ``url_pattern``: str, see microdot.urlpattern; ``subapp``: the locally mounted application it
    is of; ``outer``: tuple of those that one is mounted into, the nearest first.
    """

    _pattern = None

    def __init__(self, methods, url_pattern, handler, url_prefix="", subapp=None, outer=()):
        self.methods = methods
        self.url_pattern = url_pattern  # as given: mount() puts a prefix before it
        self.handler = handler
        self.url_prefix = url_prefix
        self.subapp = subapp
        self.outer = outer

    @property
    def pattern(self):
        """The URLPattern, made when it is first asked for."""
        if self._pattern is None:
            from .urlpattern import URLPattern

            self._pattern = URLPattern(self.url_pattern)
        return self._pattern

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
        self.direct = {}  # path: what GET finds there, where its handler is all there is to call
        self.static = {}  # path: list of indices into routes
        # First segment: list of indices of patterns; "" for those that begin with an argument.
        self.dynamic = {}

    def add(self, route):
        """Append a Route."""
        index = len(self.routes)
        self.routes.append(route)
        path = normalized(route.url_pattern)
        if "<" not in route.url_pattern:
            if route.subapp is None and runs_here(route.handler) and "GET" in route.methods:
                try:
                    if self.find("GET", path)[0] is None:
                        self.direct[path] = route
                except ValueError:  # of an earlier pattern, with a type to be registered yet
                    pass
            self.static.setdefault(path, []).append(index)
        else:
            first = _first_segment(path)
            self.dynamic.setdefault("" if "<" in first else first, []).append(index)

    def find(self, method, path):
        """(route, arguments or None) for a request; (None, None) where nothing matches."""
        if "%" in path:
            path = normalized(path)
        static = self.static.get(path, ())
        first = len(self.routes)
        for index in static:
            if method in self.routes[index].methods:
                first = index
                break
        for index in self.candidates(path) if self.dynamic else ():
            if index > first:
                break
            route = self.routes[index]
            if method in route.methods:
                arguments = route.pattern.match(path)
                if arguments is not None:
                    return route, arguments
        if first < len(self.routes):
            return self.routes[first], None
        return None, None

    def candidates(self, path):
        """The indices of the patterns with arguments that ``path`` may match, in order."""
        patterns = self.dynamic.get(_first_segment(path))
        others = self.dynamic.get("")
        if patterns and others:
            return sorted(patterns + others)
        return patterns or others or ()
