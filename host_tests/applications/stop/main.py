"""A route that ends the server."""

import asyncio

from microdot import Microdot

app = Microdot()


@app.get("/")
async def index(request):
    return "running"


@app.get("/slow")
async def slow(request):
    print("slow begins")
    await asyncio.sleep(1)
    return "done"


@app.get("/shutdown")
async def shutdown(request):
    request.app.shutdown()
    return "The server is shutting down..."


async def main():
    print("starting")
    await app.start_server(port=5000, debug=True)
    print("stopped")


asyncio.run(main())
print("goodbye")
