"""``firn bundle``: MicroPython's own image, our packages and a site in one file to flash."""

import time
from pathlib import Path

from littlefs import LittleFSError

from . import (
    __version__,
    build,
    bundle_base,
    bundle_files,
    check,
    flash_image,
    romfs_image,
    site_folder,
)
from .errors import Failure
from .progress import Step, say

_SPARE = 32 * 1024  # bytes that stay free, for logs, and files that are replaced by new ones
# The order in which packages go to a ROMFS that has not room for all.
_FIRST = ("firn", "microdot", "utemplate", "hmac", "jwt", "ssl", "marimo", "frozen_notebooks")
_NOTEBOOKS = "marimo"
_ONLY_SOME = (_NOTEBOOKS, "frozen_notebooks")
_NOTEBOOKS_HEAP = 270  # KB that a board needs for notebooks whose server is not in a ROMFS


class Layout:
    """Where the files go: ``romfs`` and ``files``, {name: bytes} each, and empty ``folders``."""

    def __init__(self, romfs, files, folders):
        self.romfs = romfs
        self.files = files
        self.folders = folders


def run(board, options):
    """``firn bundle``; the exit status. ``options``: base, folder, output, littlefs, notebooks."""
    folder = site_folder.named(options.folder)
    base = bundle_base.read(board, Path(options.base))
    version = ".".join(map(str, base.version))
    say("%s: MicroPython %s, %s" % (options.base, version, base.machine or board.about["product"]))
    if not check.passes(folder, "nothing was made"):
        return 1
    room = 0 if options.littlefs or base.romfs is None else base.romfs.size
    packages = bundle_files.compiled(board, base.version, folder / "notebooks" if room else None)
    notebooks = options.notebooks or "External RAM" in board.about["features"]
    layout = arrange(
        packages, site_files(folder), flash_image.site_folders(folder), room, folder, notebooks
    )
    parts, free = images(base, layout)
    output = Path(options.output or default_name(board, base.ending))
    _write(output, base.merge(parts))
    _report(base, packages, layout, free)
    print(output)
    _say_what_next(board, base, layout, output, options.base)
    return 0


def site_files(folder):
    """{name on the device: bytes} of the site in ``folder`` (Path)."""
    found = site_folder.on_bundle(site_folder.Rules(folder).files())
    return {name: path.read_bytes() for name, path in found.items()}


def arrange(packages, site, folders, room, top, notebooks=False):
    """The Layout of ``packages`` (see bundle_files.compiled()) and the files of the ``site``.

    ``folders``: Paths of the site's folders in ``top``; ``room``: bytes of the ROMFS, 0 where
    there is none. Packages that do not fit there go to the filesystem, those for notebooks only
    if ``notebooks`` is true: they would be loaded to the heap, which few boards have room for.
    """
    romfs, files = {}, bundle_files.entry_points()
    known = [name for name in _FIRST if name in packages]
    for package in known + sorted(set(packages) - set(known)):
        wanted = {
            "%s/%s" % (bundle_files.LIBRARY, name): data
            for name, data in packages[package].items()
        }
        if room and len(romfs_image.make({**romfs, **wanted})) <= room:
            romfs.update(wanted)
        elif (package == _NOTEBOOKS and notebooks) or package not in _ONLY_SOME:
            files.update(wanted)
    taken = sorted(set(site) & set(files))
    if taken:
        raise Failure("%s: %s: expected no file that is Firn's own" % (top, taken[0]))
    names = [path.relative_to(top).as_posix() for path in folders]
    return Layout(romfs, {**files, **site}, names)


def images(base, layout):
    """[(offset in flash, bytes)] of ``layout`` on ``base``, and the filesystem's free bytes."""
    unit, size = base.unit, base.filesystem.size
    try:
        data, free = flash_image.make(layout.files, layout.folders, size, unit)
    except LittleFSError:
        data, free = None, _free_of(layout, size, unit)
    if free < _SPARE:
        raise Failure(
            "the files need %d KB and %d KB of room to replace them, the filesystem of this image "
            "has %d KB: %d KB are missing"
            % (
                (size - free) // 1024,
                _SPARE // 1024,
                size // 1024,
                (_SPARE - free) // 1024,
            )
        )
    parts = [(base.filesystem.offset, data)]
    if layout.romfs:
        parts.append((base.romfs.offset, romfs_image.make(layout.romfs)))
    return parts, free


def _free_of(layout, size, unit):
    """The free bytes, less than 0, of a filesystem of ``size`` bytes that is too small."""
    larger = size
    while True:
        larger *= 2
        try:
            _data, free = flash_image.make(layout.files, layout.folders, larger, unit)
        except LittleFSError:
            continue
        return free - (larger - size)


def default_name(board, ending):
    """The file's name, as that of a release; the date is that of the packages."""
    date = time.strftime("%Y%m%d", time.gmtime(int(build.commit_time())))
    return "firn-%s-BUNDLE-%s-v%s.%s" % (board.name, date, __version__, ending)


def _write(output, data):
    partial = output.with_name(output.name + ".partial")
    with Step("writing %d KB" % (len(data) // 1024)):
        try:
            partial.write_bytes(data)
            partial.replace(output)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise Failure("%s: %s" % (output, (error.strerror or str(error)).lower()))


def _report(base, packages, layout, free):
    """Print what is in it, in the manner of the size table."""
    print("%-18s%6s %9s  %s" % ("", "files", "bytes", "in"))
    ours = set()
    for package in sorted(packages):
        names = ["%s/%s" % (bundle_files.LIBRARY, name) for name in packages[package]]
        ours.update(names)
        where = _place(layout, names[0])
        size = sum(map(len, packages[package].values()))
        print("%-18s%6d %9d  %s" % (package, len(names), size, where))
    rest = [data for name, data in layout.files.items() if name not in ours]
    print("%-18s%6d %9d  %s" % ("site", len(rest), sum(map(len, rest)), "filesystem"))
    if layout.romfs:
        used = len(romfs_image.make(layout.romfs))
        print("ROMFS: %d of %d KB used" % (-(-used // 1024), base.romfs.size // 1024))
    size = base.filesystem.size
    print("filesystem: %d of %d KB used" % ((size - free) // 1024, size // 1024))


def _place(layout, name):
    if name in layout.romfs:
        return "ROMFS"
    return "filesystem" if name in layout.files else "left out"


def _say_what_next(board, base, layout, output, named):
    server = "%s/%s/__init__.mpy" % (bundle_files.LIBRARY, _NOTEBOOKS)
    if server in layout.files:
        say("notebooks need %d KB of heap on this board" % _NOTEBOOKS_HEAP)
    elif server not in layout.romfs:
        say(
            "notebooks are left out: without a ROMFS they need %d KB of heap; --notebooks puts "
            "them in for a board that has it" % _NOTEBOOKS_HEAP
        )
    if base.ending == "img":
        say("the emulator takes it as the flash of %s" % named)
    else:
        say("flash it: firn flash %s --image %s" % (board.name, output))
