"""Other flashing programs, run with what they say read as they say it."""

import os
import re
import subprocess

_ENDS = re.compile(rb"[\r\n]+")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run(command, on_line=None):
    """Run ``command`` (a list) to its end: (exit status, all lines as one str).

    ``on_line``: called with each line, also with one that a carriage return ends, as those of
    progress bars do. The program does not outlive an exception.
    """
    environment = dict(os.environ, PYTHONUNBUFFERED="1", NO_COLOR="1", TERM="dumb", COLUMNS="200")
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = []
    try:
        for line in _lines(process.stdout):
            said.append(line)
            if on_line is not None:
                on_line(line)
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        process.stdout.close()
    return status, "\n".join(said)


def _lines(stream):
    """The lines of ``stream`` as soon as they are whole, without colours and empty ones."""
    rest = b""
    while True:
        data = os.read(stream.fileno(), 4096)
        *whole, rest = _ENDS.split(rest + data)
        for line in [*whole, rest] if not data else whole:
            text = _COLOURS.sub("", line.decode("utf-8", "replace")).strip()
            if text:
                yield text
        if not data:
            return
