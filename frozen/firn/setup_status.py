"""The start page of the setup: how the device is; and restarting it."""

from . import status
from .setup_page import escape, page, see_other, size_text

_SHOWN = 2000  # characters of a traceback


def add(setup):
    """Register the routes in ``setup.app``."""
    app = setup.app

    @app.get("/_firn/")
    async def start_page(request):
        return page(request, "Status", _content(setup))

    @app.get("/_firn/status.json")
    async def as_json(request):
        return status.values()

    @app.get("/_firn/restart")
    async def restarting(request):
        # Without JavaScript too, the page comes back when the device does: the refresh asks for
        # the start page until there is an answer.
        headers = {"Refresh": "8; url=/_firn/"}
        return page(request, "Restarting", _wait(), headers=headers)

    @app.post("/_firn/restart")
    async def restart(request):
        import firn

        firn.restart()
        return see_other("/_firn/restart")


def restart_form(words="Restart the device"):
    """The button (HTML, str) that restarts the device."""
    return '<form method="post" action="/_firn/restart"><button>%s</button></form>\n' % escape(
        words
    )


def _wait():
    yield (
        '<p data-wait="/_firn/">The device starts anew. This page goes on by itself in some '
        'seconds; if not, <a href="/_firn/">go on</a>.</p>\n'
    )


def _content(setup):
    found = status.values()
    for problem in setup.config.problems[:1]:
        yield (
            '<p class="problem">%s<br><a href="/_firn/config">Correct the configuration</a></p>\n'
            % escape(problem)
        )
    if setup.boot_error:
        yield from _trace("/boot.py failed", setup.boot_error)
    if found.get("rolled_back"):
        yield (
            '<p class="problem">Nobody reached the device with the last network settings, so the '
            "previous ones are back; those that were tried are kept in %s.</p>\n"
            % escape(found["rolled_back"])
        )
    if found["last_crash"]:
        yield from _trace("The last crash", found["last_crash"])
    yield "<h2>Device</h2>\n<table>\n"
    for name, value in _rows(found):
        yield '<tr><th scope="row">%s</th><td>%s</td></tr>\n' % (name, escape(value))
    yield "</table>\n<h2>Network</h2>\n<table>\n"
    for name, value in network_rows(found["network"]):
        yield '<tr><th scope="row">%s</th><td>%s</td></tr>\n' % (name, escape(value))
    yield "</table>\n<h2>Last errors</h2>\n"
    if found["errors"]:
        yield "<pre>"
        for line in found["errors"]:
            yield escape(line) + "\n"
        yield '</pre>\n<p><a href="/_firn/log">The whole log</a></p>\n'
    else:
        yield "<p>None since the start.</p>\n"
    yield "<h2>Restart</h2>\n" + restart_form()


def _trace(title, text):
    if len(text) > _SHOWN:
        text = "…" + text[-_SHOWN:]
    yield '<h2>%s</h2>\n<pre class="trace">%s</pre>\n' % (title, escape(text))


def _rows(found):
    """(name, value) of what the device is and how it does."""
    yield "Board", found["board"]
    yield "Image", "Firn %s, MicroPython %s" % (found["firn"], found["micropython"])
    yield "Running for", duration(found["uptime"])
    yield "Requests answered", found["requests"]
    used, free = found["heap_used"], found["heap_free"]
    if used:
        yield "Memory", "%s used, %s free" % (size_text(used), size_text(free))
    if found["filesystem_total"]:
        room = size_text(found["filesystem_free"]), size_text(found["filesystem_total"])
        yield "Filesystem", "%s free of %s" % room
    if found["reset_cause"]:
        yield "Started because of", found["reset_cause"]
    yield "Failed starts in a row", found["failed_boots"]
    yield "Mode", found["mode"]


def network_rows(values):
    """(name, value) of network.values(), or of None."""
    if not values:
        yield "State", "of the machine that this runs on"
        return
    yield "State", values["state"]
    for name, words in (("ssid", "Network"), ("address", "Address"), ("hostname", "Name")):
        if values.get(name):
            yield words, values[name]
    if values.get("rssi") is not None:
        yield "Signal", "%d dBm" % values["rssi"]
    own = values.get("access_point")
    if own:
        yield "Own access point", "%s at %s" % (own["ssid"], own["address"])
        yield "Clients of it", own["clients"] if own["clients"] is not None else "unknown"
    else:
        yield "Own access point", "off"


def duration(seconds):
    """Words for a time of ``seconds`` (int)."""
    minutes = seconds // 60
    if minutes < 1:
        return "%d s" % seconds
    if minutes < 60:
        return "%d min" % minutes
    if minutes < 48 * 60:
        return "%d h %d min" % (minutes // 60, minutes % 60)
    return "%d days" % (minutes // 1440)
