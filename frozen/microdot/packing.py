"""Files packed into constants: what a device has in flash, and a host makes when it needs it.

Nothing else of the package is imported here: manifest.py runs this file.
"""

WINDOW_BITS = 12  # 4 KB: what a device needs to send a file to who takes no gzip
_COMPRESSED = (".css", ".js")
_MARK = "{{"


def read(folder):
    """((name, tag, gzip bytes), ...) of the style sheets and scripts in ``folder`` (str).

    ``tag`` (str) is another one when the content is another one. Files such as page.1-top.js and
    page.2-end.js are, one after the other, the file page.js.
    """
    import os
    from hashlib import sha256

    whole = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(_COMPRESSED):
            with open(folder + "/" + name, "rb") as file:
                data = file.read()
            name = name.partition(".")[0] + name[name.rfind(".") :]
            whole[name] = whole.get(name, b"") + data
    found = []
    for name in sorted(whole):
        data = compress(whole[name])
        found.append((name, sha256(data).hexdigest()[:12], data))
    return tuple(found)


def compress(data):
    """``data`` (bytes) as gzip has it, without name and time: the same bytes give the same."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + WINDOW_BITS, 9)
    return packer.compress(data) + packer.flush()


def template(path):
    """The text of the file ``path`` in pieces: text, name, text, name, ... text.

    A name stands between double braces in the file. Raises ValueError where one has no end.
    """
    with open(path, encoding="utf-8") as file:
        parts = file.read().split(_MARK)
    pieces = [parts[0]]
    for part in parts[1:]:
        name, end, text = part.partition("}}")
        if not end:
            raise ValueError("expected }} after %r in %s" % (part[:20], path))
        pieces += [name.strip(), text]
    return tuple(pieces)


def freeze(folder, path):
    """Write the Python file ``path`` with the files in ``folder`` as constants, for images: style
    sheets and scripts as FILES, pages in pieces under their names. An up to date file is left."""
    import os

    text = "FILES = %r\nWINDOW_BITS = %d\n" % (read(folder), WINDOW_BITS)
    for file in sorted(os.listdir(folder)):
        if file.endswith(".html"):
            text += "%s = %r\n" % (file[:-5].upper(), template(folder + "/" + file))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, encoding="utf-8") as file:
            known = file.read()
    except OSError:
        known = None
    if known != text:
        # Whole or not at all: another board's build may read it now.
        with open("%s.%d" % (path, os.getpid()), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(file.name, path)
