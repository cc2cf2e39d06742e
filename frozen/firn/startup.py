"""What boot.py and main.py do: the user's files honoured, the configuration read, the site run.

A frozen boot.py or main.py hides the user's file of that name, so these run the user's own. Where
boot.py raises, MicroPython does not run main.py; so ``boot()`` keeps what goes wrong for display.
"""

import gc
import sys

from . import log, platform, safety

_FROZEN = ("asyncio", "firn", "hmac", "jwt", "marimo", "microdot", "ssl", "utemplate")

config = None  # the checked configuration, once boot() has run
_task = None  # the one that restarts; CPython keeps none that nobody refers to
_restarting = False  # whether serve() is to begin again
boot_error = None  # what the user's /boot.py raised, as the text of its traceback


def boot(path):
    """Count the boot, run ``path``, read the configuration; only KeyboardInterrupt gets out."""
    global boot_error
    _attempt("the last boots cannot be known", safety.begin)
    if safety.mode != "safe":  # there nothing of the user runs
        try:
            platform.run_file(path)
        except Exception as error:
            boot_error = platform.traceback(error)
            log.exception(path + " failed", error)
    _attempt("the configuration cannot be read", load)
    safety.report()
    if config is not None:
        _attempt("the network cannot be started", _start_network)


def _attempt(what, step):
    """Call ``step()``; an exception is noted as ``what`` (str) and kept from going further."""
    try:
        step()
    except Exception as error:
        log.exception(what, error)
        gc.collect()


def _start_network():
    from . import network

    network.start(config.network)


def load():
    """Read and check the configuration; each mistake is one line on the console."""
    global config
    config = safety.load()
    for problem in config.problems:
        print("firn:", problem)
    log.configure(config.log)
    log.redact_configuration(config)
    return config


def main(path):
    """Hand over to the user's ``path``, or serve where there is none."""
    if safety.mode == "safe" or not platform.run_file(path):
        serve()


def restart():
    """See firn.restart()."""
    global _task
    import asyncio

    _task = asyncio.create_task(_restart())


async def _restart():
    global _restarting
    import asyncio

    from . import status

    await asyncio.sleep(0.5)
    log.flush()
    if platform.can_reset():
        import machine

        safety.leave()
        machine.reset()
    _restarting = True
    if status.site:
        status.site.app.shutdown()


def serve():
    """Serve the site of the configuration until Ctrl-C, a shutdown or an error.

    After an error a board is reset; on a host the program ends with status 1.
    """
    global _restarting
    while True:
        _restarting = False
        error = _serve()
        if error is not None:
            safety.failed(error)
            return
        if not _restarting:
            return
        safety.begin()
        load()


def _serve():
    """Serve until the end; the exception that it was, or None."""
    import asyncio

    loaded = list(sys.modules)
    running = []
    try:
        _run_site(running)
    except KeyboardInterrupt:
        print("firn: stopped")
    except SystemExit:  # also a soft reset
        raise
    except BaseException as error:
        return error
    finally:
        safety.rest()
        if running:
            running.pop().close()
        asyncio.new_event_loop()
        # Tasks and sockets of the site are garbage now; sockets close when collected.
        _forget(loaded)
        sys.modules.pop("firn.site", None)
        gc.collect()
    return None


def _run_site(running):
    """Build the site, put it into the list ``running``, and serve it."""
    import asyncio

    gc.collect()
    if config is None:
        load()
    safety.arm(config)
    from . import site

    running.append(site.Site(config, boot_error))
    asyncio.run(running[0].serve())


def _forget(loaded):
    """Have modules of the user loaded anew the next time: all but ours and those ``loaded``."""
    for name in list(sys.modules):
        if name not in loaded and name.partition(".")[0] not in _FROZEN:
            del sys.modules[name]
