"""Responses and requests in pieces."""

import asyncio

from microdot import Microdot

app = Microdot()


@app.get("/")
async def numbers(request):
    def generate():
        yield "one\n"
        yield b"two\n"
        for i in range(3, 200):
            yield f"{i}\n"

    return generate(), 200, {"Content-Type": "text/plain"}


class Countdown:
    """MicroPython has no asynchronous generators, but asynchronous iterators."""

    def __init__(self, start):
        self.left = start

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        await asyncio.sleep(0.05)
        self.left -= 1
        return f"{self.left}\n"


@app.get("/countdown/<int:start>")
async def countdown(request, start):
    return Countdown(start), {"Content-Type": "text/plain"}


@app.post("/upload")
async def upload(request):
    total = 0
    size = int(request.headers["Content-Length"])
    while total < size:
        data = await request.stream.read(min(100, size - total))
        if not data:
            break
        total += len(data)
    return {"received": total}


@app.post("/lines")
async def lines(request):
    first = await request.stream.readline()
    second = await request.stream.readline()
    third = await request.stream.read(2)
    return [first.decode(), second.decode(), third.decode()]


@app.post("/echo")
async def echo(request):
    return request.body, {"Content-Type": request.content_type}


app.run(debug=True)
