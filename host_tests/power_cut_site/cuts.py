# What the device does when its power is cut.
import asyncio

import contents

from firn import log, replace

tasks = []


async def configure(version):
    while True:
        version += 1
        print("<%d" % version)
        replace.write("/config.json", contents.config(version))
        print(">%d" % version)
        await asyncio.sleep(0)


async def note(number):
    while True:
        for _ in range(number * 7 % 50 + 1):
            number += 1
            log.info(contents.line(number))
        print("<%d" % number)
        log.flush()
        print(">%d" % number)
        await asyncio.sleep(0)


async def upload(request):
    size = 0
    print("<0")
    with replace.Replacement("/www/upload.bin", backup=False) as file:
        while True:
            piece = await request.stream.read(512)
            if not piece:
                break
            file.write(piece)
            size += len(piece)
            print("+%d" % size)
    print(">%d" % size)
    return "%d bytes" % size


async def run(request, name):
    if name == "upload":
        return await upload(request)
    if name == "file":
        try:
            return open(request.args["path"], "rb")
        except OSError:
            return "no file", 404
    work = {"configure": configure, "note": note}[name]
    tasks.append(asyncio.create_task(work(int(request.args["from"]))))
    return "begun"
