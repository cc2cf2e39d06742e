"""Protection against requests that another site's page makes a browser send.

Browsers say where a request comes from: Sec-Fetch-Site (W3C Fetch Metadata, only over HTTPS and
to localhost), Origin (RFC 6454). No token is needed. What is not a browser sends neither, carries
nobody's cookies, and is let through.
"""


class CSRF:
    """Refuses requests from other sites with 403, unless their method only reads.

    ``cors``: a microdot.cors.CORS, whose list of allowed origins may send requests;
    ``protect_all=False``: check only the routes that are marked with ``protect``;
    ``allow_subdomains``: let sites of the same domain send requests, too.
    """

    def __init__(self, app=None, cors=None, protect_all=True, allow_subdomains=False):
        self.cors = cors
        self.protect_all = protect_all
        self.allow_subdomains = allow_subdomains
        self._exempt = []
        self._protected = []
        if app is not None:
            self.initialize(app)

    def initialize(self, app, cors=None):
        """Begin to check the requests to ``app``; ``cors``: if it was not given before."""
        if cors is not None:
            self.cors = cors
        app.before_request(self._before)

    def exempt(self, f):
        """Decorator: do not check the requests to this route."""
        self._exempt.append(f)
        return f

    def protect(self, f):
        """Decorator: check the requests to this route though ``protect_all`` is False."""
        from .compat import invoke
        from .helpers import wraps

        self._protected.append(f)  # for a route decorator that is below this one

        @wraps(f)
        async def handler(request, *args, **kwargs):
            self._check(request)
            return await invoke(f, request, *args, **kwargs)

        return handler

    async def _before(self, request):
        # The route's function, or what a decorator has made it of; MicroPython does not say that.
        f = request.route
        marked = self._exempt if self.protect_all else self._protected
        while f is not None and f not in marked:
            f = getattr(f, "__wrapped__", None)
        if (f is None) == self.protect_all:
            self._check(request)

    def _check(self, request):
        """Refuse ``request`` unless a page that may do so has sent it, or no page at all."""
        site = request.headers.get("Sec-Fetch-Site")
        if request.method in ("GET", "HEAD", "OPTIONS") or site in ("same-origin", "none"):
            return
        if site == "same-site" and self.allow_subdomains:
            return
        origin = request.headers.get("Origin")
        allowed = self.cors.allowed_origins if self.cors else None
        if origin == "null":
            pass  # a page that hides its origin can be anybody's
        elif origin is None:
            if site is None:
                return
        elif allowed and allowed != "*" and origin in allowed:
            return
        elif site is None:
            # The scheme is not compared: a proxy in front of this server can have ended TLS.
            name = origin.partition("://")[2].lower()
            host = request.headers.get("Host", "").lower()
            if name and name == host:
                return
            host = host.partition(":")[0]
            if self.allow_subdomains and host and name.partition(":")[0].endswith("." + host):
                return
        from .app import abort

        abort(403, "Forbidden")
