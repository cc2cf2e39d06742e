"""ESP32 partition tables: from and to the text and the binary form, with every rule checked.

ESP-IDF makes tables with a script of its own (gen_esp32part.py), which is in no package; images
are put together here without ESP-IDF, and tables are checked before a build takes minutes.
"""

import hashlib
import struct
from typing import NamedTuple

from .errors import Failure

TABLE_OFFSET = 0x8000  # ESP-IDF's CONFIG_PARTITION_TABLE_OFFSET, as MicroPython leaves it
TABLE_SIZE = 0xC00  # bytes of the binary form; it has a flash sector of 4096 for itself
SECTOR = 0x1000
APP_ALIGNMENT = 0x10000  # the flash is mapped into memory in pages of 64 KB

ENCRYPTED, READONLY = 1, 2  # bits of a partition's flags
_FLAGS = {"encrypted": ENCRYPTED, "readonly": READONLY}
_TYPES = {"app": 0, "data": 1, "bootloader": 2, "partition_table": 3}
_OTA_SLOTS = {"ota_%d" % slot: 0x10 + slot for slot in range(16)}
_SUBTYPES = {
    "app": {"factory": 0x00, **_OTA_SLOTS, "test": 0x20},
    "data": {
        "ota": 0x00,
        "phy": 0x01,
        "nvs": 0x02,
        "coredump": 0x03,
        "nvs_keys": 0x04,
        "efuse": 0x05,
        "undefined": 0x06,
        "esphttpd": 0x80,
        "fat": 0x81,  # what MicroPython calls its filesystem, whichever it is
        "spiffs": 0x82,
        "littlefs": 0x83,
    },
}
_NAME_SIZE = 16
_OTA_DATA_SIZE = 0x2000
_NVS_SIZE = 0x3000  # the least that can be written to

# Magic, type, subtype, offset, size, name, flags.
_ENTRY = struct.Struct("<2sBBII16sI")
_MAGIC = b"\xaa\x50"
_MD5_MAGIC = b"\xeb\xeb" + b"\xff" * 14  # 16 bytes of MD5 over all entries before it follow


class Partition(NamedTuple):
    """One entry: ``type`` and ``subtype`` are the table's words, "0x8f" where there is none;
    ``offset`` and ``size`` are bytes, ``flags`` bits (ENCRYPTED, READONLY)."""

    name: str
    type: str
    subtype: str
    offset: int
    size: int
    flags: int = 0

    @property
    def end(self):
        """The offset of the first byte after it."""
        return self.offset + self.size


# The text form: name, type, subtype, offset, size, flags


def parse_csv(text, name="partition table"):
    """The Partitions of a table in text form; ``name`` of the file for the Failure's message.

    A missing offset is that of the first free byte which may be one; a negative size is the
    offset of the end. What is returned has passed check().
    """
    table = []
    end = TABLE_OFFSET + SECTOR
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        try:
            partition = _from_line(line, end)
        except ValueError as error:
            raise Failure("%s, line %d: %s" % (name, number, error))
        table.append(partition)
        end = partition.end
    check(table, name=name)
    return table


def _from_line(line, start):
    """The Partition of one line; ``start``: the first free offset."""
    fields = [field.strip() for field in line.split(",")]
    if len(fields) < 5:
        raise ValueError(
            "expected name, type, subtype, offset, size, flags; got %d fields" % len(fields)
        )
    kind = _word(fields[1], _TYPES, "type")
    subtype = _word(fields[2] or _default_subtype(kind), _SUBTYPES.get(kind, {}), "subtype")
    size = _number(fields[4], "size")
    if fields[3]:
        offset = _number(fields[3], "offset")
    else:
        offset = -(-start // _alignment(kind)) * _alignment(kind)
    if size < 0:
        size = -size - offset
    flags = 0
    for word in filter(None, ":".join(fields[5:]).split(":")):
        if word not in _FLAGS:
            raise ValueError("flags: expected encrypted or readonly, got %r" % word)
        flags |= _FLAGS[word]
    return Partition(fields[0], kind, subtype, offset, size, flags)


def _default_subtype(kind):
    return "undefined" if kind == "data" else ""


def _word(text, words, what):
    """``text`` as a word of ``words`` ({word: number}), or a number from 0 to 254 as hex."""
    if text in words:
        return text
    try:
        number = int(text, 0)
    except ValueError:
        known = ", ".join(words) or "a number"
        raise ValueError("%s: expected %s, got %r" % (what, known, text))
    if not 0 <= number <= 0xFE:
        raise ValueError("%s: expected a number from 0 to 254, got %s" % (what, text))
    return _name(number, words)


def _name(number, words):
    """The word for ``number`` in ``words``, or the number itself as hex."""
    for word, value in words.items():
        if value == number:
            return word
    return "0x%02x" % number


def _number(text, what):
    """A size or offset: decimal, hex, or with K or M after it."""
    factor = {"K": 1024, "M": 1024 * 1024}.get(text[-1:].upper(), 1)
    try:
        return int(text[:-1] if factor > 1 else text, 0) * factor
    except ValueError:
        raise ValueError("%s: expected a number such as 0x10000, 64K or 1M, got %r" % (what, text))


def to_csv(table):
    """The text form of ``table``, with every offset written."""
    rows = [("# Name", "Type", "SubType", "Offset", "Size", "Flags")]
    for entry in table:
        flags = ":".join(word for word, bit in _FLAGS.items() if entry.flags & bit)
        numbers = ("0x%x" % entry.offset, "0x%x" % entry.size)
        rows.append((entry.name, entry.type, entry.subtype, *numbers, flags))
    widths = [max(len(row[column]) for row in rows) + 1 for column in range(5)]
    lines = []
    for row in rows:
        cells = [(row[column] + ",").ljust(widths[column]) for column in range(5)]
        lines.append((" ".join(cells) + " " + row[5]).rstrip())
    return "\n".join(lines) + "\n"


# The binary form


def parse_binary(data, name="partition table"):
    """The Partitions of a table in binary form, at the start of ``data`` (bytes).

    Raises Failure when it is no table, is cut off, or its MD5 is wrong. The rules of check() are
    not applied: what is on a device is what it is.
    """
    table = []
    for position in range(0, TABLE_SIZE, _ENTRY.size):
        raw = bytes(data[position : position + _ENTRY.size])
        if len(raw) < _ENTRY.size:
            raise Failure("%s: ends after %d bytes without an end mark" % (name, len(data)))
        if raw == b"\xff" * _ENTRY.size:
            break
        if raw[:2] == _MD5_MAGIC[:2]:
            if raw[16:] != hashlib.md5(data[:position]).digest():
                raise Failure("%s: its MD5 is wrong, it is damaged" % name)
            continue
        if raw[:2] != _MAGIC:
            raise Failure("%s: expected AA 50 at 0x%x, got %s" % (name, position, raw[:2].hex()))
        table.append(_from_entry(raw))
    if not table:
        raise Failure("%s: expected at least one entry, got none" % name)
    return table


def _from_entry(raw):
    _magic, kind, subtype, offset, size, name, flags = _ENTRY.unpack(raw)
    kind = _name(kind, _TYPES)
    text = name.split(b"\0")[0].decode("utf-8", "replace")
    return Partition(text, kind, _name(subtype, _SUBTYPES.get(kind, {})), offset, size, flags)


def to_binary(table):
    """The 3072 bytes of ``table`` (list of Partition) that go to TABLE_OFFSET."""
    data = b""
    for entry in table:
        kind = _value(entry.type, _TYPES)
        subtype = _value(entry.subtype, _SUBTYPES.get(entry.type, {}))
        name = entry.name.encode()
        data += _ENTRY.pack(
            _MAGIC, kind, subtype, entry.offset, entry.size, name, entry.flags
        )  # shorter names are filled up with zeros
    data += _MD5_MAGIC + hashlib.md5(data).digest()
    if len(data) >= TABLE_SIZE:
        raise Failure("partition table: expected at most 94 entries, got %d" % len(table))
    return data.ljust(TABLE_SIZE, b"\xff")


def _value(word, words):
    return words[word] if word in words else int(word, 0)


# The rules


def check(table, flash_size=None, name="partition table"):
    """Raise Failure, with every problem on a line, unless ``table`` is one that the chip takes.

    ``flash_size``: bytes of the flash that it must fit into.
    """
    problems = list(_problems(table, flash_size))
    if problems:
        raise Failure("\n".join("%s: %s" % (name, problem) for problem in problems))


def _problems(table, flash_size):
    if not table:
        yield "expected at least one partition, got none"
    seen = set()
    for entry in table:
        if entry.name in seen:
            yield "%s: there are two of that name" % entry.name
        seen.add(entry.name)
        yield from ("%s: %s" % (entry.name, text) for text in _problems_of(entry))
        if flash_size is not None and entry.end > flash_size:
            text = "%s: ends at 0x%x, after the flash's end at 0x%x"
            yield text % (entry.name, entry.end, flash_size)
    ordered = sorted(table, key=lambda entry: entry.offset)
    for before, after in zip(ordered, ordered[1:]):
        if after.offset < before.end:
            text = "%s: starts at 0x%x, before the end of %s at 0x%x"
            yield text % (after.name, after.offset, before.name, before.end)
    slots = [entry for entry in table if entry.type == "app" and entry.subtype in _OTA_SLOTS]
    records = [entry for entry in table if (entry.type, entry.subtype) == ("data", "ota")]
    if slots and not records:
        yield "otadata: expected a partition data, ota beside the slot %s" % slots[0].name
    if len(records) > 1:
        yield "%s: there are two of data, ota" % records[1].name


def _problems_of(entry):
    """What is wrong with one partition by itself."""
    if not 0 < len(entry.name.encode()) < _NAME_SIZE:
        yield "expected a name of 1 to 15 bytes, got %d" % len(entry.name.encode())
    first = TABLE_OFFSET + SECTOR
    if entry.offset < first:
        yield "expected an offset from 0x%x on, got 0x%x" % (first, entry.offset)
    alignment = _alignment(entry.type)
    if entry.offset % alignment:
        yield "expected an offset that 0x%x divides, got 0x%x" % (alignment, entry.offset)
    if entry.size <= 0:
        yield "expected a size, got %d" % entry.size
    elif entry.size % SECTOR:
        yield "expected a size that 0x1000 divides, got 0x%x" % entry.size
    kind = (entry.type, entry.subtype)
    if kind == ("data", "ota") and entry.size != _OTA_DATA_SIZE:
        yield "expected a size of 0x%x, got 0x%x" % (_OTA_DATA_SIZE, entry.size)
    if kind == ("data", "nvs") and entry.size < _NVS_SIZE and not entry.flags & READONLY:
        yield "expected at least 0x%x, got 0x%x" % (_NVS_SIZE, entry.size)


def _alignment(kind):
    return APP_ALIGNMENT if kind == "app" else SECTOR


# What is looked for in a table


def filesystem(table):
    """The partition that MicroPython keeps its files in, or None: it is found by its name, "vfs",
    or "ffat" in the tables of the TinyUF2 bootloader."""
    for wanted in ("vfs", "ffat"):
        for entry in table:
            if entry.type == "data" and entry.name == wanted:
                return entry
    return None


def apps(table):
    """The partitions that hold an application, the one that is written first at the front."""
    return sorted((entry for entry in table if entry.type == "app"), key=_start_order)


def _start_order(entry):
    # The bootloader takes the factory application unless otadata names a slot.
    return (entry.subtype != "factory", entry.offset)
