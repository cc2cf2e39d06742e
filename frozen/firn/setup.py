"""The setup page: the application behind /_firn/.

Each part is a module with a function ``add(setup)``, which registers its routes (with their whole
paths) in ``setup.app``; it is loaded when the first request for one of its paths comes. What gets
as far as a route has passed setup_access: only the owner comes to the pages.
"""

from microdot import Microdot
from microdot.response import make_response
from microdot.routing import normalized

from . import setup_access, setup_page

_PACKAGE = __name__[: __name__.rfind(".")]
# First segment below /_firn/, and the module that answers there.
_PARTS = (
    ("", "setup_status"),
    ("status.json", "setup_status"),
    ("restart", "setup_status"),
    ("login", "setup_login"),
    ("logout", "setup_login"),
    ("password", "setup_login"),
    ("config", "setup_config"),
    ("network", "setup_network"),
    ("files", "setup_files"),
    ("log", "setup_log"),
    ("assets", "setup_assets"),
)


def create(config, boot_error=None, access=None):
    """The Setup for a checked configuration (firn.config.Config); see setup_mount.add()."""
    return Setup(config, boot_error, access)


class Setup:
    """Attributes: ``app`` (a Microdot application), ``config``, ``boot_error``, ``access``,
    ``path`` (of the config.json to be edited: the one in use may be the last good one)."""

    def __init__(self, config, boot_error=None, access=None):
        self.config = config
        self.path = config.path[: config.path.rfind("/") + 1] + "config.json"
        self.boot_error = boot_error
        self.access = access or setup_access.Access(config)
        self.app = Microdot()
        self.app.after_error_request(_error_page)
        self._loaded = []

    async def dispatch(self, request):
        """The Response for ``request``; loads the part that answers there."""
        path = normalized(request.path)
        rest = path[len(setup_page.HOME) :]
        name = rest.partition("/")[0]
        if name != rest and name in ("login", "logout"):
            name = ""  # nothing public is below them
        answer = await self.access.check(request, name)
        if answer is not None:
            response = make_response(answer)
        elif path + "/" == setup_page.HOME:
            response = setup_page.see_other(setup_page.HOME)
        else:
            self._load(name)
            response = await self.app.dispatch_request(request)
        setup_page.secure(response)
        return response

    def _load(self, name):
        for segment, module in _PARTS:
            if segment == name and module not in self._loaded:
                part = __import__(_PACKAGE + "." + module, None, None, ["add"])
                part.add(self)
                self._loaded.append(module)


async def _error_page(request, response):
    """Put the words of an error answer into a page, for who reads pages."""
    if "Content-Type" in response.headers or not response.is_whole:
        return None
    if "text/html" not in request.headers.get("Accept", ""):
        return None
    from microdot.reasons import reason_phrase

    status = response.status_code
    title = reason_phrase(status, "Error %d" % status)
    text = bytes(response.body).decode()
    plain = not setup_access.is_owner(request)
    headers = response.headers
    return setup_page.page(request, title, (), status, None, text, headers, plain)
