"""What boot.py and main.py do: the user's files honoured, the configuration read, the site run.

A frozen boot.py or main.py hides the user's file of that name, so these run the user's own. Where
boot.py raises, MicroPython does not run main.py; so ``boot()`` keeps what goes wrong for display.
"""

import gc
import sys

from . import config as configuration
from . import platform

CONFIG = "/config.json"

config = None  # the checked configuration, once boot() has run
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
    return config


def main():
    """Hand over to the user's /main.py, or serve where there is none."""
    if not platform.run_file("/main.py"):
        serve()


def serve():
    """Serve the site of the configuration until Ctrl-C, a shutdown or an error."""
    import asyncio

    from . import site

    if config is None:
        load()
    gc.collect()
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
        sys.modules.pop(site.__name__, None)
        gc.collect()
