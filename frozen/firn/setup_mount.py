"""The way to the setup page: one route, which loads what is behind it when it is first used."""

import sys

_PACKAGE = __name__[: __name__.rfind(".")]
_IDLE = 300  # seconds of disuse after which the setup page gives its memory back


def add(app, config, boot_error=None, access=None):
    """Serve what is below /_firn/ in ``app``, as ``config`` (a firn.config.Config) wants it.

    ``boot_error``: what /boot.py raised (str) or None; ``access``: the setup_access.Access that
    entries of the site are protected with, None where there are no such entries. Without these
    and with ``"setup": false`` there is nothing to be served.
    """
    from microdot import Request

    # What limits an upload is the room on the filesystem; see setup_upload.
    Request.larger_bodies = (("/_firn/files/", 1 << 30),) if config.setup else ()
    if not config.setup and access is None:
        return
    mount = Mount(config, boot_error, access)
    for pattern in ("/_firn", "/_firn/", "/_firn/<path:_rest>"):
        app.route(pattern, ["GET", "POST"])(mount)


class Mount:
    """The handler of that route. Attribute ``setup``: the loaded firn.setup.Setup, or None."""

    def __init__(self, config, boot_error, access):
        self.config = config
        self.boot_error = boot_error
        self.access = access
        self.setup = None
        self._uses = 0

    async def __call__(self, request, _rest=None):
        if self.setup is None:
            from . import setup

            self.setup = setup.create(self.config, self.boot_error, self.access)
            self._watch()
        self._uses += 1
        response = await self.setup.dispatch(request)
        # They were called; the application around this one would call them again.
        request._after = None
        return response

    def _watch(self):
        import asyncio

        asyncio.create_task(self._forget_unused())

    async def _forget_unused(self):
        """Forget the setup page once nobody has used it for a while."""
        import asyncio

        seen = -1
        while seen != self._uses:
            seen = self._uses
            await asyncio.sleep(_IDLE)
        self.forget()

    def forget(self):
        """Give back the memory of the setup page; the next request loads it anew."""
        self.setup = None
        package = sys.modules[_PACKAGE]
        for name in list(sys.modules):
            if name.startswith(_PACKAGE + ".setup") and name != __name__:
                if self.access is not None and name == _PACKAGE + ".setup_access":
                    continue
                del sys.modules[name]
                short = name[len(_PACKAGE) + 1 :]
                if hasattr(package, short):
                    delattr(package, short)
        import gc

        gc.collect()
