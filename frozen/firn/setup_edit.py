"""The editor of the file manager: short text files, saved only over what was shown."""

from . import setup_page, setup_paths
from .replace import Replacement
from .setup_files import Refused, claim, parent_url, url

LIMIT = 16384  # bytes of a file; twice that and more of memory while it is saved
_PIECE = 1024
_ENDINGS = (
    ".py", ".html", ".htm", ".css", ".js", ".json", ".txt", ".md", ".csv", ".svg", ".xml", ".ini",
    ".toml", ".yaml", ".yml", ".log", ".tpl", ".webmanifest", ".pem", ".bak",
)  # fmt: skip


def is_text_name(name):
    """Whether a file's name says that it is text."""
    name = name.lower()
    return any(name.endswith(ending) for ending in _ENDINGS)


def show(request, path, kind):
    """The editor's page for the file ``path``; an empty one where there is none yet."""
    text, seen = _current(path, kind)
    return _page(request, path, text, seen)


async def save(request, path, kind):
    """Save what the editor has sent; a page with the text where that would lose changes."""
    from .setup_form import read
    from .setup_upload import check_target

    check_target(path)
    # The end of a line comes as two characters.
    form = await read(request, {"text": 2 * LIMIT, "seen": 40})
    text = form.data.get("text")
    if text is None:
        raise Refused(400, "Expected the text of a file, got none.")
    _check_text(text)
    with claim(path):
        line_end, now = _state(path, kind)
        if now != form.get("seen"):
            problem = "Somebody else has changed this file meanwhile. Save again to replace it."
            return _page(request, path, _shown(text), now, 409, problem)
        size = sum([len(piece) for piece in _pieces(text, line_end)])
        if size > LIMIT:
            problem = "Expected at most %d bytes of text, got %d." % (LIMIT, size)
            return _page(request, path, _shown(text), now, 413, problem)
        with Replacement(setup_paths.full(path)) as file:
            for piece in _pieces(text, line_end):
                file.write(piece)
    return setup_page.see_other(parent_url(path))


def _check_text(data):
    try:
        good = b"\0" not in data
        bytes(data).decode()
    except UnicodeError:
        good = False
    if not good:
        raise Refused(400, "Expected text in UTF-8, got other bytes; nothing was saved.")


def _shown(data):
    return b"".join(_pieces(data, b"\n")).decode()


def _pieces(data, line_end):
    """The text ``data`` (bytes) in pieces, its lines ending with ``line_end`` (bytes).

    Browsers send CR LF for every end of a line.
    """
    at = 0
    while at < len(data):
        end = at + _PIECE
        if data[end - 1 : end] == b"\r":
            end += 1
        piece = bytes(data[at:end]).replace(b"\r\n", b"\n")
        yield piece if line_end == b"\n" else piece.replace(b"\n", line_end)
        at = end


def _state(path, kind):
    """(how lines end, mark) of the file as it is: the mark differs when its content does."""
    if kind is None:
        return b"\n", "none"
    data = _read(path)
    return b"\r\n" if b"\r\n" in data else b"\n", _mark(data)


def _mark(data):
    from binascii import crc32

    return "%d-%x" % (len(data), crc32(data))


def _current(path, kind):
    """(text, mark) of the file; "" where there is none."""
    if kind is None:
        setup_paths.check_new_name(setup_paths.split(path)[1])
        parent = setup_paths.split(path)[0]
        if setup_paths.kind(parent) != "directory":
            raise setup_paths.not_there(path)
        return "", "none"
    if kind != "file":
        raise Refused(404, "/%s is a directory." % path)
    data = _read(path)
    try:
        text = data.decode()
    except UnicodeError:
        text = "\0"
    if "\0" in text:
        raise Refused(
            415, "Expected text in UTF-8, got other bytes: /%s can be downloaded." % path
        )
    return text, _mark(data)


def _read(path):
    with open(setup_paths.full(path), "rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Refused(
            413, "Expected at most %d bytes, got more: /%s can be downloaded." % (LIMIT, path)
        )
    return data


def _page(request, path, text, seen, status=200, problem=None):
    return setup_page.page(
        request, "/" + path, _content(path, text, seen), status, problem=problem
    )


def _content(path, text, seen):
    yield _BEGIN % (url(path), setup_page.escape(seen), setup_page.escape("/" + path))
    for at in range(0, len(text), _PIECE):
        yield setup_page.escape(text[at : at + _PIECE])
    yield _END % parent_url(path)


# Of a text area's content the first line's end does not count.
_BEGIN = """\
<form method="post" action="%s?edit" data-editor>
<input type="hidden" name="seen" value="%s">
<textarea class="editor" name="text" rows="20" aria-label="%s" wrap="off"
 autocapitalize="off" autocomplete="off" autocorrect="off" spellcheck="false">
"""
_END = """\
</textarea>
<p><button>Save</button> <a class="button quiet" href="%s">Cancel</a></p>
</form>
"""
