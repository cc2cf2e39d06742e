"""Notebooks for tests, in a directory of their own, and pages that speak with them."""

import asyncio
import json

from template_files import Folder

from microdot.test_client import TestClient

HEAD = """\
import marimo

app = marimo.App(%s)


@app.cell
def _():
    import marimo as mo

    return (mo,)
"""


def notebook(*cells, options=""):
    """The text of a notebook that begins with a cell for ``mo``; ``cells``: bodies (str)."""
    text = HEAD % options
    for cell in cells:
        lines = ["    " + line if line else "" for line in cell.strip("\n").split("\n")]
        text += "\n\n@app.cell\ndef _():\n" + "\n".join(lines) + "\n    return\n"
    return text


class Files(Folder):
    """A folder with files, while the ``with`` block runs: ``path`` (str)."""

    def __init__(self, **files):
        super().__init__({name + ".py": files[name] for name in files})


class Page:
    """A page of the notebook at ``path`` (str, with a slash at its end) of ``app``."""

    def __init__(self, app, path, client=None):
        self.client = client or TestClient(app)
        self.path = path
        self.session = "of-a-test"
        self.frames = []
        self.answer = None

    async def load(self, query="", headers=None):
        """Get the page, and the id of a session with it; returns the answer."""
        answer = await self.client.get(self.path + query, headers)
        text = answer.text
        mark = 'data-session="'
        if mark in text:
            start = text.find(mark) + len(mark)
            self.session = text[start : text.find('"', start)]
        return answer

    async def talk(self, *values, query="", headers=None, raw=()):
        """Connect; after the first run set ``values`` (dicts), each when the last run is done, and
        send the texts ``raw``. Returns all frames (list of dicts)."""
        self.frames = []
        waiting = [json.dumps({"op": "set", "values": one}) for one in values]

        def speaker():
            message = yield
            while message is not None:
                frame = json.loads(message)
                self.frames.append(frame)
                if frame["op"] == "done" and waiting:
                    message = yield waiting.pop(0)
                elif frame["op"] == "done" and not raw:
                    return
                elif frame["op"] == "done":
                    break
                else:
                    message = yield
            for text in raw:
                message = yield text
                if message is not None:
                    self.frames.append(json.loads(message))
            # Up to the answer to the ping that may be the last of them.
            while message is not None and self.frames[-1]["op"] != "pong":
                message = yield
                if message is not None:
                    self.frames.append(json.loads(message))

        url = self.path + "ws?session_id=" + self.session + query
        self.answer = await self.client.websocket(url, speaker, headers)
        for _ in range(3):  # for what the connection leaves behind to end
            await asyncio.sleep(0)
        return self.frames

    @property
    def close_code(self):
        """How the server has closed the connection."""
        return self.client.close_code

    def cells(self):
        """{id: the last full frame} of the cells in ``frames``."""
        found = {}
        for frame in self.frames:
            if frame["op"] == "cell" and "output" in frame:
                found[frame["id"]] = frame
        return found

    def html(self, number):
        """The HTML that the cell ``number`` (int, of the notebook's) shows."""
        first = next(frame for frame in self.frames if frame["op"] == "cells")
        return self.cells()[first["cells"][number]["id"]]["output"]["html"]

    def error(self, number):
        """The error of the cell ``number``."""
        first = next(frame for frame in self.frames if frame["op"] == "cells")
        return self.cells()[first["cells"][number]["id"]]["error"]
