"""A change of the network is on trial until a client has reached the device over it.

Who mistypes a password or an address from afar would otherwise have to fetch the device. Where
nobody comes in time, the configuration is put away as /config.tried.json, the last good one takes
its place and the device restarts. Loaded only where there is a change to try.

The order of the steps of going back is what makes a power cut harmless: before the last of them
/config.json is still the new one, and its trial begins again; after it all is done.
"""

from . import known_good, log, platform

TRIED = "/config.tried.json"
SECONDS = 120  # until nobody comes; a /boot.py may set another

pending = False  # whether nobody has come yet
_paused = False
_began = 0  # ticks; of the time that is left
_left = 0  # ms


def begin():
    """Wait for a client from now on, when the site is about to be served.

    Returns whether there is anything to go back to when none comes.
    """
    global pending, _paused, _began, _left
    pending = True
    _paused = known_good.load() is None
    _began = platform.ticks_ms()
    _left = int(SECONDS * 1000)
    if _paused:
        return False
    log.warning(
        "the network was changed: on trial until a client has reached the device, for %d s"
        % SECONDS
    )
    return True


def reached(address):
    """A client with ``address`` (str) has come; what was to be proved if it is from elsewhere.

    The device's own access point proves nothing of the network, but somebody there is about to
    mend it: then nothing is undone any more.
    """
    global pending, _paused
    if not pending or address[:4] == "127." or address == "::1":
        return
    if _via_access_point(address):
        if not _paused:
            _paused = True
            log.info("the trial of the network waits for who is on the access point")
    else:
        pending = False
        log.info("the changed network works: reached by " + address)


def over():
    """Whether the time is over and nobody has come. To be called every second or so."""
    global _began, _left
    now = platform.ticks_ms()
    if not _paused:
        _left -= platform.ticks_diff(now, _began)
    _began = now
    return pending and _left <= 0


def values():
    """{"seconds_left": int} while time runs; else None."""
    if not pending or _paused:
        return None
    return {"seconds_left": max(0, _left // 1000)}


def end():
    """Have nothing on trial any more, without a decision."""
    global pending
    pending = False


def roll_back(reason):
    """Put /config.json away and the last good one in its place; ``reason`` (str) is noted.

    Returns False, with everything as it is, where there is no good one. Raises OSError where the
    filesystem cannot be written.
    """
    if known_good.load() is None:
        return False
    if platform.is_file(known_good.CONFIG):
        known_good.copy(known_good.CONFIG, TRIED)
    known_good.copy(known_good.GOOD, known_good.CONFIG, True)
    end()
    log.error("%s: the last good configuration is back; the other one is in %s" % (reason, TRIED))
    return True


def _via_access_point(address):
    from . import network

    return network.via_access_point(address)
