"""A device with a setup page in a folder of its own, and browsers to visit it with."""

import sys

from template_files import Folder

from firn import config, secrets, setup_mount
from microdot import Microdot, test_client
from microdot.passwords import hash_password
from microdot.test_client import TestClient

NEAR = ("127.0.0.1", 1234)
FAR = ("192.168.1.50", 1234)
HOST = "firn.local"
PASSWORD = "the owner's own words"
# 100 iterations, as an emulated board has to compute them.
OWNER_HASH = hash_password(PASSWORD, 100)
BOB_HASH = hash_password("the words of bob", 100)


class Device:
    """While the ``with`` block lasts: a device with the text ``text`` (str or bytes) as its
    config.json; ``own``: whether the owner has a password.

    Attributes: ``app``, ``config``, ``path`` (of config.json), ``mount``; ``network`` etc. are
    fakes that ``modules`` names.
    """

    def __init__(self, text="{}", own=True, modules=None, boot_error=None, access=None):
        self.folder = Folder()
        self.text = text.encode() if isinstance(text, str) else text
        self.own = own
        self.modules = modules or {}
        self.boot_error = boot_error
        self.access = access

    def __enter__(self):
        self.folder.__enter__()
        self.path = self.folder.path + "/config.json"
        self.write(self.text)
        self._secrets = secrets.PATH, secrets._kept, secrets._unread
        secrets.PATH = self.folder.path + "/secrets.json"
        secrets._kept = None
        secrets._unread = False
        if self.own:
            secrets.put("owner", OWNER_HASH)
        self._loaded = dict(sys.modules)
        self._before = {}
        for name in ("network", "safety", "trial"):
            self._before[name] = sys.modules.pop("firn." + name, None)
        for name in self.modules:
            sys.modules["firn." + name] = self.modules[name]
        self.restart()
        return self

    def __exit__(self, *error):
        secrets.PATH, secrets._kept, secrets._unread = self._secrets
        for name in self._before:
            sys.modules.pop("firn." + name, None)
            if self._before[name]:
                sys.modules["firn." + name] = self._before[name]
        self.folder.__exit__(*error)
        # What the setup page has forgotten other tests hold on to.
        for name in self._loaded:
            module = self._loaded[name]
            if name.startswith("firn.setup") and sys.modules.get(name) is not module:
                sys.modules[name] = module
                setattr(sys.modules["firn"], name[len("firn.") :], module)

    def write(self, data):
        with open(self.path, "wb") as file:
            file.write(data)

    def read(self):
        """The bytes of config.json."""
        with open(self.path, "rb") as file:
            return file.read()

    def restart(self):
        """Read the configuration and build the site anew."""
        self.config = config.load(self.path)
        self.app = Microdot()
        access = self.access(self.app, self.config) if self.access else None
        self.site_access = access
        setup_mount.add(self.app, self.config, self.boot_error, access)
        routes = self.app.url_map
        self.mount = routes[0].handler if routes else None

    def browser(self, address=NEAR):
        """A Browser that asks from ``address``."""
        return Browser(self.app, address)


class Browser:
    """Keeps cookies; ``get`` and ``post`` give a TestResponse."""

    def __init__(self, app, address):
        self.client = TestClient(app, host=HOST)
        self.address = address

    @property
    def cookies(self):
        return self.client.cookies

    async def send(self, method, path, headers=None, body=None):
        before = test_client._ADDRESS
        test_client._ADDRESS = self.address
        try:
            return await self.client.request(method, path, headers, body)
        finally:
            test_client._ADDRESS = before

    async def get(self, path, headers=None):
        return await self.send("GET", path, dict({"Accept": "text/html"}, **(headers or {})))

    async def post(self, path, fields=None, headers=None):
        """Send a form as a browser does: with Origin."""
        pairs = ["%s=%s" % (name, encoded(value)) for name, value in (fields or {}).items()]
        sent = {
            "Accept": "text/html",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "http://" + HOST,
        }
        sent.update(headers or {})
        return await self.send("POST", path, sent, "&".join(pairs))

    async def log_in(self, password=PASSWORD, name="admin", path="/_firn/login"):
        return await self.post(path, {"name": name, "password": password})


def encoded(value):
    """``value`` (str or bytes) as a form has it."""
    data = value.encode() if isinstance(value, str) else value
    out = []
    for byte in data:
        plain = 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122
        out.append(chr(byte) if plain else "+" if byte == 32 else "%%%02X" % byte)
    return "".join(out)


def unescaped(text):
    """HTML text as it is read."""
    for name, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("#39", "'"), ("amp", "&")):
        text = text.replace("&%s;" % name, character)
    return text


def textarea(answer):
    """What stands in the editor of an answer."""
    text = answer.text
    start = text.index('name="text"')
    start = text.index(">\n", start) + 2
    return unescaped(text[start : text.index("</textarea>", start)])


def field(answer, name):
    """The value of the hidden field ``name``."""
    mark = 'name="%s" value="' % name
    start = answer.text.index(mark) + len(mark)
    return answer.text[start : answer.text.index('"', start)]
