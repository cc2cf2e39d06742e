"""ROMFS images: read-only files in flash, whose bytecode runs in place."""


def make(contents):
    """The bytes of a ROMFS with ``contents`` ({name with slashes: bytes}), sorted by name."""
    from mpremote.romfs import VfsRomWriter

    writer = VfsRomWriter()
    folders = []
    for name in sorted(contents, key=lambda name: name.split("/")):
        *wanted, last = name.split("/")
        while folders != wanted[: len(folders)]:
            writer.closedir()
            folders.pop()
        for folder in wanted[len(folders) :]:
            writer.opendir(folder)
            folders.append(folder)
        writer.mkfile(last, contents[name])
    for _ in folders:
        writer.closedir()
    return bytes(writer.finalise())
