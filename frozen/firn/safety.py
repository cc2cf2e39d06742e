"""Crashes are counted over restarts; too many in a row, and the device starts with less.

A crash is a reset by the watchdog or by a fault, or an exception that ends the site. Power, the
reset button, a soft reset and firn.restart() are none, and end a row of crashes. So does a boot
that has served for a while (``GOOD_AFTER``). After ``safety.max_failed_boots`` crashes in a row
the last good configuration is tried for one boot, then comes safe mode; see docs/safety.md.
"""

import gc
import sys

from . import boot_record, platform, watchdog

CRASH = "/crash.txt"
GOOD_AFTER = 60  # seconds of serving that make a boot a good one; a /boot.py may set another
PAUSE = 2  # seconds between a crash and the reset, doubled by each further one in a row
_LONGEST_PAUSE = 30
_TEXT = 2048  # characters of a traceback that are kept: its end
_ONE_LINE = 200

mode = "normal"  # or "last good", "safe"
_record = boot_record.Record()
_cause = None
_sound = False  # whether /config.json was read, and without mistakes
_good = False  # whether this boot is a good one
_keep = False  # whether its configuration is still to be kept as the last good one
_since = 0  # ticks when serving began
_watched = None  # the server whose clients the trial is told of
_trial = None  # the module, while a change of the network waits for a client


def begin():
    """Find out how the last boot ended and what kind this one is; sets ``mode``."""
    global mode, _record, _cause
    mode = "normal"
    _record = record = boot_record.load()
    _cause = boot_record.cause()
    crashed = _crashed(record)
    tried = record.flags & boot_record.TRIED
    trial_failed = crashed and record.flags & boot_record.TRIAL
    record.flags = 0
    if crashed:
        mode = _next_mode(record, tried)
    else:
        record.failed = record.kind = 0
    if not watchdog.take_over(record.watchdog, _cause):
        record.watchdog = 0
    boot_record.save(record)
    if trial_failed and mode != "safe":
        from . import trial

        if trial.roll_back("the device crashed with a changed network"):
            mode = "normal"


def report():
    """Note how the last boot ended, where that was a crash, and what kind this one is."""
    if _record.failed:
        _note(2, "crashes in a row: %d; see %s" % (_record.failed, CRASH))
    if mode == "last good":
        _note(2, "trying the last good configuration for this boot")
    elif mode == "safe":
        _note(3, "safe mode: nothing of the site is served until the device is restarted")


def _crashed(record):
    """Whether the last boot ended in a crash; counts it if that has not happened yet."""
    if record.flags & boot_record.CRASHED:
        return True
    if not record.flags & boot_record.SERVING:
        return False
    if _cause == "watchdog":
        watched = record.watchdog
        _count(boot_record.WATCHDOG if watched else boot_record.FAULT)
        text = "watchdog: an endless loop or a block of more than %d s" % watched
        _keep_text(text if watched else "the machine was reset by a fault or a watchdog")
        return True
    if _cause == "reset" and sys.platform == "esp32":
        # The chip does not tell a panic from machine.reset(); firn.restart() is announced.
        _count(boot_record.FAULT)
        _keep_text("the machine was reset by a fault or by machine.reset()")
        return True
    return False


def _count(kind):
    _record.failed = min(_record.failed + 1, 255)
    _record.kind = kind


def _next_mode(record, tried):
    """The mode after a crash; sets the flags that the next boot has to know."""
    from . import config as configuration
    from . import known_good

    try:
        most = configuration.load(known_good.CONFIG).safety.max_failed_boots
    except Exception:  # not enough memory for it, say
        most = 3
    if record.failed < most:
        return "normal"
    if not tried:
        record.flags = boot_record.TRIED
        try:
            if known_good.differs() and known_good.load():
                return "last good"
        except Exception as error:
            _note(2, "the last good configuration cannot be used: %r" % error)
    record.flags = boot_record.TRIED
    return "safe"


def load():
    """Read the configuration that counts in this mode; a firn.config.Config."""
    global _sound
    from . import config as configuration
    from . import known_good

    _sound = False
    if mode == "safe":
        return known_good.reduced()
    if mode == "last good":
        good = known_good.load()
        if good:
            return good
    config = configuration.load(known_good.CONFIG)
    _sound = not config.problems
    return config


# While the site is served


async def run(site):
    """Watch over ``site`` (a Site) as long as it is served; after arm()."""
    import asyncio

    while True:
        watchdog.beat()
        try:
            _look(site)
        except MemoryError:
            gc.collect()
        except Exception as error:
            _note(3, "safety: %r" % error)
        await asyncio.sleep(1)


def arm(config):
    """Watch over what is built and served for ``config`` (a Config) from now on, until rest().

    A module of the user can loop for ever when it is imported, so this comes before the site is
    built.
    """
    global _since, _good, _keep, _trial, _watched
    _since = platform.ticks_ms()
    _good = False
    # On a host the files are in somebody's folder, and what was good before is his to keep.
    _keep = _sound and mode == "normal" and platform.can_reset()
    _trial = _watched = None
    _record.flags |= boot_record.SERVING
    try:
        if platform.can_reset() and mode == "normal":
            _begin_trial(config)
    except Exception as error:
        _note(3, "a change of the network is not on trial: %r" % error)
    try:
        _record.watchdog = watchdog.start(config.safety.watchdog, _bite)
    except Exception as error:
        _note(3, "the device is not watched over: %r" % error)
    boot_record.save(_record)
    if _trial is None:
        _forget("known_good")


def _forget(name):
    """Give back the heap of a module of this package until it is needed again."""
    from . import config as configuration

    configuration.forget(name)


def _begin_trial(config):
    """Have a changed network wait for a client."""
    global _trial
    from . import known_good

    if known_good.network_changed(config):
        from . import trial as _trial

        if _trial.begin():
            _record.flags |= boot_record.TRIAL


def _look(site):
    """What is to be done every second."""
    global _trial, _keep
    if _trial:
        _look_at_trial(site)
    if not _good and platform.ticks_diff(platform.ticks_ms(), _since) >= GOOD_AFTER * 1000:
        good()
    if _keep and _good and not _trial:
        _keep = False
        _keep_configuration()


def _look_at_trial(site):
    global _trial, _keep
    server = site.app.server
    if server and server is not _watched:
        _watch_clients(server)
    if not _trial.pending:
        # Proved: from now on it is what to go back to.
        _trial = None
        _record.flags &= ~boot_record.TRIAL
        boot_record.save(_record)
        if _keep:
            _keep = False
            _keep_configuration()
    elif _trial.over():
        trial, _trial = _trial, None  # tried once: a full filesystem does not get better by itself
        if trial.roll_back("nobody has reached the device over the changed network"):
            from . import startup

            startup.restart()


def _watch_clients(server):
    """Tell the trial of each client that ``server`` (a microdot.server.Server) admits."""
    global _watched
    _watched = server
    admit = server.admit

    def watched(stream, address):
        if _trial:
            _trial.reached(server.address_of(address)[0])
        return admit(stream, address)

    server.admit = watched


def _keep_configuration():
    from . import known_good

    if known_good.keep():
        _note(1, "kept the configuration as the last good one")
    _forget("known_good")


def good():
    """This boot is a good one: a row of crashes is at its end. Safe mode lasts nevertheless."""
    global _good
    _good = True
    platform.keep_firmware()
    if mode != "safe" and _record.failed:
        _record.failed = _record.kind = 0
        _record.flags &= ~boot_record.TRIED
        boot_record.save(_record)


def rest():
    """The site is no longer served: what happens from now on is not its doing."""
    watchdog.rest()
    if _record.flags & boot_record.SERVING:
        _record.flags &= ~boot_record.SERVING
        boot_record.save(_record)


def leave():
    """Somebody restarts the device: that is the end of a row of crashes, and of safe mode."""
    _record.failed = _record.kind = _record.flags = 0
    boot_record.save(_record)


# Crashes


def failed(error):
    """The site has ended in ``error`` (an exception): count it and start again.

    A board is reset after a pause; returns if that is interrupted by Ctrl-C. On a host the program
    ends with status 1.
    """
    memory = isinstance(error, MemoryError)
    gc.collect()
    _count(boot_record.MEMORY if memory else boot_record.EXCEPTION)
    _record.flags |= boot_record.CRASHED
    boot_record.save(_record)
    try:
        text = platform.traceback(error)
    except MemoryError:
        text = "MemoryError"
    _keep_text(text)
    from . import log

    log.exception("the site has crashed; crashes in a row: %d" % _record.failed, error)
    log.flush()
    board = boot_record.machine()
    if board is None:
        sys.exit(1)
    import time

    try:
        time.sleep(min(PAUSE << min(_record.failed - 1, 4), _LONGEST_PAUSE))
    except KeyboardInterrupt:
        leave()
        return
    board.reset()


def _bite():
    """No heartbeat: runs between two bytecodes of what goes on for too long."""
    _count(boot_record.WATCHDOG)
    _record.flags |= boot_record.CRASHED
    boot_record.save(_record)
    try:
        # The log is not for an interruption at any place: the next start notes it there.
        _keep_text(_what_runs())
    finally:
        boot_record.machine().reset()


def _what_runs():
    from . import status

    text = "watchdog: no progress for %d s: an endless loop, or a block" % watchdog.seconds()
    server = status.site and status.site.app.server
    if server and server.known_head:
        return text + "\nthe last request was %s %s" % (
            server.known_head.method,
            server.known_head.path[:_ONE_LINE],
        )
    return text


def _keep_text(text):
    """Keep ``text`` (str) in /crash.txt; nothing that goes wrong there stops a restart."""
    try:
        from . import replace

        with replace.Replacement(CRASH, False) as file:
            file.write(text[-_TEXT:].encode())
    except (OSError, MemoryError):
        pass


def _note(level, text):
    """Note ``text`` where there is memory for it."""
    try:
        from . import log

        log.note(level, text)
    except MemoryError:
        gc.collect()


def last_crash():
    """The text of the last crash (str); None if there was none, or somebody removed it."""
    try:
        with open(CRASH, "rb") as file:
            return file.read(4 * _TEXT).decode()
    except (OSError, UnicodeError, MemoryError):
        return None


def values():
    """A dict of what the setup page shows.

    "mode", "failed_boots" (int, crashes in a row), "reset_cause" (str or None), "last_crash" (str
    or None), "trial" (see firn.trial.values()), "rolled_back" (the path of a configuration that
    was put away as its network did not work, or None).
    """
    from . import trial

    if _trial is None:
        _forget("trial")
    return {
        "mode": mode,
        "failed_boots": _record.failed,
        "reset_cause": _cause,
        "last_crash": last_crash(),
        "trial": trial.values(),
        "rolled_back": trial.TRIED if platform.is_file(trial.TRIED) else None,
    }
