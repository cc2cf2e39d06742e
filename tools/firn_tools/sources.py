"""Obtains the sources of MicroPython and of what it builds with: one complete tree.

Providers in order: the checkout that ``MICROPYTHON_DIR`` names, the cache, the Debian suite of
``versions.py``, git at the pinned tag. A tree appears in the cache by one rename when it is whole.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from . import debian, paths, versions
from .errors import Failure
from .lock import locked
from .progress import Step, say

# Without these MicroPython's build stops or the boards here cannot be built.
_NEEDED = ("py/mkrules.mk", "lib/lwip/src/Filelists.mk", "lib/mbedtls/library/ssl_tls.c")
_SUBMODULES = ("lwip", "mbedtls", "pico-sdk", "tinyusb", "micropython-lib", "berkeley-db-1.xx")
# Folders that every provider delivers unchanged; their digest pins the commit that was tagged.
_DIGESTED = ("py", "extmod", "shared", "ports/unix", "ports/rp2", "ports/esp32")


def tree(fetch=True):
    """The path of a complete MicroPython source tree; ``fetch=False`` takes only what is there."""
    named = os.environ.get("MICROPYTHON_DIR")
    if named:
        return _named_tree(Path(named).expanduser().absolute())
    kept = cached_tree()
    if kept.is_dir():
        return kept
    if not fetch:
        raise Failure("the sources are not in %s yet: type firn sources" % paths.cache())
    with locked(paths.cache()):
        if not kept.is_dir():
            _obtain(kept)
    return kept


def cached_tree():
    """Where the tree of the present pins is, or will be, in the cache."""
    pins = "".join(source.sha256 for source in versions.SOURCES)
    digest = hashlib.sha256(pins.encode()).hexdigest()[:8]
    return paths.cache() / ("micropython-%s-%s" % (versions.MICROPYTHON, digest))


def version(folder):
    """The MicroPython version of a source tree as a tuple of three ints."""
    try:
        text = (folder / "py" / "mpconfig.h").read_text()
    except OSError:
        raise Failure("%s: expected a MicroPython checkout, got no py/mpconfig.h" % folder)
    return tuple(
        int(re.search(r"#define MICROPY_VERSION_%s (\d+)" % part, text).group(1))
        for part in ("MAJOR", "MINOR", "MICRO")
    )


def require(what, folder, files):
    """Failure, with what to type, unless the tree in ``folder`` has all ``files`` (names in it).

    ``what`` (str) needs them, such as a board's name. They are of parts that are submodules of a
    full checkout and that not every provider of sources has.
    """
    missing = [name for name in files if not (folder / name).exists()]
    if not missing:
        return
    parts = {"/".join(name.split("/")[:2]): None for name in missing}  # a set that keeps order
    if os.environ.get("MICROPYTHON_DIR"):
        raise Failure(
            "%s: MICROPYTHON_DIR: expected a full checkout, %s is missing; type: %s"
            % (what, missing[0], _update(folder, parts))
        )
    parts.update(dict.fromkeys("lib/" + name for name in _SUBMODULES))
    raise Failure(
        "%s: needs a full checkout of MicroPython, these sources lack %s; type: git clone "
        "--branch %s %s micropython && %s && export MICROPYTHON_DIR=$PWD/micropython"
        % (what, missing[0], versions.MICROPYTHON_TAG, versions.MICROPYTHON_GIT,
           _update("micropython", parts))
    )  # fmt: skip


def _update(folder, parts):
    return "git -C %s submodule update --init %s" % (folder, " ".join(parts))


def _named_tree(folder):
    found = version(folder)
    if found < versions.OLDEST_MICROPYTHON:
        wanted = ".".join(map(str, versions.OLDEST_MICROPYTHON))
        got = ".".join(map(str, found))
        raise Failure("MICROPYTHON_DIR: expected MicroPython %s or later, got %s" % (wanted, got))
    missing = [name for name in _NEEDED if not (folder / name).exists()]
    if missing:
        raise Failure(
            "MICROPYTHON_DIR: expected a full checkout, %s is missing; type: %s"
            % (missing[0], _update(folder, ["lib/" + name for name in _SUBMODULES]))
        )
    return folder


def _obtain(place):
    """Fill ``place`` from the first provider that can."""
    partial = place.with_name(place.name + ".partial")
    reasons = []
    for provide in (_from_debian, _from_git):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            provide(partial)
        except Failure as failure:
            reasons.append(str(failure))
            say("sources: %s" % failure)
            continue
        _complete(partial)
        partial.rename(place)
        return
    shutil.rmtree(partial, ignore_errors=True)
    raise Failure(
        "no source of MicroPython %s could be reached (%s); "
        "name a full checkout with MICROPYTHON_DIR" % (versions.MICROPYTHON, "; ".join(reasons))
    )


def _complete(folder):
    """What MicroPython's build wants to see even where it is not used."""
    stand_in = folder / "lib" / "micropython-lib" / "README.md"
    stand_in.parent.mkdir(parents=True, exist_ok=True)
    if not stand_in.exists():
        stand_in.write_text("Not part of these sources; manifests must not require() from it.\n")
    got = digest(folder)
    if got != versions.MICROPYTHON_DIGEST:
        raise Failure(
            "MicroPython %s: expected a tree of digest %s, got %s"
            % (versions.MICROPYTHON, versions.MICROPYTHON_DIGEST, got)
        )


def digest(folder):
    """SHA-256 over names and contents of what all providers deliver alike (hexadecimal)."""
    total = hashlib.sha256()
    for part in _DIGESTED:
        for file in sorted((folder / part).rglob("*.[ch]")):
            total.update(file.relative_to(folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


# Debian


def _from_debian(folder):
    suite = debian.Suite(versions.SUITE, paths.cache() / "apt")
    downloads = paths.cache() / "downloads"
    wanted = [source for source in versions.SOURCES if _kept(downloads, source) is None]
    if wanted:
        reason = suite.unusable()
        if reason:
            raise Failure("Debian: " + reason)
        with Step("reading the package index of Debian %s" % versions.SUITE) as step:
            suite.update(step)
    for source in versions.SOURCES:
        if source in wanted:
            with Step("downloading %s %s" % (source.name, source.version)) as step:
                _download(suite, source, downloads, step)
    with Step("unpacking the sources") as step:
        for number, source in enumerate(versions.SOURCES):
            step.update(number / len(versions.SOURCES), source.name)
            _unpack(_kept(downloads, source), source, folder)


def _kept(downloads, source):
    """The verified download of ``source``, or None."""
    file = downloads / source.file
    if file.is_file():
        return file
    later = sorted(downloads.glob(_same_series(source)))
    return later[-1] if later else None


def _download(suite, source, downloads, step):
    """Fetch into a folder of its own; only a verified file is moved to the downloads."""
    folder = downloads / "partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    suite.download(source, folder, step)
    file = folder / source.file
    if file.is_file():
        got = hashlib.sha256(file.read_bytes()).hexdigest()
        if got != source.sha256:
            raise Failure("%s: expected sha256 %s, got %s" % (source.file, source.sha256, got))
    else:
        file = _later_release(folder, source)
    file.rename(downloads / file.name)
    shutil.rmtree(folder)


def _later_release(folder, source):
    """A stable suite moves by corrections alone: the same series, signed by Debian, will do."""
    found = sorted(folder.glob(_same_series(source)))
    if not found:
        names = ", ".join(sorted(file.name for file in folder.iterdir())) or "nothing"
        raise Failure("expected %s, got %s from Debian" % (source.file, names))
    say(
        "%s: Debian now has %s in place of the pinned %s (signed by Debian, not by our checksum); "
        "images will differ from released ones" % (source.name, found[-1].name, source.file)
    )
    return found[-1]


def _same_series(source):
    series = ".".join(source.version.split(".")[:2])
    return source.package + "_" + series + (".*orig.tar.*" if source.is_source else ".*.deb")


def _unpack(file, source, folder):
    """Unpack one download to its place in the tree."""
    scratch = folder.with_name("unpacked")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        if source.is_source:
            with tarfile.open(file) as archive:
                _extract(archive, scratch)
            (top,) = scratch.iterdir()
        else:
            subprocess.run(["dpkg", "-x", str(file), str(scratch)], check=True)
            top = scratch / source.top
        place = folder / source.place
        if place.exists():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        top.rename(place)
    except (
        OSError,
        EOFError,
        ValueError,
        tarfile.TarError,
        subprocess.CalledProcessError,
    ) as error:
        raise Failure("%s could not be unpacked: %s; delete it and try again" % (file, error))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _extract(archive, folder):
    if hasattr(tarfile, "data_filter"):  # since 3.9.17; default from 3.14 on
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)


# git


def _from_git(folder):
    if not shutil.which("git"):
        raise Failure("git: not installed")
    shutil.rmtree(folder)
    tag = versions.MICROPYTHON_TAG
    clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", tag]
    with Step("cloning MicroPython %s" % tag) as step:
        _git([*clone, versions.MICROPYTHON_GIT, str(folder)])
        for number, name in enumerate(_SUBMODULES):
            step.update(number / len(_SUBMODULES), name)
            update = ["submodule", "--quiet", "update", "--init", "--depth", "1", "lib/" + name]
            _git(["git", "-C", str(folder), *update])


def _git(command):
    environment = dict(os.environ, GIT_TERMINAL_PROMPT="0")
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["exit status %d" % done.returncode]
        raise Failure("git: " + lines[-1])
