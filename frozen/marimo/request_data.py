"""mo.app_meta().request: what the page of a session was asked for with."""

_FIELDS = (
    "url", "base_url", "headers", "query_params", "path_params", "cookies", "meta", "user",
)  # fmt: skip
# Arguments of the page's connection that are no arguments of the page.
OWN_ARGUMENTS = ("session_id", "theme", "access_token")


class HTTPRequest:
    """The request that began the session, the same for all its runs: a mapping with the keys
    ``url``, ``base_url``, ``headers``, ``query_params``, ``path_params``, ``cookies``, ``meta``
    and ``user``, which are attributes too.

    ``url`` and ``base_url`` are dicts with ``path``, ``port`` (int or None), ``scheme``,
    ``netloc``, ``query`` and ``hostname``; ``query_params``: a dict of lists of str; ``headers``:
    a dict with names in lower case; ``user``: what an authentication has put there, a dict whose
    ``is_authenticated`` is False where there was none; ``meta``: what a middleware has put there.
    """

    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        if name in _FIELDS:
            return self._values[name]
        raise AttributeError("'HTTPRequest' object has no attribute '%s'" % name)

    def __getitem__(self, name):
        return self._values[name]

    def __contains__(self, name):
        return name in _FIELDS

    def __iter__(self):
        return iter(_FIELDS)

    def __len__(self):
        return len(_FIELDS)

    def __eq__(self, other):
        return isinstance(other, HTTPRequest) and self._values == other._values

    __hash__ = None

    def keys(self):
        """The names of the fields."""
        return list(_FIELDS)

    def values(self):
        """What the fields hold."""
        return [self._values[name] for name in _FIELDS]

    def items(self):
        """(name, value) of each field."""
        return [(name, self._values[name]) for name in _FIELDS]

    def get(self, name, default=None):
        """The field ``name``, ``default`` where there is none."""
        return self._values.get(name, default)

    def __repr__(self):
        return "HTTPRequest(path=%r, params=%d)" % (
            self._values["url"]["path"],
            len(self._values["query_params"]),
        )


def make_request(request, user, meta):
    """The HTTPRequest of a Request of microdot's; ``user``, ``meta``: of user_of(), meta_of()."""
    headers = {}
    for name, value in request.headers.items():
        name = name.lower()
        if not (name.startswith("marimo") or name.startswith("x-marimo")):
            headers[name] = value
    netloc = headers.get("host", "")
    secure = request.scheme == "https"
    scheme = ("wss" if secure else "ws") if "upgrade" in headers else request.scheme
    query = request.query_string or ""
    scope = getattr(request, "asgi_scope", None)
    prefix = base = ""
    if scope is not None:
        scheme = scope.get("scheme", scheme)
        prefix = scope.get("root_path", "").rstrip("/")
        base = scope.get("app_root_path", "").rstrip("/")
    return HTTPRequest(
        {
            "url": _url(scheme, netloc, prefix + request.path, query),
            "base_url": _url(scheme, netloc, base + "/", ""),
            "headers": headers,
            "query_params": _lists(request),
            "path_params": dict((scope or {}).get("path_params") or {}),
            "cookies": dict(request.cookies),
            "meta": {} if meta is None else meta,
            "user": nobody() if user is None else user,
        }
    )


def query_of(request):
    """The arguments of the page alone: a dict of lists of str."""
    found = _lists(request)
    for name in OWN_ARGUMENTS:
        found.pop(name, None)
    return found


def lists_of_query(query):
    """The values of a kernel's query (a dict of lists, a QueryParams or None) as query_of()."""
    if hasattr(query, "get_all"):
        return {name: query.get_all(name) for name in query}
    return query or {}


def user_of(request):
    """The user that something in front of the notebook has found, None where nothing has.

    That is ``user`` of the ASGI scope, or of ``request.g`` where there is no scope. Users that
    are objects become dicts, with ``username``, ``is_authenticated`` and ``display_name``.
    """
    user = _put_there(request, "user")
    if user is None or isinstance(user, dict) or not hasattr(user, "is_authenticated"):
        return user
    found = {"is_authenticated": bool(user.is_authenticated)}
    for name, other in (("username", "username"), ("display_name", "username")):
        try:
            value = getattr(user, name)
        except (AttributeError, NotImplementedError):
            value = found.get(other, "")
        found[name] = value
    return found


def meta_of(request):
    """The ``meta`` that something in front of the notebook has set, None where nothing has."""
    return _put_there(request, "meta")


def nobody():
    """The user where there was no authentication."""
    return {"is_authenticated": False, "username": "", "display_name": ""}


def _put_there(request, name):
    scope = getattr(request, "asgi_scope", None)
    if scope is not None:
        return scope.get(name)
    return getattr(request.g, name, None)


def _lists(request):
    args = request.args
    return {name: args.getlist(name) for name in args}


def _url(scheme, netloc, path, query):
    hostname, port = netloc, None
    start = netloc.rfind(":")
    if start > netloc.rfind("]") and netloc[start + 1 :].isdigit():
        hostname, port = netloc[:start], int(netloc[start + 1 :])
    if hostname[:1] == "[" and hostname[-1:] == "]":
        hostname = hostname[1:-1]
    return {
        "path": path,
        "port": port,
        "scheme": scheme,
        "netloc": netloc,
        "query": query,
        "hostname": hostname,
    }
