"""The networks: what the device is joined to, which there are, which it knows.

A network is chosen by an entry in the text of config.json, the rest of which stays as it is.
"""

from . import config as configuration
from . import replace, setup_text
from .json_text import JSONError, loads
from .setup_form import read
from .setup_page import escape, loaded, page, see_other
from .setup_status import network_rows, restart_form

_TITLE = "Network"
_LONGEST = 96  # bytes of a name or password in a form


def add(setup):
    """Register the routes in ``setup.app``."""
    path = setup.path

    @setup.app.get("/_firn/network")
    async def show(request):
        notice = _DONE.get(request.args.get("done"))
        found = None
        if request.args.get("scan"):
            network = loaded("network")
            found = await network.scan() if network else []
        return page(request, _TITLE, _content(setup, found, bool(notice)), notice=notice)

    @setup.app.post("/_firn/network")
    async def choose(request):
        form = await read(request, {"ssid": _LONGEST, "password": _LONGEST, "open": 2})
        ssid, password = form.get("ssid"), form.get("password")
        problem = _mistake(ssid, password, form.get("open"))
        if problem is None:
            problem = _change(path, lambda data: with_network(data, ssid, password))
        if problem:
            return page(request, _TITLE, _content(setup), 422, problem=problem)
        return see_other("/_firn/network?done=chosen")

    @setup.app.post("/_firn/network/forget")
    async def forget(request):
        form = await read(request, {"ssid": _LONGEST})
        ssid = form.get("ssid")
        if ssid not in _known(path):
            problem = 'expected the name of a known network, got "%s"' % ssid
            return page(request, _TITLE, _content(setup), 422, problem=problem)
        problem = _change(path, lambda data: without_network(data, ssid))
        if problem:
            return page(request, _TITLE, _content(setup), 422, problem=problem)
        return see_other("/_firn/network?done=forgotten")


_DONE = {
    "chosen": "The network is in the configuration. The device joins it after a restart.",
    "forgotten": "The network is no longer in the configuration, from the next restart on.",
}


def with_network(data, ssid, password):
    """The text ``data`` (bytes) with the network ``ssid`` and its ``password`` (str).

    An entry of that name gets the password and keeps its place; a new one comes first, as the
    network that is preferred.
    """
    if not data.strip():
        data = b"{}\n"
    index = _index(data, ssid)
    secret = setup_text.quoted(password)
    if index is not None:
        return setup_text.set_value(data, ("network", "wifi", index, "password"), secret)
    entry = '{"ssid": %s, "password": %s}' % (setup_text.quoted(ssid), secret)
    place = setup_text.find(data, ("network", "wifi"))
    if place is None or data[place[1]] != 0x5B:
        return setup_text.set_value(data, ("network", "wifi"), "[%s]" % entry)
    return setup_text.insert(data, place[1], entry, True)


def without_network(data, ssid):
    """The text ``data`` (bytes) without the networks named ``ssid`` (str)."""
    while True:
        index = _index(data, ssid)
        if index is None:
            return data
        data = setup_text.remove(data, ("network", "wifi", index))


def _index(data, ssid):
    """The index of the entry for ``ssid``, None where there is none."""
    entries = _entries(data)
    for index in range(len(entries)):
        entry = entries[index]
        if isinstance(entry, dict) and entry.get("ssid") == ssid:
            return index
    return None


def _entries(data):
    if not data.strip():
        return ()
    values = loads(data)[0]
    section = values.get("network") if isinstance(values, dict) else None
    entries = section.get("wifi") if isinstance(section, dict) else None
    return entries if isinstance(entries, list) else ()


def _known(path):
    """The names of the networks in the file; [] where it cannot be read."""
    try:
        entries = _entries(setup_text.load(path))
    except JSONError:
        return []
    names = []
    for entry in entries:
        name = entry.get("ssid") if isinstance(entry, dict) else None
        if isinstance(name, str) and name not in names:
            names.append(name)
    return names


def _mistake(ssid, password, is_open):
    """What is wrong with a form (str), or None."""
    from . import config_kinds

    if config_kinds.ssid(ssid, None) is None:
        return "expected a network name of 1 to 32 bytes, got %d bytes" % len(ssid.encode())
    if config_kinds.wifi_password(password, None) is None:
        return (
            "expected a password of 8 to 63 ASCII characters or 64 hexadecimal digits, got "
            "%d characters" % len(password)
        )
    if not password and not is_open:
        return 'expected a password, or the mark at "open network", got neither'
    if password and is_open:
        return 'expected a password or the mark at "open network", got both'
    return None


def _change(path, edit):
    """Write what ``edit(data)`` makes of the file; what is wrong (str), or None."""
    data = setup_text.load(path)
    if len(data) > configuration.LIMIT:
        return "expected a config.json of at most %d bytes" % configuration.LIMIT
    before = configuration.check(data, path).problems if data.strip() else ()
    try:
        setup_text.check_json(data)
        changed = edit(data)
    except ValueError:
        return "config.json has a mistake that has to be corrected first; nothing was changed."
    # An old mistake elsewhere must not keep the device off the network; a new one may not be.
    after = configuration.check(changed, path).problems
    if len(after) > len(before):
        return "Nothing was changed: %s" % after[0]
    try:
        replace.write(path, changed)
    except OSError as error:
        return "Nothing was changed: the file cannot be written (error %s)." % error.args[0]
    return None


# The page


def _content(setup, found=None, is_changed=False):
    network = loaded("network")
    if is_changed:
        yield restart_form("Restart now")
    yield "<h2>Now</h2>\n<table>\n"
    for name, value in network_rows(network.values() if network else None):
        yield '<tr><th scope="row">%s</th><td>%s</td></tr>\n' % (name, escape(value))
    yield "</table>\n<h2>Networks in reach</h2>\n"
    yield '<p><a class="button" href="/_firn/network?scan=1">Look for networks</a></p>\n'
    if found is not None:
        yield from _list(found)
    yield from _join_form()
    yield from _known_networks(_known(setup.path))
    yield from _access_point(setup.config.network.access_point)


def _list(found):
    """The networks found, each with a form to join it."""
    if not found:
        yield "<p>None was found.</p>\n"
        return
    yield '<ul class="networks">\n'
    for ssid, rssi, secured in found:
        lock = "secured" if secured else "open"
        yield "<li><details><summary>%s <small>%d dBm, %s</small></summary>\n" % (
            escape(ssid), rssi, lock,
        )  # fmt: skip
        yield '<form method="post" action="/_firn/network">\n'
        yield '<input type="hidden" name="ssid" value="%s">\n' % escape(ssid)
        if secured:
            yield _PASSWORD % " required"
        else:
            yield '<input type="hidden" name="open" value="1">\n'
        yield "<p><button>Use this network</button></p>\n</form></details></li>\n"
    yield "</ul>\n"


_PASSWORD = """\
<p><label>Password<br><input type="password" name="password" autocomplete="off" minlength="8" \
maxlength="64"%s></label></p>
"""


def _join_form():
    yield '<h2>Another network</h2>\n<form method="post" action="/_firn/network" class="narrow">\n'
    yield (
        '<p><label>Name<br><input name="ssid" required maxlength="32" autocapitalize="none" '
        'spellcheck="false"></label></p>\n'
    )
    yield _PASSWORD % ""
    yield '<p><label><input type="checkbox" name="open" value="1"> open network</label></p>\n'
    yield "<p><button>Use this network</button></p>\n</form>\n"


def _known_networks(names):
    yield "<h2>Known networks</h2>\n"
    if not names:
        yield "<p>None.</p>\n"
        return
    yield '<ul class="networks">\n'
    for name in names:
        yield "<li>%s\n" % escape(name)
        yield '<form method="post" action="/_firn/network/forget">'
        yield '<input type="hidden" name="ssid" value="%s">' % escape(name)
        yield '<button class="quiet">Forget</button></form></li>\n'
    yield "</ul>\n"


def _access_point(section):
    yield "<h2>The device's own access point</h2>\n<table>\n"
    words = "with a password" if section.password else "open"
    for name, value in (("When", section.when), ("Network", section.ssid),
                        ("Access", words), ("Channel", section.channel)):  # fmt: skip
        yield '<tr><th scope="row">%s</th><td>%s</td></tr>\n' % (name, escape(value))
    yield '</table>\n<p><a href="/_firn/config">Change it in the configuration</a></p>\n'
