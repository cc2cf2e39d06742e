"""Sending to many WebSockets at once; also importable as ``microdot.websocket.Group``.

A slow member does not hold up the others: what it has not taken yet waits for it, and when too
much does, it is dropped.
"""

import asyncio

from .websocket import WebSocketError


class Group:
    """WebSockets that get the same messages.

    ``max_backlog``: messages that may wait for a member, behind the one that is on its way; when
    there is one more, the member is dropped, see WebSocket.drop().
    """

    max_backlog = 8

    def __init__(self):
        self._members = {}  # each with the list of messages that it has not taken
        self._tasks = set()

    def __len__(self):
        return len(self._members)

    def __contains__(self, ws):
        return ws in self._members

    def add(self, ws):
        """Make ``ws`` (a WebSocket) a member until it ends."""
        if ws not in self._members and not ws.closed:
            self._members[ws] = []
            ws.groups += (self,)

    def remove(self, ws):
        """Let ``ws`` be no member; what waits for it is not sent. Nothing if it is none."""
        if ws in self._members:
            self._members.pop(ws).clear()
            ws.groups = tuple([group for group in ws.groups if group is not self])

    async def send(self, data, exclude=None):
        """Send ``data`` (str or bytes) to all members but ``exclude``, without waiting for them.

        How many members there are to get it (int).
        """
        if not isinstance(data, str):
            data = bytes(memoryview(data))  # it may be changed before it is sent
        count = 0
        for ws in list(self._members):
            if ws is not exclude and self._enqueue(ws, data):
                count += 1
        await asyncio.sleep(0)  # the members' turn
        return count

    def _enqueue(self, ws, data):
        waiting = self._members.get(ws)
        if waiting is None:
            return False
        if len(waiting) > self.max_backlog:
            self.remove(ws)
            ws.drop()
            return False
        waiting.append(data)
        if len(waiting) == 1:
            task = asyncio.create_task(self._deliver(ws, waiting))
            self._tasks.add(task)
        return True

    async def _deliver(self, ws, waiting):
        """Send what waits for ``ws``, the first of it stays there until it is sent."""
        try:
            while waiting:
                await ws.send(waiting[0])
                if waiting:
                    waiting.pop(0)
        except (WebSocketError, OSError):
            self.remove(ws)
        except MemoryError:
            self.remove(ws)
            ws.drop()
        finally:
            self._tasks.discard(asyncio.current_task())
