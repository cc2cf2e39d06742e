"""``firn release``: a folder with every image that can be built here and all that goes with it.

The folder appears by one rename when it is whole. The same commit gives the same bytes, wherever
the project lies; sizes.md alone also depends on what it is compared with.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

from . import (
    boards,
    build,
    image_mark,
    paths,
    release_files,
    release_manifest,
    release_names,
    release_sizes,
    release_web,
    sbom,
    sources,
)
from .errors import Failure
from .lock import locked
from .progress import Step, count, say

_SUMS = "SHA256SUMS"
# Not in SHA256SUMS: they depend on which release was made before.
_NOT_SUMMED = (_SUMS, "sizes.md", "sizes-before.json")


def run(options):
    """Make the release; returns the exit status."""
    release = release_names.read(options.dirty)
    if options.tag and options.tag != "v" + release.version:
        raise Failure("--tag: expected v%s, got %s" % (release.version, options.tag))
    output = Path(options.output).absolute()
    _check_output(output)
    named = Path(options.previous).absolute() if options.previous else None
    before = release_sizes.previous(release, output, named)
    wanted = [boards.find(name) for name in sorted(set(options.boards or boards.names()))]
    with locked(paths.build("release")):
        buildable, left_out = _sort(wanted)
        for name, reason in left_out.items():
            say("left out: %s: %s" % (name, reason.replace(name + ": ", "")))
        if not buildable:
            raise Failure("none of the boards can be built here")
        _build(buildable, release, options.jobs)
        if release_names.read(options.dirty) != release:
            raise Failure("the work tree has changed while it was being built; try again")
        partial = output.with_name(output.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            with Step("writing the release %s" % release.version):
                write(buildable, left_out, release, before, partial)
            _replace(output, partial)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    _say_what(output, buildable, left_out)
    return 1 if options.strict and left_out else 0


def _check_output(output):
    """Never take the place of anything but a release."""
    if output.is_dir() and any(output.iterdir()) and not _is_release(output):
        raise Failure(
            "--output: expected a release or no folder, got %s with other files" % output
        )
    if output.exists() and not output.is_dir():
        raise Failure("--output: expected a folder, got the file %s" % output)


def _is_release(folder):
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    is_ours = isinstance(manifest, dict) and manifest.get("name") == "firn"
    return is_ours and (folder / _SUMS).is_file()


def _sort(wanted):
    """([Board that can be built here], {name: why not})."""
    buildable, left_out = [], {}
    for board in wanted:
        reason = release_files.reason_not_here(board)
        if reason:
            left_out[board.name] = reason
        else:
            buildable.append(board)
    return buildable, left_out


def _build(wanted, release, jobs):
    """Build from nothing: what an earlier commit has left must not get in."""
    changes = {"SOURCE_DATE_EPOCH": str(release.time)}
    if release.is_dirty:
        changes["FIRN_VERSION"] = release.version  # what image_mark writes
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        for board in wanted:
            clear(paths.build(board.name))
            build.build(board, jobs=jobs)
    finally:
        os.environ.clear()
        os.environ.update(before)


def clear(folder):
    """Remove a build from its ``folder`` (Path), but not the flash of its emulated board."""
    for file in folder.glob("*") if folder.is_dir() else ():
        if file.is_dir():
            shutil.rmtree(file)
        elif not (file.name.startswith("flash") or file.name == ".lock"):
            file.unlink()


def write(built, left_out, release, before, folder):
    """Write all files of a release to the empty ``folder`` (Path).

    ``built``: Boards; ``left_out``: {name: reason}; ``release``: a Release; ``before``: sizes of
    the last one or None. Raises Failure for an image without its board's mark.
    """
    micropython = ".".join(map(str, sources.version(sources.tree())))
    entries, sizes, digests = [], {}, []
    for board in built:
        files = release_files.collect(board, release, folder)
        for file in files:
            content = (folder / file.name).read_bytes()
            check_mark(content, file, board, release, micropython)
            digests.append((file.name, hashlib.sha1(content).hexdigest(), file.sha256, board.port))
        entries.append(release_manifest.entry(board, release, micropython, files))
        sizes[board.name] = release_sizes.measure(board)
    release_manifest.write(release, micropython, entries, left_out, folder)
    release_sizes.write(release, sizes, folder, before)
    ports = {board.port for board in built}
    sbom.write(release, sbom.parts(micropython, ports), digests, folder)
    release_web.write(release, entries, folder)
    _write_sums(folder)


def check_mark(content, file, board, release, micropython):
    """Raise Failure unless the image ``content`` (bytes) says what it is."""
    expected = {
        "board": board.name,
        "version": release.version,
        "date": release.date.replace("-", ""),
        "micropython": micropython,
    }
    mark = image_mark.read(content)
    if mark is None:
        raise Failure("%s: expected the mark of its board and release, got none" % file.name)
    for key, value in expected.items():
        if mark[key] != value:
            raise Failure(
                "%s: expected a mark with %s %s, got %s" % (file.name, key, value, mark[key])
            )


def _write_sums(folder):
    """As ``sha256sum`` would, in the order of names."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    names = [file.relative_to(folder).as_posix() for file in files]
    lines = [
        "%s  %s\n" % (release_files.sha256(folder / name), name)
        for name in names
        if name not in _NOT_SUMMED
    ]
    (folder / _SUMS).write_text("".join(lines), "utf-8")


def _replace(output, partial):
    """Put the whole ``partial`` in the place of ``output`` (Paths)."""
    old = output.with_name(output.name + ".old")
    if output.exists():
        shutil.rmtree(old, ignore_errors=True)
        output.rename(old)
    partial.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _say_what(output, built, left_out):
    for line in (output / _SUMS).read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        if "/" not in name and name.startswith("firn-"):
            size = (output / name).stat().st_size
            print("%s  %9d  %s" % (digest[:12], size, name))
    parts = [count(len(built), "board")]
    if left_out:
        parts.append("left out: " + ", ".join(left_out))
    say("%s: %s" % (output, "; ".join(parts)))
