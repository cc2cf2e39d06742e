"""Multipart forms: whole ones, files saved on the way, and what memory and files they leave.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import gc
import os
import sys

from microdot import Microdot, Request
from microdot.multipart import FileUpload, FormDataIter, with_form_data

Request.max_content_length = 16 * 1024 * 1024
app = Microdot()


@app.get("/")
async def index(request):
    return "hello"


@app.post("/form")
@with_form_data
async def form(request):
    """What came, as JSON: [[name, text], ...], [[name, file name, type, length, sum], ...]."""
    texts = [[name, request.form.getlist(name)] for name in sorted(request.form)]
    files = []
    for name in sorted(request.files):
        for upload in request.files.getlist(name):
            counted = Counted()
            await upload.save(counted)
            files.append(
                [name, upload.filename, upload.content_type, counted.size, counted.digest()]
            )
    return {"texts": texts, "files": files}


class Counted:
    """A file that keeps its length and a digest."""

    def __init__(self):
        from hashlib import sha256

        self.size = 0
        self.hash = sha256()

    def write(self, data):
        self.size += len(data)
        self.hash.update(data)
        return len(data)

    def digest(self):
        return "".join(["%02x" % c for c in self.hash.digest()[:8]])


@app.post("/save/<name>")
async def save(request, name):
    """Save every file of the form as ``name`` in the directory for uploads."""
    saved = []
    async for field, value in FormDataIter(request):
        if not isinstance(value, str):
            await value.save(directory + "/" + name)
            saved.append(field)
    return {"saved": saved}


@app.post("/skip")
async def skip(request):
    names = []
    async for name, _value in FormDataIter(request):
        names.append(name)
    return {"names": names}


@app.get("/digest/<name>")
async def digest(request, name):
    counted = Counted()
    piece = memoryview(bytearray(1024))  # a small one is there in a heap in pieces, too
    with open(directory + "/" + name, "rb") as file:
        while True:
            size = file.readinto(piece)
            if not size:
                return [counted.size, counted.digest()]
            counted.write(piece[:size])


@app.post("/remove/<name>")
async def remove(request, name):
    os.remove(directory + "/" + name)
    return "removed"


@app.get("/state")
async def state(request):
    """Bytes of heap in use, and the names in the directory for uploads and temporary files."""
    gc.collect()
    gc.collect()
    used = gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0
    return {"used": used, "files": sorted(os.listdir(directory))}


def run():
    """Serve where the caller wants it: a process's argument, an image's option, port 80."""
    global directory
    if sys.implementation.name == "micropython":
        import firn

        directory = "/uploads"
        host = firn.overrides.get("host", "0.0.0.0")
        port = firn.overrides.get("port", 80)
    else:
        directory = os.path.join(os.path.dirname(__file__), "uploads")
        host, port = "127.0.0.1", int(sys.argv[1])
    try:
        os.mkdir(directory)
    except OSError:
        pass  # it is there
    FileUpload.temporary_directory = directory
    print("serving on", port)  # what those wait for who start an emulated board
    app.run(host, port)


run()
