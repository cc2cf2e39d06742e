"""The mark of an image: which board and release it is for, found in its bytes.

``FIRN-IMAGE\\0board=RPI_PICO;version=0.1.0;date=20261121;micropython=1.25.0\\0``: a constant of
the frozen module firn.image_info, which is made for each build. It lies in one piece in every kind
of image, and in a UF2 file once its blocks are joined.
"""

import re
import time
from pathlib import Path

from . import paths
from .errors import Failure

_MAGIC = b"FIRN-IMAGE\0"
_TEXT = re.compile(rb"[ -~]{1,400}(?=\0)")
_PART = re.compile(r"([a-z_]+)=([^;=]+)")
_KEYS = ("board", "version", "date", "micropython")  # what every mark has
_MODULE = """\
# Made by `firn build`: what this image is. The host's tools look for the constant in its bytes.
MARK = %a
"""


def mark(board, version, date, micropython):
    """The bytes of a mark.

    ``board``: its folder's name; ``version``: Firn's, such as "0.1.0"; ``date``: such as
    "20261121", the commit's; ``micropython``: such as "1.25.0". ValueError where one of them
    could not be read back.
    """
    values = dict(zip(_KEYS, (board, version, date, micropython)))
    text = ";".join("%s=%s" % item for item in values.items())
    found = _MAGIC + text.encode() + b"\0"
    if read(found) != values:
        raise ValueError("expected words of ASCII without ; and =, got %r" % text)
    return found


def write(folder, board, commit_time, micropython):
    """Write firn/image_info.py below ``folder`` (Path), unless it is there as it should be.

    ``commit_time``: seconds since 1970, so that two builds of a commit are the same bytes.
    """
    date = time.strftime("%Y%m%d", time.gmtime(int(commit_time)))
    text = _MODULE % mark(board, _version(), date, micropython)
    path = Path(folder) / "firn" / "image_info.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def _version():
    """Firn's version, as it is in the sources that an image is made of."""
    text = (paths.frozen() / "firn" / "__init__.py").read_text()
    return re.search(r'(?m)^__version__ = "(.+)"', text).group(1)


def read(data):
    """The mark in ``data`` (bytes of an image) as a dict, or None where there is none.

    Keys: board, version, date, micropython (str), and any that later releases add.
    """
    for part in joined(data).split(_MAGIC)[1:]:
        found = _TEXT.match(part)
        text = found.group().decode() if found else ""
        values = dict(_PART.findall(text))
        if all(key in values for key in _KEYS) and text.count("=") == len(values):
            return values
    return None


def joined(data):
    """``data`` without the heads of its blocks if it is UF2, else as it is."""
    from . import uf2

    if data[:4] != b"UF2\n":
        return data
    try:
        segments = uf2.parse(data).segments
    except (Failure, ValueError):
        return data  # whoever flashes it says what is wrong with it
    return b"".join(content for _address, content in sorted(segments))
