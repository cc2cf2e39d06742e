"""The assets of the setup page as setup_assets_data has them: for hosts, and for the build.

Nothing of a device or of the framework is imported here: manifest.py runs this file.
"""

WINDOW_BITS = 12  # 4 KB: what a device needs to send an asset to who takes no gzip


def read(folder):
    """((name, tag, gzip bytes), ...) of the files in ``folder`` (str)."""
    import os
    from hashlib import sha256

    found = []
    for name in sorted(os.listdir(folder)):
        with open(folder + "/" + name, "rb") as file:
            data = compress(file.read())
        found.append((name, sha256(data).hexdigest()[:12], data))
    return tuple(found)


def compress(data):
    """``data`` (bytes) as gzip has it, without name and time: the same bytes give the same."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + WINDOW_BITS, 9)
    return packer.compress(data) + packer.flush()


def __getattr__(name):
    if name != "FILES":
        raise AttributeError("module has no attribute %r" % name)
    global FILES
    FILES = read(__file__[: __file__.rfind("setup_assets_host")] + "assets")
    return FILES
