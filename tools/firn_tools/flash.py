"""``firn flash``: an image chosen, checked against the board, written, and seen to start."""

import os
import re
import time
from pathlib import Path

from . import (
    build_rp2,
    flash_console,
    flash_drive,
    flash_esp,
    flash_picotool,
    image_mark,
    paths,
    serial_ports,
    uf2,
)
from .device import Device, DeviceError, open_port
from .errors import Failure
from .progress import Step, say, size_text

_RASPBERRY_PI, _MICROPYTHON = 0x2E8A, 0xF055  # USB vendors
_DRIVE_TIMEOUT = 15  # seconds until a board that was told to is in its boot ROM
_ENDINGS = {"esp32": "bin", "rp2": "uf2"}


def run(board, options):
    """``firn flash``; the exit status. ``options``: image, port, drive, erase, keep_files,
    force, wait, url."""
    if board.port not in _ENDINGS:
        raise Failure(
            "%s: it is no board to flash; firn emulate %s starts it" % (board.name, board.name)
        )
    if options.erase and options.keep_files:
        raise Failure("--erase and --keep-files: expected one of them")
    path = choose_image(board, options.image)
    data = _read(path)
    check_mark(board, path, data, options.force)
    way = _flash_esp if board.port == "esp32" else _flash_rp2
    port, candidates = way(board, path, data, options)
    if not options.wait:
        return 0
    return flash_console.wait(port, candidates, options.url)


# The image


def choose_image(board, named=None, folder=None):
    """The path (str) of the image: ``named``, else the newest release in ``folder`` (default:
    dist/ of the project), else what was built."""
    if named:
        return named
    ending = _ENDINGS[board.port]
    name = re.compile(r"firn-%s-(\d{8})-v(\d+)\.(\d+)\.(\d+)\.%s" % (board.name, ending))
    releases = []
    for path in (folder or paths.root() / "dist").glob("firn-*"):
        found = name.fullmatch(path.name)
        if found:
            releases.append(([int(number) for number in found.groups()], path))
    if releases:
        return _short(max(releases)[1])
    if board.image.is_file():
        return _short(board.image)
    raise Failure("%s: no image; firn build %s makes it" % (board.name, board.name))


def _short(path):
    """``path`` (Path) as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if here in path.parents else path)


def _read(path):
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Failure("%s: %s" % (path, (error.strerror or str(error)).lower()))


def check_mark(board, path, data, force=False):
    """Failure unless the image's mark is that of ``board``; ``force``: only say what it is."""
    mark = image_mark.read(data)
    if mark is None:
        if not force:
            raise Failure(
                "%s: expected an image by `firn build`, with the name of its board in it, got "
                "another; --force writes it, if it is for this board's chip; nothing was written"
                % path
            )
        say("%s: an image without a board's name, written as you say" % path)
        return
    about = "%s, Firn %s of %s" % (mark["board"], mark["version"], mark["date"])
    if mark["board"] != board.name and not force:
        raise Failure(
            "%s: expected an image for %s, got one for %s; nothing was written"
            % (path, board.name, about)
        )
    say("%s: %s, MicroPython %s" % (path, about, mark["micropython"]))


def _say_files(replaced, erased, keep):
    if erased:
        say("all of the flash is erased first, the board's files too")
    elif keep or not replaced:
        say("the board's files are kept")
    else:
        say("the board's files are replaced by those of the image (--keep-files keeps them)")


# ESP32 boards


def _flash_esp(board, name, data, options):
    if options.drive:
        raise Failure("--drive: %s is flashed through its serial port" % board.name)
    plan = flash_esp.Plan(name, data, board)
    if options.keep_files:
        plan.keep_files()
    candidates = flash_console.ports_of(without=(_RASPBERRY_PI,))
    port = serial_ports.choose(options.port, ports=candidates())
    open_port(port).close()  # says what to do where esptool would only fail
    _say_files(plan.replaces_files(), options.erase, options.keep_files)
    flash_esp.flash(plan, port, options.erase)
    return port, candidates


# rp2 boards


def _flash_rp2(board, name, data, options):
    mcu = board.about["mcu"]
    data, replaced = uf2_for(board, name, data, options.keep_files)
    candidates = flash_console.ports_of((_RASPBERRY_PI, _MICROPYTHON))
    port = options.port or os.environ.get("FIRN_PORT")
    drive = flash_drive.choose(mcu, options.drive)
    if drive is None:
        drive = _drive_of_running(board, port, candidates)
    if drive is not None and options.erase:
        raise Failure(
            "--erase: a drive cannot erase a board; unmount it and use picotool, or write an "
            "image that has the default files; nothing was written"
        )
    if drive is None and not flash_picotool.installed():
        raise Failure(_no_drive(mcu))
    _say_files(replaced, options.erase, options.keep_files)
    if drive is not None:
        flash_drive.write(drive, data, name)
    else:
        flash_picotool.write(data, name, options.erase)
    return port, candidates


def uf2_for(board, name, data, keep_files=False):
    """(bytes of UF2, whether they replace the board's files) of the image ``data``.

    Failure where it is for another chip, or too large. ``keep_files``: without the filesystem.
    """
    image = uf2.parse(data, name)
    mcu = board.about["mcu"]
    wanted = build_rp2.FAMILIES[mcu]
    if image.family != wanted:
        family = uf2.FAMILIES.get(image.family)
        got = "the " + family.upper() if family else "another chip (family 0x%08x)" % image.family
        raise Failure(
            "%s: expected an image for the %s, got one for %s; nothing was written"
            % (name, mcu.upper(), got)
        )
    offset, size = board.filesystem()
    files = build_rp2.FLASH + offset
    last = max(address + len(content) for address, content in image.segments)
    if last > files + size:
        raise Failure(
            "%s: expected an image for %s of flash, got one that ends %s after them; nothing was "
            "written" % (name, size_text(offset + size), size_text(last - files - size))
        )
    if last <= files or not keep_files:
        return data, last > files
    kept = [(start, content[: files - start]) for start, content in image.segments]
    return uf2.make([part for part in kept if part[0] < files], image.family), False


def _drive_of_running(board, named, candidates):
    """The Drive of the board that runs at the port ``named`` or at the only one, told to start
    its boot ROM; None where no board runs, or its drive is not mounted."""
    mcu = board.about["mcu"]
    ports = candidates()
    if not named and not serial_ports.boards(ports):
        return None
    port = serial_ports.choose(named, ports=ports)
    before = {str(drive) for drive in flash_drive.drives()}
    with Step("starting the boot ROM of the board at " + port) as step:
        _start_boot_rom(board, port)
        end = time.monotonic() + _DRIVE_TIMEOUT
        while time.monotonic() < end:
            new = [one for one in flash_drive.drives() if str(one) not in before]
            if new:
                return flash_drive.choose(mcu, None, [one.folder for one in new])
            if flash_drive.unmounted(mcu) and flash_picotool.installed():
                return None
            step.update(None, "")
            time.sleep(0.2)
    return None


def _start_boot_rom(board, port):
    with Device(port) as device:
        running = running_board(device)
        if running not in (None, board.name):
            raise Failure(
                "%s: expected the board %s, got %s; nothing was written"
                % (port, board.name, running)
            )
        device.start_boot_rom()


def running_board(device):
    """The name of the board that the image of ``device`` (Device) is for; None if it has none."""
    try:
        (mark,) = device.lines("from firn.image_info import MARK;print(json.dumps(MARK.decode()))")
    except DeviceError:
        return None
    return (image_mark.read(mark.encode()) or {}).get("board")


def _no_drive(mcu):
    device = flash_drive.unmounted(mcu)
    if device:
        return (
            "%s: the board's drive is there but not mounted; type: udisksctl mount -b %s, then "
            "run this again; or install picotool" % (device, device)
        )
    return (
        "no drive of an %s's boot ROM found; %s; a drive at another place is named by --drive"
        % (mcu.upper(), flash_drive.BOOT)
    )
