"""The ``firn`` command line."""

import argparse
import sys

from . import __version__, boards, device_commands, paths
from .errors import Failure


def parser():
    """The argument parser with all subcommands."""
    top = argparse.ArgumentParser(
        prog="firn", description="MicroPython images for web devices: build, boot, talk to them."
    )
    top.add_argument("--version", action="version", version="firn " + __version__)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    command = commands.add_parser("sources", help="obtain the sources images are built from")
    command.set_defaults(run=_sources)

    command = commands.add_parser("build", help="build the image of a board")
    _add_board(command)
    command.add_argument("--heap", type=_size, help="bytes of heap, e.g. 180k (QEMU)")
    command.add_argument("-j", "--jobs", type=_positive, help="parallel compilations")
    command.add_argument(
        "--if-needed", action="store_true", help="do nothing when the image is up to date"
    )
    command.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        dest="settings",
        help="a further make variable",
    )
    command.set_defaults(run=_build)

    command = commands.add_parser("size", help="what is in a built image, byte by byte")
    _add_board(command)
    command.add_argument("--parts", action="store_true", help="the parts of each package, too")
    command.set_defaults(run=_size_table)

    command = commands.add_parser(
        "bundle", help="make an image out of MicroPython's own, without a compiler"
    )
    _add_board(command)
    command.add_argument(
        "--base", metavar="FILE", required=True, help="the image to start from (.uf2, .bin)"
    )
    command.add_argument("folder", nargs="?", help="the site; default: firmware/filesystem")
    command.add_argument("--output", metavar="FILE", help="where to write it; default: here")
    command.add_argument(
        "--littlefs", action="store_true", help="leave a ROMFS that the image has empty"
    )
    command.add_argument(
        "--notebooks", action="store_true", help="put the notebooks' server in, whatever it takes"
    )
    command.set_defaults(run=_bundle)

    command = commands.add_parser("emulate", help="boot an image on a site folder")
    _add_board(command)
    command.add_argument("folder", nargs="?", help="the site; default: firmware/filesystem")
    command.add_argument("--port", type=_port, default=8080, help="port on 127.0.0.1 (8080)")
    command.add_argument("--heap", type=_size, help="bytes of heap, e.g. 64k")
    command.add_argument("--fresh", action="store_true", help="start from a new flash image")
    command.add_argument("--flash", metavar="FILE", help="the flash image to keep")
    command.add_argument(
        "--serial",
        metavar="PORT",
        type=_port,
        help="the console as a TCP port for mpremote",
    )
    command.add_argument(
        "--uart", metavar="PATH", help="UART 0 as a UNIX socket of that name (RPI_PICO)"
    )
    command.set_defaults(run=_emulate)

    command = commands.add_parser("check", help="what a device would say of a site folder")
    command.add_argument("folder", nargs="?", default=".", help="the site; default: this folder")
    command.add_argument("--json", action="store_true", help="print the mistakes as JSON")
    command.add_argument(
        "--run",
        action="store_true",
        dest="run_programs",
        help="also load the handlers, in the UNIX image (runs your programs)",
    )
    command.add_argument(
        "--schema", metavar="FILE", help="write the JSON Schema for editors, and do nothing else"
    )
    command.set_defaults(run=_check)

    command = commands.add_parser("new", help="make a project to start from")
    command.add_argument("name", metavar="NAME", help="the folder to make, in this one or a path")
    command.set_defaults(run=_new)

    device_commands.add(commands)

    _add_release(commands)

    command = commands.add_parser("path", help="print the folder to put on PYTHONPATH")
    command.set_defaults(run=lambda options: print(paths.frozen()))

    command = commands.add_parser("lint", help="check the project's style and types")
    command.set_defaults(run=_lint)
    return top


def _add_release(commands):
    command = commands.add_parser("release", help="build every image and all that goes with them")
    command.add_argument("--output", metavar="FOLDER", default="dist", help="default: dist")
    command.add_argument(
        "--boards",
        metavar="BOARD",
        nargs="+",
        help="only these; default: all that can be built here",
    )
    command.add_argument(
        "--previous",
        metavar="FOLDER",
        help="the release to compare sizes with; default: the newest beside or in build/last",
    )
    command.add_argument(
        "--strict", action="store_true", help="exit with 1 when a board could not be built"
    )
    command.add_argument(
        "--dirty",
        action="store_true",
        help="also from a work tree with changes; the version says so: +dirty",
    )
    command.add_argument(
        "--tag", metavar="TAG", help="refuse another version than this tag's, v1.0.0"
    )
    command.add_argument("-j", "--jobs", type=_positive, help="parallel compilations")
    command.set_defaults(run=_release)


def _add_board(command):
    command.add_argument("board", metavar="BOARD", help="one of: " + ", ".join(boards.names()))


def _size(text):
    factors = {"k": 1024, "m": 1024 * 1024}
    factor = factors.get(text[-1:].lower(), 1)
    digits = text[:-1] if factor > 1 else text
    if not digits.isdigit() or int(digits) == 0:
        raise argparse.ArgumentTypeError("expected a size such as 180k, got %r" % text)
    return int(digits) * factor


def _positive(text):
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError("expected a positive integer, got %r" % text)
    return int(text)


def _port(text):
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("expected an integer from 1 to 65535, got %r" % text)
    return int(text)


def _sources(options):
    from . import sources

    print(sources.tree())


def _build(options):
    from . import build, size

    board = boards.find(options.board)
    build.build(board, options.heap, options.jobs, options.if_needed, options.settings)
    if not options.if_needed:
        size.show(board)


def _size_table(options):
    from . import size

    size.show(boards.find(options.board), options.parts)


def _bundle(options):
    from . import bundle

    return bundle.run(boards.find(options.board), options)


def _emulate(options):
    from . import emulate

    return emulate.run(boards.find(options.board), options)


def _check(options):
    from . import check_report, schema

    if options.schema:
        schema.write_schema(options.schema)
        return 0
    return check_report.run(options.folder, options.run_programs, options.json)


def _new(options):
    from . import new

    new.run(options.name)


def _release(options):
    from . import release

    return release.run(options)


def _lint(options):
    from . import lint

    return lint.run()


def _parse(arguments):
    """The command line's options. argparse takes a folder that may be left out only where it
    follows the board at once; here it may come after the options as well."""
    top = parser()
    options, rest = top.parse_known_args(arguments)
    may_follow = getattr(options, "folder", "") is None
    if may_follow and rest and not rest[0].startswith("-"):
        options.folder = rest.pop(0)
    if rest:
        top.error("unrecognized arguments: " + " ".join(rest))
    return options


def main(arguments=None):
    """Run ``firn``; returns the exit status (0 good, 1 failure, 2 usage, 130 interrupted)."""
    options = _parse(arguments)
    try:
        return options.run(options) or 0
    except Failure as failure:
        print("firn: %s" % failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("firn: interrupted", file=sys.stderr)
        return 130
