"""The commands that talk to a device: their command lines, and those that are short."""

import json

from . import boards
from .errors import Failure
from .progress import say


def add(commands):
    """Add the commands to ``commands``, what argparse's add_subparsers() gave."""
    command = _command(commands, "flash", _flash, "put an image on a board, see it start")
    command.add_argument("board", metavar="BOARD", help="one of: " + ", ".join(boards.names()))
    command.add_argument(
        "--image", metavar="FILE", help="default: the newest in dist/, else what was built"
    )
    command.add_argument(
        "--drive", metavar="FOLDER", help="the boot ROM's drive (Pico); default: the only one"
    )
    command.add_argument("--erase", action="store_true", help="erase the whole flash first")
    command.add_argument(
        "--keep-files", action="store_true", help="write no files, if the image has some"
    )
    command.add_argument(
        "--force", action="store_true", help="also an image without a board's name, or of another"
    )
    command.add_argument(
        "--no-wait", action="store_false", dest="wait", help="do not wait for the site"
    )
    command.add_argument(
        "--url", type=_url, help="where the site is to answer; default: the device's address"
    )

    command = _command(commands, "push", _push, "send a site's folder to a device, start it")
    command.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="default: .")
    command.add_argument(
        "--delete", action="store_true", help="remove what the folder no longer has"
    )
    command.add_argument("--dry-run", action="store_true", help="only list what would be done")
    command.add_argument(
        "--url", type=_url, help="where the site is to answer; default: the device's address"
    )

    command = _command(commands, "pull", _pull, "copy a device's files to a folder")
    command.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="default: .")
    command.add_argument(
        "--all", action="store_true", help="also logs and the runtime's own files"
    )
    command.add_argument("--force", action="store_true", help="replace files that differ")

    _command(commands, "console", _console, "the terminal of a device (Ctrl-] leaves)")

    command = _command(commands, "bridge", _bridge, "serve a device's site on this computer")
    command.add_argument(
        "--listen", type=_tcp_port, default=8080, metavar="PORT", help="port on 127.0.0.1 (8080)"
    )
    command.add_argument("--open", action="store_true", help="open the site in the browser")

    command = _command(commands, "ls", _ls, "list files on a device")
    command.add_argument("path", nargs="?", default="/", metavar="PATH", help="default: /")
    command.add_argument("-r", "--recursive", action="store_true", help="what is below, too")

    command = _command(commands, "rm", _rm, "delete files on a device")
    command.add_argument("paths", nargs="+", metavar="PATH")
    command.add_argument("-r", "--recursive", action="store_true", help="directories, too")
    command.add_argument("--force", action="store_true", help="secrets, too; no error if absent")

    command = _command(commands, "status", _status, "what a device says of itself")
    command.add_argument("--json", action="store_true", help="for programs")


def _command(commands, name, run, text):
    command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.add_argument(
        "--device",
        "--port",
        dest="port",
        help="serial port, or socket://HOST:PORT; default: FIRN_PORT, or the only device",
    )
    command.set_defaults(run=run)
    return command


def _url(text):
    import argparse

    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("expected http://... or https://..., got %r" % text)
    return text


def _tcp_port(text):
    import argparse

    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("expected an integer from 0 to 65535, got %r" % text)
    return int(text)


def _port(options):
    from . import serial_ports

    return serial_ports.choose(options.port)


def _flash(options):
    from . import flash

    return flash.run(boards.find(options.board), options)


def _push(options):
    from . import push

    return push.run(options.folder, _port(options), options.delete, options.dry_run, options.url)


def _pull(options):
    from . import pull

    return pull.run(options.folder, _port(options), options.all, options.force)


def _console(options):
    from . import console

    return console.run(_port(options))


def _bridge(options):
    from . import bridge

    return bridge.run(options.port, options.listen, options.open)


def _absolute(path):
    """``path`` of the command line as the device names it."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Failure("%s: expected a path without .." % path)
    return "/" + "/".join(parts)


def _ls(options):
    from . import files_on_device
    from .device import Device, DeviceError

    path = _absolute(options.path)
    with Device(_port(options)) as device:
        try:
            files, folders = files_on_device.entries(device, path, options.recursive)
        except DeviceError as error:
            raise Failure("%s: %s" % (path, error))
        _block, free, total = files_on_device.room(device)
    sizes = {**files, **{folder + "/": None for folder in folders}}
    for name in sorted(sizes):
        size = "-" if sizes[name] is None else str(sizes[name])
        print("%9s  %s" % (size, name))
    say("%d KB of %d KB free" % (free // 1000, total // 1000))


def _rm(options):
    from . import files_on_device
    from .device import Device, DeviceError
    from .site_folder import Rules

    paths = list(dict.fromkeys(_absolute(path) for path in options.paths))
    for path in paths:
        if path == "/":
            raise Failure("/: expected files or directories, got everything")
        if Rules.is_secret(path) and not options.force:
            raise Failure("%s: holds the device's secrets; --force deletes it" % path)
    with Device(_port(options)) as device:
        doomed = []
        for path in paths:
            doomed += _doomed(device, path, options)
        for path in dict.fromkeys(doomed):
            try:
                files_on_device.remove(device, path)
            except DeviceError as error:
                raise Failure("%s: %s" % (path, error))
            print("deleted", path)


def _doomed(device, path, options):
    """The paths to remove for ``path``, in order; Failure before anything is removed."""
    from . import files_on_device
    from .device import DeviceError

    try:
        ((_name, size),) = device.lines("kind(%a)" % path)
    except DeviceError as error:
        if options.force and "no such file" in str(error):
            return []
        raise Failure("%s: %s; nothing was deleted" % (path, error))
    if size >= 0:
        return [path]
    if not options.recursive:
        raise Failure("%s: it is a directory; -r deletes it; nothing was deleted" % path)
    files, folders = files_on_device.tree(device, path)
    return [*files, *sorted(folders, reverse=True), path]


def _status(options):
    from .device import Device

    with Device(_port(options)) as device:
        device.require_firn()
        parts = dict(device.lines("values()"))
    if options.json:
        print(json.dumps(parts, indent=2))
        return
    for title, values in parts.items():
        if values is not None:
            print(title)
            for name, value in values.items():
                print("  %-16s%s" % (name.replace("_", " "), _plain(value)))


def _plain(value):
    """``value`` in words, on one line or indented below."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(
            "%s %s" % (name.replace("_", " "), _plain(v)) for name, v in value.items()
        )
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "-"
    lines = str(value).strip().splitlines()
    return lines[0] if len(lines) == 1 else "".join("\n    " + line for line in lines)
