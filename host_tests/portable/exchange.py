"""One request to an application and its answer, without a server."""

from microdot.request import Request
from microdot.streams import AsyncBytesIO


def raw(method, target, headers=None, body=b"", version="1.1"):
    """The bytes of a request; ``headers``: a dict."""
    lines = ["%s %s HTTP/%s" % (method, target, version), "Host: test"]
    for name in headers or {}:
        lines.append("%s: %s" % (name, headers[name]))
    if body:
        lines.append("Content-Length: %d" % len(body))
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def request(app, method, target, headers=None, body=b"", version="1.1"):
    """A Request as an application gets it."""
    stream = AsyncBytesIO(raw(method, target, headers, body, version))
    return await Request.create(app, stream, stream, ("127.0.0.1", 1234))


class Answer:
    """``status`` (int), ``headers`` (dict, names in lower case), ``body`` (bytes), ``text``."""

    def __init__(self, data, response):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.line = lines[0]
        self.status = int(lines[0].split(" ")[1])
        self.lines = lines[1:]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            self.headers[name.lower()] = value
        self.response = response

    @property
    def text(self):
        return self.body.decode()


async def ask(app, method, target, headers=None, body=b""):
    """The Answer of ``app``, as a client without chunks would get it."""
    response = await app.dispatch_request(await request(app, method, target, headers, body))
    return await written(response)


async def written(response):
    """The Answer that ``response`` becomes when it is written."""
    stream = AsyncBytesIO()
    await response.write(stream)
    return Answer(await stream.read(), response)
