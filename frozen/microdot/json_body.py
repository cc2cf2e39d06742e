"""JSON that clients send: what is cut off is refused on every Python."""

import json

from .compat import MICROPYTHON


def loads(text):
    """The value that ``text`` (str) stands for; ValueError where it stands for none."""
    try:
        value = json.loads(text)
    except RuntimeError:  # nested so deeply that the parser gives up
        raise ValueError("nested too deeply")
    # MicroPython's parser takes the end of the text for the end of everything that is open.
    if MICROPYTHON and not _is_closed(text):
        raise ValueError("unexpected end")
    return value


def _is_closed(text):
    """Whether every bracket outside of strings is closed; ``text`` has whole strings only."""
    depth = 0
    at = 0
    while at >= 0:
        quote = text.find('"', at)
        plain = text[at:quote] if quote >= 0 else text[at:]
        depth += plain.count("[") + plain.count("{") - plain.count("]") - plain.count("}")
        at = _string_end(text, quote) if quote >= 0 else -1
    return depth == 0


def _string_end(text, quote):
    """Where the string that begins at ``quote`` is over."""
    end = text.find('"', quote + 1)
    while True:
        escapes = end
        while text[escapes - 1] == "\\":
            escapes -= 1
        if (end - escapes) % 2 == 0:
            return end + 1
        end = text.find('"', end + 1)
