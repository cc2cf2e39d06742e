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
    text = None
    seen = ""
    async for name, value in _form(request):
        if isinstance(value, str):
            if name == "text":
                text = value
            elif name == "seen":
                seen = value
    if text is None:
        raise Refused(400, "Expected the text of a file, got none.")
    from .setup_upload import check_target

    check_target(path)
    with claim(path):
        lines_end, now = _state(path, kind)
        if now != seen:
            problem = "Somebody else has changed this file meanwhile. Save again to replace it."
            return _page(request, path, text, now, 409, problem)
        _check_size(text, lines_end)
        with Replacement(setup_paths.full(path)) as file:
            for piece in _pieces(text, lines_end):
                file.write(piece)
    return setup_page.see_other(url(path) + "?edit" if _stays(request) else parent_url(path))


def _stays(request):
    return request.headers.get("Accept") == "text/plain"


def _form(request):
    from microdot.multipart import FormDataIter

    class Form(FormDataIter):
        max_fields_size = 2 * LIMIT  # every line's end comes as two characters
        max_parts = 4

    return Form(request)


def _check_size(text, lines_end):
    size = 0
    for piece in _pieces(text, lines_end):
        size += len(piece)
    if size > LIMIT:
        raise Refused(413, "Expected at most %d bytes of text, got %d." % (LIMIT, size))


def _pieces(text, lines_end):
    """``text`` (str) in pieces of bytes, with the lines ending as the file's did.

    Browsers send CR LF for all of them.
    """
    at = 0
    while at < len(text):
        end = at + _PIECE
        if text[end - 1 : end] == "\r":
            end += 1
        piece = text[at:end].replace("\r\n", "\n")
        if lines_end != "\n":
            piece = piece.replace("\n", lines_end)
        yield piece.encode()
        at = end


def _state(path, kind):
    """(how lines end, mark) of the file as it is: the mark differs when its content does."""
    if kind is None:
        return "\n", "none"
    data = _read(path)
    return "\r\n" if b"\r\n" in data else "\n", _mark(data)


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
        raise Refused(415, "Expected text in UTF-8, got other bytes: /%s can be downloaded." % path)
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
<form method="post" action="%s?edit" enctype="multipart/form-data" data-editor>
<input type="hidden" name="seen" value="%s">
<textarea class="editor" name="text" rows="20" aria-label="%s" autocapitalize="off" autocomplete="off" autocorrect="off" spellcheck="false" wrap="off">
"""
_END = """\
</textarea>
<p><button>Save</button> <a class="button quiet" href="%s">Cancel</a></p>
</form>
"""
