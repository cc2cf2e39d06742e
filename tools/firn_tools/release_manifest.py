"""manifest.json of a release: what there is of each board, for programs that flash it."""

import json

from . import release_files


def entry(board, release, micropython, files):
    """What manifest.json says of one board, of which a release has ``files`` (Files)."""
    return {
        "board": board.name,
        "product": board.about["product"],
        "vendor": board.about["vendor"],
        "port": board.port,
        "mcu": board.about["mcu"],
        "features": board.about["features"],
        "version": release.version,
        "date": release.date,
        "commit": release.commit,
        "micropython": micropython,
        "files": [file.about() for file in files],
    }


def write(release, micropython, entries, left_out, folder):
    """Write manifest.json to ``folder`` (Path).

    ``entries``: what ``entry`` gave; ``left_out``: {board's name: why it was not built}.
    """
    about = {
        "name": "firn",
        "version": release.version,
        "date": release.date,
        "commit": release.commit,
        "micropython": micropython,
        "boards": entries,
        "not_built": [
            {"board": name, "reason": release_files.in_short(name, reason)}
            for name, reason in sorted(left_out.items())
        ],
    }
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
