"""``firn pull``: what is on a device, copied to a folder; secrets never."""

import hashlib
import os
import tempfile
from pathlib import Path

from . import files_on_device, site_folder
from .device import Device, Gone
from .errors import Failure
from .progress import Step, Transfer, count, say


def run(folder, port, everything=False, force=False):
    """Copy the files of the device at ``port`` (str) to ``folder`` (path); the exit status.

    ``everything``: also logs and the runtime's own files; ``force``: replace files that differ.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise Failure("%s: expected a folder, got something else" % folder)
    rules = site_folder.Rules(folder)
    with Device(port, fresh=True) as device:
        there, skipped = wanted(device, rules, folder, everything)
        fetch, differing = compare(device, there, folder)
        if differing and not force:
            raise Failure(
                "these files of %s differ from the device's; --force replaces them:\n%s"
                % (folder, "\n".join("  " + name for name in differing))
            )
        fetch += differing
        if fetch:
            _fetch(device, fetch, there, folder)
    same = len(there) - len(fetch)
    say("%s copied to %s, %d unchanged" % (count(len(fetch), "file"), folder, same))
    return 1 if skipped else 0


def wanted(device, rules, folder, everything):
    """({relative path: size} of what is to be copied, [names that no file may have here])."""
    there, skipped = {}, []
    found = files_on_device.tree(device)[0]
    names = {path.lstrip("/"): size for path, size in found.items()}
    if site_folder.is_bundle(names) and not everything:
        found = site_folder.without_packages(names)
    for path, size in found.items():
        try:
            name = files_on_device.check_path(path)
        except ValueError as error:
            say("%s: not copied" % error)
            skipped.append(path)
            continue
        if rules.is_secret(name) or (rules.is_own(name) and not everything):
            continue
        if not _is_inside(folder / name, folder):
            say("%s: not copied; a link in %s leads out of it" % (name, folder))
            skipped.append(path)
            continue
        there[name] = size
    return there, skipped


def _is_inside(path, folder):
    root = os.path.realpath(folder)
    return os.path.commonpath([root, os.path.realpath(path)]) == root


def compare(device, there, folder):
    """([names that are not in ``folder``], [names that are and differ])."""
    fetch, differing = [], []
    with Step("comparing") as step:
        for number, (name, size) in enumerate(there.items()):
            step.update(number / len(there), name)
            path = folder / name
            if not os.path.lexists(path):
                fetch.append(name)
            elif not (
                path.is_file() and path.stat().st_size == size and _same(device, name, path)
            ):
                differing.append(name)
    return fetch, differing


def _same(device, name, path):
    return files_on_device.digest(device, "/" + name) == site_folder.digest(path)


def _fetch(device, names, sizes, folder):
    done = []
    total = sum(sizes[name] for name in names)
    label = "copying %s from %s" % (count(len(names), "file"), device.port)
    try:
        with Step(label) as step:
            transfer = Transfer(step, total, len(names))
            for name in names:
                transfer.begin(name)
                content = files_on_device.get(device, "/" + name, transfer.at)
                digest = hashlib.sha256(content).hexdigest()
                if digest != files_on_device.digest(device, "/" + name):
                    raise Failure("%s: what came is not what the device has" % name)
                write(folder / name, content)
                transfer.end(len(content))
                done.append(name)
        transfer.report()
    except Gone as error:
        raise Failure("%s; %s" % (error, _done(names, done)))
    except KeyboardInterrupt:
        say(_done(names, done))
        raise


def _done(names, done):
    return "%d of %d files were copied, each whole" % (len(done), len(names))


def write(path, content):
    """Write the file ``path`` (Path) whole or not at all; its folders are made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, partial = tempfile.mkstemp(dir=path.parent, prefix=".firn-")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(partial, 0o666 & ~_umask())
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise
    except OSError as error:
        raise Failure("%s: %s" % (path, (error.strerror or str(error)).lower()))


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
