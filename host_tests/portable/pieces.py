"""An asynchronous iterator for bodies."""

import asyncio


class Pieces:
    """An asynchronous body; ``fail``: the exception it ends with."""

    def __init__(self, *pieces, fail=None):
        self.pieces = list(pieces)
        self.fail = fail
        self.closed = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        if self.pieces:
            return self.pieces.pop(0)
        raise self.fail or StopAsyncIteration

    async def aclose(self):
        self.closed += 1
