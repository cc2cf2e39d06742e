"""The site of a folder under CPython, for tests: no server, no socket, nothing left behind."""

import asyncio
from pathlib import Path

from .check_run import copy_site
from .environment import Environment
from .errors import Failure

_METHODS = ("request", "get", "head", "options", "delete", "post", "put", "patch", "query")


class LocalSite:
    """The site that ``folder``/config.json describes, as its device would build it.

    Modules come from ``folder`` itself (so breakpoints and coverage hold); every other file from a
    copy in ``files`` (Path of a folder to be made), which is also the current directory while the
    site runs. ``problems``: what the device would report, a list of firn.config.Problem;
    ``folder``, ``files``: Paths; ``cookies``: dict of what a client keeps; ``close_code``: of the
    last websocket.

    The methods of microdot.test_client.TestClient (get, post, request ...) each run one exchange
    and return its TestResponse. In asynchronous tests ``async with site as client`` gives the
    TestClient itself.
    """

    def __init__(self, folder, files):
        self.folder = Path(folder).resolve()
        self.files = Path(files).resolve()
        if not self.folder.is_dir():
            raise Failure("%s: expected a folder with a site" % folder)
        copy_site(self.folder, self.files)
        self._environment = Environment(self.folder, self.files)
        self._loop = asyncio.new_event_loop()
        try:
            with self._environment:
                self._build(str(self.files))
        except BaseException:
            self._loop.close()
            raise

    def _build(self, root):
        import firn
        from firn import config, secrets, site, status

        firn.overrides["root"] = root
        secrets.PATH = root + "/secrets.json"
        checked = config.load(root + "/config.json")
        self.site = status.site = site.Site(checked)
        site.set_limits(checked)
        self.problems = checked.problems
        self._client = _client_class(self._environment)(self.site.app)

    @property
    def cookies(self):
        return self._client.cookies

    @property
    def close_code(self):
        return self._client.close_code

    def _exchange(self, method, arguments, keywords):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            raise RuntimeError(
                "expected a test that is no coroutine; in one, use `async with site as client` "
                "and `await client.%s(...)`" % method
            )
        with self._environment:
            exchange = getattr(self._client, method)(*arguments, **keywords)
            return self._loop.run_until_complete(exchange)

    def websocket(self, path, client, headers=None):
        """See TestClient.websocket: ``client`` is a generator function that talks to the site."""
        return self._exchange("websocket", (path, client, headers), {})

    def module(self, name):
        """The site's own module ``name``, as its handlers have it: to look into, or to change."""
        with self._environment:
            return __import__(name, None, None, ["*"])

    async def __aenter__(self):
        self._environment.__enter__()
        return self._client

    async def __aexit__(self, *exception):
        if not self._environment.is_innermost():
            raise RuntimeError("expected the site that was entered last to be left first")
        self._environment.__exit__()

    def close(self):
        """End what the site's handlers have left running."""
        with self._environment:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            if tasks:
                self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


def _client_class(environment):
    """A TestClient whose answers can also be read when the environment is not in use.

    To be called while it is: reading a body as JSON or as events imports some more.
    """
    from microdot.test_client import TestClient, TestResponse

    class Answer(TestResponse):
        @property
        def json(self):
            with environment:
                return super().json

        @property
        def events(self):
            with environment:
                return super().events

    class Client(TestClient):
        async def request(self, *arguments, **keywords):
            response = await super().request(*arguments, **keywords)
            response.__class__ = Answer
            return response

        async def websocket(self, *arguments, **keywords):
            refused = await super().websocket(*arguments, **keywords)
            if refused is not None:
                refused.__class__ = Answer
            return refused

    return Client


def _method(name):
    def method(self, *arguments, **keywords):
        return self._exchange(name, arguments, keywords)

    method.__name__ = name
    method.__doc__ = "See TestClient.%s; returns the TestResponse." % name
    return method


for _name in _METHODS:
    setattr(LocalSite, _name, _method(_name))
