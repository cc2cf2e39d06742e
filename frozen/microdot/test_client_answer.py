"""What microdot.test_client needs once it sends something: requests as bytes, answers, cookies."""

from .http import ProtocolError, parse_head
from .request import make_request
from .response import Response
from .test_client import TestResponse


async def exchange(client, origin, method, path, headers, body):
    """The TestResponse to one request that comes from ``origin``."""
    app = client.app
    data, body = compose(client, method, path, headers, body)
    try:
        head = parse_head(data)
        request = make_request(head, origin)
        if head.chunked or head.content_length:
            await _load(request, body)
    except ProtocolError as error:
        response = await app.error_response(None, error.status, error.reason)
    else:
        response = await app.dispatch_request(request)
    return await answer(client, response)


# The request


def compose(client, method, path, headers, body):
    """The head and the body of a request as bytes."""
    lines = ["%s %s HTTP/1.1" % (method, _ascii(path))]
    names = []
    cookies = []
    for name in headers or ():
        value = str(headers[name])
        names.append(name.lower())
        if names[-1] == "cookie":
            cookies.append(value)
        else:
            lines.append(name + ": " + value)
    if "host" not in names:
        lines.append("Host: " + client.host)
    if isinstance(body, (dict, list)):
        import json

        body = json.dumps(body)
        if "content-type" not in names:
            lines.append("Content-Type: application/json")
    if isinstance(body, str):
        body = body.encode()
    if body is not None and "content-length" not in names and "transfer-encoding" not in names:
        lines.append("Content-Length: %d" % len(body))
    cookies = _cookies_for(client.cookies, path) + cookies
    if cookies:
        lines.append("Cookie: " + "; ".join(cookies))
    for line in lines:
        if "\r" in line or "\n" in line or "\0" in line:
            raise ValueError("expected no line break, got %r" % line)
    return "\r\n".join(lines).encode(), body or b""


def _ascii(path):
    """``path`` as every client sends it: what is not ASCII is percent-encoded."""
    data = path.encode()
    if len(data) == len(path):
        return path
    return "".join([chr(c) if c < 128 else "%%%02X" % c for c in data])


async def _load(request, body):
    from .streams import AsyncBytesIO, BodyStream, body_decoder, load_body

    head = request._head
    limit = request.max_content_length if head.chunked else None
    stream = BodyStream(AsyncBytesIO(body).read, body_decoder(head), b"", limit)
    await load_body(request, stream)


# The answer


async def answer(client, response):
    """The TestResponse with what a client gets of ``response``."""
    if response is Response.already_handled:
        return TestResponse(200, "OK", _headers(()), None)
    try:
        head = response.render_head()
    except ValueError as error:
        from .compat import print_exception

        print_exception(error)
        if not response.is_whole:
            await response.body_iter().aclose()
        failure = Response("Internal server error", 500)
        failure.is_head = response.is_head
        response = failure
        head = response.render_head()
    lines = head.decode().split("\r\n")
    _, status, reason = lines[0].split(" ", 2)
    headers = _headers(lines[1:-2])
    _keep_cookies(client.cookies, headers.get("Set-Cookie", ()))
    if response.is_whole:
        body = bytes(response.body) if response.has_body else b""
    else:
        body = await _collect(response, headers.get("Content-Length"))
    return TestResponse(int(status), reason, headers, None if response.is_head else body)


def _headers(lines):
    from .datastructures import NoCaseDict

    headers = NoCaseDict()
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            headers.setdefault(name, []).append(value)
        elif name in headers:
            headers[name] += ", " + value  # RFC 9110 section 5.3
        else:
            headers[name] = value
    return headers


async def _collect(response, length):
    """The body of a response that comes in pieces, as long as its Content-Length says."""
    pieces = response.body_iter()
    found = []
    size = 0
    try:
        if response.has_body and not response.is_head:
            left = -1 if length is None else int(length)
            while size != left:
                try:
                    piece = bytes(await pieces.__anext__())
                except StopAsyncIteration:
                    break
                if left >= 0:
                    piece = piece[: left - size]
                found.append(piece)
                size += len(piece)
            if left > size:
                raise ValueError("expected %d bytes of body, got %d" % (left, size))
    finally:
        await pieces.aclose()
    return b"".join(found)


def events(response):
    """What TestResponse.events documents."""
    found = []
    if not response.body:
        return found
    if response.headers.get("Content-Type", "").split(";")[0].strip() != "text/event-stream":
        return found
    text = response.body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if text[:3] == b"\xef\xbb\xbf":
        text = text[3:]
    blocks = text.split(b"\n\n")
    blocks.pop()  # what no empty line ends is no event
    for block in blocks:
        event = _event(block)
        if event:
            found.append(event)
    return found


def _event(block):
    """One event; None for a block of nothing but comments."""
    event = {"data": None, "data_json": None, "event": None, "event_id": None, "retry": None}
    known = False
    for line in block.split(b"\n"):
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"data":
            event["data"] = value if event["data"] is None else event["data"] + b"\n" + value
        elif name == b"event":
            event["event"] = value.decode()
        elif name == b"id":
            event["event_id"] = value.decode()
        elif name == b"retry" and value.isdigit():
            event["retry"] = int(value) / 1000
        else:
            continue
        known = True
    if event["data"]:
        from .json_body import loads

        try:
            event["data_json"] = loads(event["data"].decode())
        except ValueError:
            pass
    return event if known else None


# Cookies (RFC 6265)


def _cookies_for(cookies, target):
    """The cookies for a path as a list of "name=value"."""
    path = target.split("?")[0]
    found = []
    for name in cookies:
        value = cookies[name]
        if isinstance(value, tuple):
            value, start = value
            if not _matches(path, start):
                continue
        found.append(name + "=" + value)
    return found


def _matches(path, start):
    """Whether ``path`` is ``start`` or below it (RFC 6265 section 5.1.4)."""
    if path[: len(start)] != start:
        return False
    return len(path) == len(start) or start[-1:] == "/" or path[len(start)] == "/"


def _keep_cookies(cookies, lines):
    """Set and delete what the Set-Cookie ``lines`` say (RFC 6265 sections 5.2 and 5.3)."""
    for line in lines:
        pair, _, rest = line.partition(";")
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            continue
        path = "/"
        expires = max_age = None
        for attribute in rest.split(";"):
            key, _, text = attribute.strip().partition("=")
            key = key.lower()
            if key == "path":
                path = text if text[:1] == "/" else "/"
            elif key == "max-age" and text[text[:1] == "-" :].isdigit():
                max_age = int(text)
            elif key == "expires":
                expires = text
        # Max-Age has precedence over Expires.
        if max_age <= 0 if max_age is not None else expires and _is_past(expires):
            _delete(cookies, name, path)
        else:
            cookies[name] = value.strip() if path == "/" else (value.strip(), path)


def _delete(cookies, name, path):
    """Delete the cookie of that path; one of another path is another cookie."""
    present = cookies.get(name)
    if present is not None and path == (present[1] if isinstance(present, tuple) else "/"):
        del cookies[name]


def _is_past(text):
    """Whether a date has passed (RFC 6265 section 5.1.1); False for what is none."""
    import time

    from .http_date import _MONTHS

    day = month = year = clock = None
    for token in text.replace("-", " ").replace(",", " ").split():
        if token.count(":") == 2:
            clock = tuple([int(part) if part.isdigit() else 99 for part in token.split(":")])
        elif token.isdigit():
            if day is None and len(token) < 3:
                day = int(token)
            else:
                year = int(token)
        elif token[:3] in _MONTHS:
            month = _MONTHS.index(token[:3]) + 1
    if None in (day, month, year, clock):
        return False
    if year < 100:
        year += 2000 if year < 70 else 1900
    return (year, month, day) + clock <= tuple(time.gmtime()[:6])
