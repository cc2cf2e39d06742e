"""How large a release's images are, package by package, and what has changed since the last."""

import json

from . import paths, size
from .errors import Failure

_NAME = "sizes.json"
_KEPT = "sizes-before.json"  # what sizes.md compares with


def measure(board):
    """{"flash_used", "flash_length" (where the linker knows it), "frozen": {package: bytes}}."""
    text, data, _ = size.sections(board.elf)
    found = {"flash_used": text + data}
    length = size.flash_length(board)
    if length:
        found["flash_length"] = length
    packages = size.frozen_packages(board)
    found["frozen"] = {name: packages[name][0] for name in sorted(packages)}
    return found


def write(release, boards, folder, before):
    """Write sizes.json and sizes.md to ``folder`` (Path).

    ``boards``: {name: what ``measure`` gave}; ``before``: the last release's sizes or None.
    """
    sizes = {"version": release.version, "commit": release.commit, "boards": boards}
    _dump(folder / _NAME, sizes)
    if before:
        _dump(folder / _KEPT, before)
    (folder / "sizes.md").write_text(report(sizes, before), "utf-8")


def previous(release, folder, named=None):
    """The sizes of the release before: of the folder ``named`` (Path), else the newest of another
    commit that are in ``folder`` (Path), beside it or in build/last; None where there are none.
    """
    if named:
        return _read(named / _NAME if named.is_dir() else named)
    places = [folder, paths.build("last"), *folder.parent.glob("*")]
    found = {}
    for place in places:
        for name in (_NAME, _KEPT) if place.is_dir() else ():
            file = place / name
            sizes = _read_if_any(file)
            if sizes and (sizes["version"], sizes["commit"]) != (release.version, release.commit):
                found[file.stat().st_mtime_ns, str(file)] = sizes
    return found[max(found)] if found else None


def _read_if_any(file):
    """The sizes in ``file``; None where there are none, or something else of that name."""
    try:
        return _read(file)
    except Failure:
        return None


def _read(file):
    try:
        sizes = json.loads(file.read_text("utf-8"))
        sizes["version"], sizes["commit"], sizes["boards"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure("%s: expected the sizes of a release, got: %s" % (file, error))
    return sizes


def report(sizes, before=None):
    """The table for people (Markdown): each board's flash and packages, and the differences."""
    lines = ["# Sizes of firn %s" % sizes["version"], ""]
    if before:
        lines += ["Bytes; in brackets the difference to %s." % before["version"], ""]
    else:
        lines += ["Bytes; there is no earlier release to compare with.", ""]
    for name, now in sorted(sizes["boards"].items()):
        then = before["boards"].get(name) if before else None
        lines += ["## " + name, "", "| part | bytes | difference |", "|---|--:|--:|"]
        lines += _row("flash used", now["flash_used"], then and then["flash_used"])
        if "flash_length" in now:
            lines += ["| of | %s | |" % _number(now["flash_length"])]
        lines += _packages(now["frozen"], then and then["frozen"])
        lines.append("")
    return "\n".join(lines)


def _packages(now, then):
    rows = _row("frozen, all", sum(now.values()), then and sum(then.values()))
    names = sorted({*now, *(then or ())}, key=lambda name: (-now.get(name, 0), name))
    for name in names:
        rows += _row("frozen " + name, now.get(name, 0), then and then.get(name, 0))
    return rows


def _row(label, now, then):
    if then is None:
        difference = ""
    elif now == then:
        difference = "0"
    else:
        difference = "%s%s" % ("+" if now > then else "-", _number(abs(now - then)))
    return ["| %s | %s | %s |" % (label, _number(now), difference)]


def _number(value):
    return f"{value:,}".replace(",", " ")


def _dump(file, value):
    file.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", "utf-8")
