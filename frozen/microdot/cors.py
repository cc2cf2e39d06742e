"""Cross-origin resource sharing: which other sites' pages may use this one.

The headers are those of the Fetch standard, section 3.2 (https://fetch.spec.whatwg.org).
"""


class CORS:
    """Adds the headers to all answers of ``app``, those of errors and of OPTIONS included.

    ``allowed_origins``: a list of origins ("https://example.com"), or "*" for all;
    ``allow_credentials``: whether their requests may carry cookies and logins;
    ``allowed_methods``, ``allowed_headers``: lists of what preflight requests may ask for, None
    for whatever they ask for; ``expose_headers``: list of the headers that pages may read;
    ``max_age``: seconds that browsers may keep the answer to a preflight request;
    ``handle_cors=False``: add nothing, get_cors_headers() is used otherwise.
    """

    def __init__(self, app=None, allowed_origins=None, allow_credentials=False,
                 allowed_methods=None, expose_headers=None, allowed_headers=None, max_age=None,
                 handle_cors=True):  # fmt: skip
        if isinstance(allowed_origins, str) and allowed_origins != "*":
            allowed_origins = [allowed_origins]
        self.allowed_origins = allowed_origins
        self.allow_credentials = allow_credentials
        self.allowed_methods = allowed_methods
        self.expose_headers = expose_headers
        self.allowed_headers = allowed_headers
        self.max_age = max_age
        if app is not None:
            self.initialize(app, handle_cors)

    def initialize(self, app, handle_cors=True):
        """Begin to add the headers to the answers of ``app``."""
        if handle_cors:
            app.after_request(self._add)
            app.after_error_request(self._add)

    def get_cors_headers(self, request):
        """The headers (dict) for the answer to ``request``; a request of None has no origin."""
        headers = {}
        allowed = self.allowed_origins
        if not allowed:
            return headers
        origin = request.headers.get("Origin") if request is not None else None
        if allowed != "*" or origin is not None:
            headers["Vary"] = "Origin"  # also for the others: a cache must not mix them up
        if allowed == "*" or "*" in allowed:
            headers["Access-Control-Allow-Origin"] = origin or "*"
        elif origin in allowed:
            headers["Access-Control-Allow-Origin"] = origin
        else:
            return headers
        if self.allow_credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        if self.expose_headers:
            headers["Access-Control-Expose-Headers"] = ", ".join(self.expose_headers)
        if request is not None and request.method == "OPTIONS":
            self._add_preflight(headers, request.headers)
        return headers

    def _add_preflight(self, headers, asked):
        """What a browser may send, out of what it asks for before it does."""
        if self.max_age is not None:
            headers["Access-Control-Max-Age"] = str(self.max_age)
        method = asked.get("Access-Control-Request-Method")
        if method and _among(method, self.allowed_methods):
            headers["Access-Control-Allow-Methods"] = method
        names = asked.get("Access-Control-Request-Headers", "").split(",")
        names = [name.strip(" \t") for name in names]
        names = [name for name in names if name and _among(name, self.allowed_headers)]
        if names:
            headers["Access-Control-Allow-Headers"] = ", ".join(names)

    async def _add(self, request, response):
        headers = self.get_cors_headers(request)
        if headers:
            vary = response.headers.get("Vary")
            if "Vary" in headers and vary:
                vary = vary if isinstance(vary, str) else ", ".join(vary)
                if _among("Origin", vary.replace(" ", "").split(",")) or vary == "*":
                    headers["Vary"] = vary
                else:
                    headers["Vary"] = vary + ", Origin"
            response.headers.update(headers)


def _among(name, names):
    """Whether ``name`` is one of ``names``, whatever its case; None stands for all."""
    return names is None or name.lower() in [one.lower() for one in names]
