"""What boot.py and main.py do: the user's files honoured, the configuration read, the site run.

A frozen boot.py or main.py hides the user's file of that name, so these run the user's own. Where
boot.py raises, MicroPython does not run main.py; so ``boot()`` keeps what goes wrong for display.
"""

import gc
import sys

from . import config as configuration
from . import log, platform

CONFIG = "/config.json"
_FROZEN = ("asyncio", "firn", "hmac", "jwt", "marimo", "microdot", "ssl", "utemplate")

config = None  # the checked configuration, once boot() has run
_restarting = False  # whether serve() is to begin again
boot_error = None  # what the user's /boot.py raised, as the text of its traceback


def boot():
    """Run /boot.py and read /config.json; only KeyboardInterrupt gets out."""
    global config, boot_error
    try:
        platform.run_file("/boot.py")
    except Exception as error:
        boot_error = platform.traceback(error)
        print("firn: /boot.py failed:\n" + boot_error)
    try:
        load()
    except Exception as error:
        print("firn: %s could not be read: %s" % (CONFIG, platform.traceback(error)))


def load():
    """Read and check the configuration; each mistake is one line on the console."""
    global config
    config = configuration.load(CONFIG)
    for problem in config.problems:
        print("firn:", problem)
    log.configure(config.log)
    log.redact_configuration(config)
    return config


def main():
    """Hand over to the user's /main.py, or serve where there is none."""
    if not platform.run_file("/main.py"):
        serve()


def restart():
    """See firn.restart()."""
    import asyncio

    asyncio.create_task(_restart())


async def _restart():
    global _restarting
    import asyncio

    from . import status

    await asyncio.sleep(0.5)
    log.flush()
    if platform.can_reset():
        import machine

        machine.reset()
    _restarting = True
    if status.site:
        status.site.app.shutdown()


def serve():
    """Serve the site of the configuration until Ctrl-C, a shutdown or an error."""
    global _restarting
    while True:
        _restarting = False
        _serve()
        if not _restarting:
            return
        load()


def _serve():
    import asyncio

    from . import site

    if config is None:
        load()
    gc.collect()
    loaded = list(sys.modules)
    running = site.Site(config, boot_error)
    try:
        asyncio.run(running.serve())
    except KeyboardInterrupt:
        print("firn: stopped")
    finally:
        running.close()
        asyncio.new_event_loop()
        # Tasks and sockets of the site are garbage now; sockets close when collected.
        del running
        _forget(loaded)
        sys.modules.pop(site.__name__, None)
        gc.collect()


def _forget(loaded):
    """Have modules of the user loaded anew the next time: all but ours and those ``loaded``."""
    for name in list(sys.modules):
        if name not in loaded and name.partition(".")[0] not in _FROZEN:
            del sys.modules[name]
