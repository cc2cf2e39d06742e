"""The way to the setup page: one route, which loads what is behind it when it is first used."""

import sys

from microdot.compat import MICROPYTHON

_IDLE = 300  # seconds of disuse after which the setup page gives its memory back
# What it loads and nothing that goes on refers to; prefixes of names.
_FORGOTTEN = (
    "firn.setup", "firn.config_", "firn.json_", "hmac", "jwt", "microdot.cookies",
    "microdot.csrf", "microdot.helpers", "microdot.local_url", "microdot.login",
    "microdot.multipart", "microdot.passwords", "microdot.session", "microdot.sse",
    "microdot.event_stream", "microdot.throttle",
)  # fmt: skip


def add(app, config, boot_error=None, access=None):
    """Serve what is below /_firn/ in ``app``, as ``config`` (a firn.config.Config) wants it.

    ``boot_error``: what /boot.py raised (str) or None; ``access``: the setup_access.Access that
    entries of the site are protected with, None where there are no such entries. Without these
    and with ``"setup": false`` there is nothing to be served.
    """
    if not config.setup and access is None:
        return
    mount = Mount(config, boot_error, access)
    for pattern in ("/_firn", "/_firn/", "/_firn/<path:_rest>"):
        app.route(pattern, ["GET", "POST"])(mount)


def tell_first_password(config):
    """Put the first password on the console, and nowhere else, until the owner has an own one."""
    if config.setup and "admin" not in config.users:
        from . import log, secrets

        try:
            password = secrets.first_password()
        except OSError as error:
            log.error("secrets.json cannot be written: %s" % error)
        else:
            if password:
                print("firn: first password for /_firn/:", password)


class Mount:
    """The handler of that route. Attribute ``setup``: the loaded firn.setup.Setup, or None."""

    def __init__(self, config, boot_error, access):
        self.config = config
        self.boot_error = boot_error
        self.access = access
        self.setup = None
        self._uses = 0
        self._before = ()  # names of the modules that there were without the setup page

    async def __call__(self, request, _rest=None):
        if self.setup is None:
            self._before = list(sys.modules)
            from . import platform, setup

            if not platform.can_reset():
                tell_first_password(self.config)
            self.setup = setup.create(self.config, self.boot_error, self.access)
            self._watch()
        self._uses += 1
        response = await self.setup.dispatch(request)
        # They were called; the application around this one would call them again.
        request._after = None
        return response

    def _watch(self):
        """Begin to look whether the setup page is still used."""
        import asyncio

        self._watcher = asyncio.create_task(self._forget_unused())

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
        for name in list(sys.modules):
            if name not in self._before and self._is_forgotten(name):
                del sys.modules[name]
                package, _, short = name.rpartition(".")
                if hasattr(sys.modules.get(package), short):
                    delattr(sys.modules[package], short)
        self._before = ()
        import gc

        gc.collect()

    def _is_forgotten(self, name):
        if name in (__name__, "firn.config_table"):
            return False
        # A host has memory, and other programs in the same Python.
        prefixes = _FORGOTTEN if MICROPYTHON else _FORGOTTEN[:1]
        return any(name.startswith(prefix) for prefix in prefixes)
