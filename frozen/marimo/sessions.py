"""Sessions: one kernel for each page that is open, and for a while after it was closed."""

import asyncio
import os
from binascii import hexlify
from hashlib import sha256

from microdot.compat import MICROPYTHON, print_exception, ticks_diff, ticks_ms

from .cell_state import CellState
from .kernel import Kernel
from .session_frames import Frames

_ID_BYTES = 12  # random ones of an id
_PROOF_BYTES = 8
SECRET_LENGTH = 24  # characters of what new_secret() gives
_MAX_PENDING = 200  # elements whose values wait for a run
_MAX_NOTES = 16 if MICROPYTHON else 1000  # pages whose user is remembered


class TooMany(Exception):
    """Every session that there may be is in use."""


class Sessions:
    """The sessions of a server.

    ``ttl``: seconds that one lives on without a page. Class tunable ``limit``: how many there may
    be; when there is no more room, those without a page go first, the oldest of them before.
    """

    limit = 4 if MICROPYTHON else 200

    def __init__(self, ttl=120):
        self.ttl = ttl
        self._sessions = []
        self._key = os.urandom(16)
        self._notes = []  # (path, secret, user, meta) of pages

    def __len__(self):
        return len(self._sessions)

    def __iter__(self):
        return iter(self._sessions)

    # Ids

    def new_secret(self):
        """What a browser is known by (str)."""
        return _hex(os.urandom(_ID_BYTES))

    def new_id(self, secret):
        """The id (str) of a session that a page, given to the browser with ``secret``, may
        begin."""
        random = _hex(os.urandom(_ID_BYTES))
        return random + self._proof(random, secret)

    def is_issued(self, id, secret):
        """Whether ``id`` was given to the browser with ``secret``."""
        random = id[: 2 * _ID_BYTES]
        return len(id) == 2 * (_ID_BYTES + _PROOF_BYTES) and _same(
            id[2 * _ID_BYTES :], self._proof(random, secret)
        )

    def _proof(self, random, secret):
        digest = sha256(self._key + random.encode() + b" " + secret.encode()).digest()
        return _hex(digest[:_PROOF_BYTES])

    def note(self, path, secret, user, meta):
        """Remember what the page of the notebook in ``path`` was given with (or None)."""
        self._notes = [one for one in self._notes if one[0] != path or one[1] != secret]
        if user is not None or meta is not None:
            self._notes.append((path, secret, user, meta))
            if len(self._notes) > _MAX_NOTES:
                del self._notes[0]

    def noted(self, path, secret):
        """(user, meta) of the page of ``path`` that the browser with ``secret`` has got last."""
        for note in self._notes:
            if note[0] == path and note[1] == secret:
                return note[2:]
        return None, None

    # Sessions

    def find(self, path, id, secret):
        """The Session ``id`` with the notebook in ``path`` of the browser with ``secret``, or
        None. PermissionError (OSError on a device) for somebody else's."""
        for session in self._sessions:
            if session.id == id and session.path == path:
                if not _same(session.secret, secret):
                    raise OSError(13, "expected the session of this page, got another one's")
                return session
        return None

    def begin(self, path, id, secret, notebook, request, query, theme="light", console=True):
        """A new Session, which runs its notebook. TooMany where there is no room.

        ``console``: whether the page shows what cells print, or the console of the server.
        """
        if len(self._sessions) >= self.limit:
            self._make_room()
        session = Session(self, path, id, secret)
        session.kernel = Kernel(notebook, session.listen, request, query, theme)
        session.console = console
        self._sessions.append(session)
        session.start()
        return session

    def _make_room(self):
        oldest = None
        now = ticks_ms()
        for session in self._sessions:
            if session.left is not None:
                age = ticks_diff(now, session.left)
                if oldest is None or age > ticks_diff(now, oldest.left):
                    oldest = session
        if oldest is None:
            raise TooMany("expected at most %d notebooks to be open at a time" % self.limit)
        oldest.close()
        if MICROPYTHON:
            import gc

            gc.collect()

    def forget(self, session):
        """The session has ended."""
        if session in self._sessions:
            self._sessions.remove(session)

    def close(self):
        """End all sessions."""
        for session in list(self._sessions):
            session.close()


class Session:
    """A kernel and the page that shows it.

    Attributes: ``id``, ``kernel``, ``frames`` (what the page has to be told), ``client``: a token
    of the connection that is the page's (any object), None without one; ``left``: since when there
    is none (ticks), or None.
    """

    console = True
    tracebacks = False  # whether the page shows what went wrong in functions of the notebook
    first = None  # the frame that a new connection begins with

    def __init__(self, sessions, path, id, secret):
        self.sessions = sessions
        self.path = path
        self.id = id
        self.secret = secret
        self.kernel = None
        self.client = None
        self.left = ticks_ms()
        self.frames = Frames()
        self.wake = asyncio.Event()
        self._pending = {}
        self._more = asyncio.Event()
        self._worker = None
        self._expiry = None

    # Running

    def start(self):
        """Begin to run the notebook."""
        self._worker = asyncio.create_task(self._work())

    async def _work(self):
        pending = self.kernel.run()
        while True:
            try:
                for id, message, is_internal in await pending or ():
                    if is_internal and not self.tracebacks:
                        message = "an internal error occurred"
                    self.frames.say(message, id)
            except Exception as error:  # of the kernel itself: too little memory
                print_exception(error)
                self.frames.say("%s: %s" % (type(error).__name__, error))
            self.wake.set()
            while not self._pending:
                self._more.clear()
                await self._more.wait()
            values, self._pending = self._pending, {}
            pending = self.kernel.set_values(values)

    def set_values(self, values):
        """Have elements take values (a dict) as soon as what runs is done; of several for one
        element the last. ValueError where too many wait."""
        for name in values:
            if name not in self._pending and len(self._pending) >= _MAX_PENDING:
                raise ValueError("expected at most %d elements to be set at once" % _MAX_PENDING)
            self._pending[name] = values[name]
        self._more.set()

    def listen(self, event, state):
        """Take the kernel's notice of an event."""
        if event == "done" and not self.console and state.console:
            print("".join(state.console), end="")
            state.console = []
        self.frames.note(event, state.cell.index if isinstance(state, CellState) else state)
        self.wake.set()

    # The page

    def attach(self, client):
        """Make ``client`` the connection of the page, in place of any other."""
        self.client = client
        self.left = None
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        self.wake.set()  # for the other one to see it

    def detach(self, client):
        """The connection has ended; without another one soon the session does, too."""
        if self.client is client and self.kernel is not None:
            self.client = None
            self.left = ticks_ms()
            self._expiry = asyncio.create_task(self._expire())

    async def _expire(self):
        await asyncio.sleep(self.sessions.ttl)
        self._expiry = None
        self.close()

    def close(self):
        """End the session, and what it runs."""
        kernel, self.kernel = self.kernel, None
        if kernel is None:
            return
        self.sessions.forget(self)
        self.client = None
        for task in (self._worker, self._expiry):
            if task is not None:
                try:
                    task.cancel()
                except RuntimeError:  # it is the one that runs, or its loop is closed
                    pass
        kernel.close()
        self.wake.set()


def random_name():
    """A short name (str) that nothing else has."""
    return _hex(os.urandom(4))


def _hex(data):
    return hexlify(data).decode()


def _same(one, other):
    """Whether two texts are equal, found out in a time that does not tell where they differ."""
    if len(one) != len(other):
        return False
    difference = 0
    for index in range(len(one)):
        difference |= ord(one[index]) ^ ord(other[index])
    return difference == 0
