"""The token that create_asgi_app() may be given: whoever has it gets in."""

from binascii import hexlify
from hashlib import sha256

from microdot import Response
from microdot.local_url import is_local

_COOKIE = "notebook_access"
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Token needed</title>
</head>
<body>
<main>
<h1>Token needed</h1>
%s<form method="post">
<label>Token
<input name="token" type="password" autocomplete="current-password" required autofocus>
</label>
<button>Open</button>
</form>
</main>
</body>
</html>
"""


def answer(request, token, rest):
    """The response for who has not shown ``token`` (str) yet, None for who has.

    ``rest`` (str): what comes after the notebook's path.
    """
    if _is_same(request.cookies.get(_COOKIE, ""), _proof(token)):
        return _forward(request) if rest == "/auth/login" else None
    given = request.args.get("access_token")
    if given is not None and rest in ("", "/") and _is_same(_proof(given), _proof(token)):
        location = ("./" if rest else request.path) + _query_without_token(request)
        return _with_cookie(request, location, token)
    if rest == "/auth/login":
        return _login(request, token)
    if rest == "/":
        from microdot.urlencoding import urlencode

        location = "./auth/login"
        if request.query_string:
            location += "?next=" + urlencode(_query(request))
        return Response(b"", 303, {"Location": location})
    if rest == "":
        return None  # to the path with a slash, which asks
    return "expected a token", 401


def _login(request, token):
    wrong = ""
    if request.method == "POST":
        given = (request.form or {}).get("token") or ""
        if _is_same(_proof(given), _proof(token)):
            response = _forward(request)
            _set_cookie(request, response, token)
            return response
        wrong = '<p role="alert">This is not the token.</p>\n'
    headers = {"Content-Type": "text/html; charset=UTF-8", "Cache-Control": "no-store"}
    return Response(_PAGE % wrong, 403 if wrong else 200, headers)


def _forward(request):
    """From the login back to the page, with its query."""
    query = request.args.get("next", "")
    if query[:1] != "?" or not is_local("/" + query):
        query = ""
    return Response(b"", 303, {"Location": "../" + query})


def _with_cookie(request, location, token):
    response = Response(b"", 303, {"Location": location})
    _set_cookie(request, response, token)
    return response


def _set_cookie(request, response, token):
    response.set_cookie(
        _COOKIE, _proof(token), path="/", http_only=True, same_site="Lax",
        secure=request.scheme == "https",
    )  # fmt: skip


def _query(request):
    return "?" + request.query_string if request.query_string else ""


def _query_without_token(request):
    kept = [one for one in (request.query_string or "").split("&")
            if one.split("=")[0] != "access_token" and one]  # fmt: skip
    return "?" + "&".join(kept) if kept else ""


def _proof(token):
    return hexlify(sha256(b"notebook access " + token.encode()).digest()).decode()


def _is_same(one, other):
    difference = len(one) ^ len(other)
    for index in range(min(len(one), len(other))):
        difference |= ord(one[index]) ^ ord(other[index])
    return difference == 0
