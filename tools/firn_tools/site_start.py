"""The start of a device's site, watched on its console, and its first answer over HTTP."""

import http.client
import re
import ssl
import sys
import time
import urllib.error
import urllib.request

from .errors import Failure
from .progress import Step, count, say

_PASSWORD = "firn: first password"
START_TIMEOUT = 60  # seconds until the device says that it serves
_OWN_TIMEOUT = 10  # seconds for an answer at the device's own address, which may not be for us
_URL_TIMEOUT = 45  # seconds for an answer at a URL that was named
# A board without a network serves through its cable.
_SERVING = re.compile(r"^firn: serving (?:on (https?)://(\S+):(\d+)|on USB|nowhere)", re.M)
_PROMPT = re.compile(r"^>>> ", re.M)
# Of the network's own lines, in this order: a network joined, the device's own.
_ADDRESSES = (
    re.compile(r'^firn: network: joined ".*" as (\d+\.\d+\.\d+\.\d+)$', re.M),
    re.compile(r'^firn: network: .*access point ".*" at (\d+\.\d+\.\d+\.\d+)$', re.M),
)
_JOIN_TIMEOUT = 15  # seconds for the device to get an address, or to open its own network
_MISTAKE = re.compile(r"^firn: (\S*config\.json\b|/boot\.py failed|.*expected .*, got )")
_EMULATED = "10.0.2."


def start(device, address=None, url=None):
    """Start the site of ``device``, wait until it answers, show what it says; the exit status.

    ``address``: the device's address where known; ``url``: where to ask instead.
    """
    with Step("starting the site") as step:
        device.start_site()
        text, found = watch(device, step, url or address)
        said = [line.rstrip() for line in text[: found.start()].splitlines() if line.strip()]
        said += [line.rstrip() for line in text[found.end() :].splitlines()[1:] if line.strip()]
        own = url or _own_url(found, address, said)
        answered = own and _answers(own, _URL_TIMEOUT if url else _OWN_TIMEOUT, step)
    # For who is at the console, and not in what may be kept of a push.
    said = [line for line in said if not line.startswith(_PASSWORD)]
    mistakes = [line for line in said if _MISTAKE.match(line)]
    if said:
        print("the device says:", *said, sep="\n  ", file=sys.stderr)
    if url and not answered:
        raise Failure("the device serves, but %s does not answer" % url)
    if mistakes:
        say("the device serves, and reports %s, see above" % count(len(mistakes), "mistake"))
        return 1
    _say_where(own, answered, found)
    return 0


def watch(device, step, address=None):
    """(what the console says, the match of its "serving on") once the site is up.

    Without an ``address`` it has a while more to tell one.
    """
    end = time.monotonic() + START_TIMEOUT
    text = ""
    data = device.transport.pending
    device.transport.pending = b""
    while time.monotonic() < end:
        data += device.transport.receive()
        text = data.decode("utf-8", "replace").replace("\r", "")
        found = _SERVING.search(text)
        if found:
            text = _listen(device, data, bool(address) or found.group(2) != "0.0.0.0")
            return text, _SERVING.search(text)
        if _PROMPT.search(text):
            raise Failure("the site does not start; the device says:\n" + text.strip())
        step.update(None, text.rstrip().rpartition("\n")[2][:60])
    raise Failure(
        "no site after %d s; the device says:\n%s" % (START_TIMEOUT, text.strip() or "(nothing)")
    )


def _listen(device, data, known):
    """``data`` and what the console says after it, for a moment or, not ``known``, until it
    tells an address."""
    started = time.monotonic()
    while True:
        data += device.transport.receive()
        text = data.decode("utf-8", "replace").replace("\r", "")
        seconds = time.monotonic() - started
        if seconds > 0.3 and (known or seconds > _JOIN_TIMEOUT or _told(text)):
            return text


def _told(text):
    """The address that the console tells in ``text``, or None."""
    for pattern in _ADDRESSES:
        found = pattern.findall(text)
        if found:
            return found[-1]
    return None


def _own_url(found, address, said):
    """The URL of the site at the device's own address, or None."""
    if not found.group(1):
        return None
    joined = _ADDRESSES[0].findall("\n".join(said))
    address = joined[-1] if joined else address or _told("\n".join(said))
    host = found.group(2)
    if host not in ("0.0.0.0", "::"):
        address = host
    if not address or address.startswith("127."):
        return None
    port = int(found.group(3))
    default = 443 if found.group(1) == "https" else 80
    return "%s://%s%s/" % (found.group(1), address, "" if port == default else ":%d" % port)


def _answers(url, timeout, step):
    """Whether anything answers HTTP at ``url`` within ``timeout`` seconds."""
    if url.partition("//")[2].startswith(_EMULATED):
        return False  # the emulator's own network; a request would only wait
    end = time.monotonic() + timeout
    while True:
        step.update(None, "asking " + url)
        if responds(url, min(5, timeout)):
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.3)


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def responds(url, timeout):
    """Whether ``GET url`` gets an HTTP response, whatever its status."""
    # A device's certificate is its own; whether it serves is all that is asked.
    context = ssl._create_unverified_context()
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context), _Still()
    )
    try:
        opener.open(url, timeout=timeout).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except (OSError, http.client.HTTPException):
        return False
    return True


def _say_where(url, answered, found):
    if answered:
        say("the site answers: " + url)
    elif url and url.partition("//")[2].startswith(_EMULATED):
        say("the site serves in the emulator; --url http://127.0.0.1:PORT asks for an answer")
    elif not found.group(1):
        say("the device has no network; its site is reached through its cable (firn bridge)")
    elif url:
        say("the site serves on %s, which does not answer from this computer" % url)
    else:
        say("the site serves on port %s; the device has no address yet" % found.group(3))
