"""The captive portal: who joins the fallback access point is led to the setup page.

After joining a network, systems ask for a page whose content they know. Any other answer makes
them show it to the user, who so comes to the setup page without knowing an address.
"""

# Paths that systems ask for: Android and ChromeOS; Apple; Windows; Firefox, GNOME and others.
_PROBES = (
    "/generate_204", "/gen_204",
    "/hotspot-detect.html", "/library/test/success.html",
    "/connecttest.txt", "/ncsi.txt", "/redirect",
    "/canonical.html", "/success.txt",
)  # fmt: skip
_SETUP = "/_firn/"


class Gate:
    """Stands before the application ``app`` while the portal is on.

    Only then: a site that everybody may reach has no look at each request for it.
    """

    def __init__(self, app):
        self.app = app

    def __getattr__(self, name):
        return getattr(self.app, name)

    def dispatch(self, request):
        """As Microdot.dispatch()."""
        return self.dispatch_request(request)

    async def dispatch_request(self, request):
        """As Microdot.dispatch_request()."""
        response = respond(request) if request is not None else None
        return response or await self.app.dispatch_request(request)


def open_gate():
    """Lead clients to the setup page from now on, if it is served."""
    from . import status

    site = status.site
    if site and site.config.setup and site.app.server:
        site.app.server.app = Gate(site.app)


def close_gate():
    """Lead nobody any more."""
    from . import status

    if status.site and status.site.app.server:
        status.site.app.server.app = status.site.app


def is_probe(path):
    """Whether ``path`` is one that systems ask for to see whether there is an internet."""
    return path in _PROBES


def respond(request):
    """The Response that leads ``request`` to the setup page; None for one to be served.

    Led there is what comes over the access point while the portal is on, and is for another
    host than the device, or for none, as from clients of HTTP/1.0, and for a probe's path.
    """
    from . import network

    client = request.client_addr
    if not network.is_captive() or not client or not network.via_access_point(client[0]):
        return None
    address = network.values()["access_point"]["address"]
    host = request.headers.get("Host")
    ours = is_ours(host, address) if host else not is_probe(request.path)
    if ours:
        return None
    from microdot import Response

    headers = {"Location": "http://" + address + _port() + _SETUP, "Cache-Control": "no-store"}
    return Response("", 302, headers)


def is_ours(host, address):
    """Whether ``host``, of a request, means the device at ``address``."""
    from . import network

    host = host.lower()
    if ":" in host:
        host = host[: host.rfind(":")]
    name = network.values()["hostname"]
    name = name.lower() if name else ""
    return host in (address, name, name + ".local", name + ".local.")


def _port():
    """What follows the address where the site is not at port 80, such as ":8080"."""
    from . import overrides, status

    port = overrides.get("port") or (status.site.config.server.port if status.site else 80)
    return "" if port == 80 else ":%d" % port
