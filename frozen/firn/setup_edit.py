"""The editor of the file manager: short text files, saved only over what was shown."""

from . import setup_page, setup_paths
from .replace import Replacement
from .setup_files import Refused, claim, parent_url, url

LIMIT = 16384  # bytes of a file; up to twice that of memory while it is saved
_PIECE = 512
_NONE = "none"  # the mark of a file that is not there
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
    if kind is None:
        parent, name = setup_paths.split(path)
        setup_paths.check_new_name(name)
        if setup_paths.kind(parent) != "directory":
            raise setup_paths.not_there(path)
        return _page(request, path, (), _NONE)
    if kind != "file":
        raise Refused(404, "/%s is a directory." % path)
    try:
        for text in _decoded(_file_pieces(path)):
            if "\0" in text:
                raise UnicodeError
    except UnicodeError:
        message = "Expected text in UTF-8, got other bytes: /%s can be downloaded."
        raise Refused(415, message % path)
    return _page(request, path, _file_pieces(path), _state(path, kind)[1])


async def save(request, path, kind):
    """Save what the editor has sent; a page with the text where that would lose changes."""
    from .setup_form import read
    from .setup_upload import check_target

    check_target(path)
    # The end of a line comes as two characters.
    form = await read(request, {"text": 2 * LIMIT, "seen": 40})
    data = form.data.get("text")
    if data is None:
        raise Refused(400, "Expected the text of a file, got none.")
    try:
        if 0 in data:
            raise UnicodeError
        for _ in _decoded(_pieces(data, b"\n")):
            pass
    except UnicodeError:
        raise Refused(400, "Expected text in UTF-8, got other bytes; nothing was saved.")
    with claim(path):
        line_end, now = _state(path, kind)
        problem = None
        size = sum([len(piece) for piece in _pieces(data, line_end)])
        if now != form.get("seen"):
            status = 409
            problem = "Somebody else has changed this file meanwhile. Save again to replace it."
        elif size > LIMIT:
            status = 413
            problem = "Expected at most %d bytes of text, got %d." % (LIMIT, size)
        if problem:
            return _page(request, path, _pieces(data, b"\n"), now, status, problem)
        with Replacement(setup_paths.full(path)) as file:
            for piece in _pieces(data, line_end):
                file.write(piece)
    return setup_page.see_other(parent_url(path))


def _pieces(data, line_end):
    """The text ``data`` (bytearray) in pieces, its lines ending with ``line_end`` (bytes).

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


def _file_pieces(path):
    """The content of a file in pieces of bytes; Refused where it is too long."""
    left = LIMIT
    with open(setup_paths.full(path), "rb") as file:
        while True:
            data = file.read(_PIECE)
            if not data:
                break
            left -= len(data)
            if left < 0:
                message = "Expected at most %d bytes, got more: /%s can be downloaded."
                raise Refused(413, message % (LIMIT, path))
            yield data


def _decoded(pieces):
    """The text (str) of ``pieces`` of bytes, in pieces. UnicodeError where it is no UTF-8."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        end = len(data)
        # What of a character of several bytes is still to come, RFC 3629 section 3.
        for back in range(1, min(end, 3) + 1):
            byte = data[end - back]
            if byte >= 0xC0:
                if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4):
                    end -= back
                break
        rest = data[end:]
        yield data[:end].decode()
    yield rest.decode()


def _state(path, kind):
    """(how lines end, mark) of the file as it is: the mark differs when its content does."""
    if kind is None:
        return b"\n", _NONE
    from binascii import crc32

    line_end = b"\n"
    size = mark = 0
    last = b""
    for piece in _file_pieces(path):
        size += len(piece)
        mark = crc32(piece, mark)
        if b"\r\n" in piece or (last == b"\r" and piece[:1] == b"\n"):
            line_end = b"\r\n"
        last = piece[-1:]
    return line_end, "%d-%x" % (size, mark)


def _page(request, path, pieces, seen, status=200, problem=None):
    content = _content(path, pieces, seen)
    return setup_page.page(request, "/" + path, content, status, problem=problem)


def _content(path, pieces, seen):
    yield _BEGIN % (url(path), seen, setup_page.escape("/" + path))
    for text in _decoded(pieces):
        yield setup_page.escape(text)
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
