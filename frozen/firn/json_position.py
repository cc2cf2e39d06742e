"""Where in a JSON text things are; loaded only when there is something to report.

The text is valid JSON (json_text has read it) for all but line_column(). A path is a sequence of
keys (str) and list indexes (int) from the top; an offset counts bytes.
"""

from .json_text import Reader, start


def members(data, at):
    """Yield (key or index, its offset, offset of its value) for what is in the object or list
    at offset ``at`` of ``data`` (bytes)."""
    reader = Reader(data, at + 1)
    is_object = data[at] == 0x7B
    index = 0
    byte = reader.skip()
    while byte != 0x7D and byte != 0x5D:
        if byte == 0x2C:
            reader.at += 1
            reader.skip()
        name = index
        name_at = reader.at
        if is_object:
            name = reader.string()
            reader.skip()
            reader.at += 1
            reader.skip()
        yield name, name_at, reader.at
        reader.value()
        byte = reader.skip()
        index += 1


def find(data, path):
    """(offset of the key, offset of the value) at ``path``, or None where there is no such thing.

    Of repeated keys it is the last, the one that counts; in a list both offsets are the item's.
    """
    reader = Reader(data, start(data))
    reader.skip()
    found = reader.at, reader.at
    for step in path:
        at = found[1]
        found = None
        if data[at] == 0x7B or data[at] == 0x5B:
            for name, name_at, value_at in members(data, at):
                if name == step:
                    found = name_at, value_at
        if found is None:
            return None
    return found


def repeated(data):
    """[(path, offset of the key)] for every key that its object had before, in order."""
    reader = Reader(data, start(data))
    reader.skip()
    found = []
    _repeated(data, reader.at, (), found)
    return found


def _repeated(data, at, path, found):
    seen = set()
    for name, name_at, value_at in members(data, at):
        here = path + (name,)
        if name in seen:
            found.append((here, name_at))
        seen.add(name)
        if data[value_at] == 0x7B or data[value_at] == 0x5B:
            _repeated(data, value_at, here, found)


def token_end(data, at):
    """The offset after the value at offset ``at``."""
    reader = Reader(data, at)
    reader.value()
    return reader.at


def line_column(data, offset):
    """(line, column) of ``offset``, both from 1; columns count characters, not bytes."""
    line = 1
    first = start(data)
    while True:
        end = data.find(b"\n", first, offset)
        if end < 0:
            break
        first = end + 1
        line += 1
    column = 1
    for byte in memoryview(data)[first:offset]:
        if byte & 0xC0 != 0x80:
            column += 1
    return line, column
