"""The file manager of the setup page, below /_firn/files/.

A directory's address ends with a slash and shows what is in it; a file's address sends the file.
What is to be done stands in the query: ?edit, ?rename, ?delete, ?folder, ?upload. GET shows the
page that asks for it, POST does it. Files are replaced whole or not at all.
"""

import os

from microdot import Response

from . import setup_page, setup_paths
from .setup_paths import Refused

_BASE = setup_page.HOME + "files/"
_MOST = 500  # entries of a directory that are shown
_WRONG_KIND = "The address of a directory ends with a slash, that of a file does not."
_HELD = "%s holds secrets, so it stays here. It is shown and changed on the configuration page."
_CONFIG_LINK = '<a href="/_firn/config">configuration page</a>'

_busy = []  # paths that are being written


def add(setup):
    """Register the routes of the file manager."""
    app = setup.app
    app.get("/_firn/files")(_to_base)
    for pattern in ("/_firn/files/", "/_firn/files/<path:path>"):
        app.get(pattern)(show)
        app.post(pattern)(change)


async def _to_base(request):
    return Response("", 308, {"Location": _BASE})


async def show(request, path=""):
    """GET: a directory, a file, or the page of what the query names."""
    try:
        return _show(request, path)
    except Refused as refused:
        return refusal(request, refused)


async def change(request, path=""):
    """POST: do what the query names."""
    try:
        return await _change(request, path)
    except Refused as refused:
        return refusal(request, refused)
    except OSError as error:
        return refusal(request, Refused(507 if error.errno == 28 else 500, _reason(error)))


def refusal(request, refused):
    """The answer for a Refused: a page, or for a script that asks for text, its message."""
    if request.headers.get("Accept") == "text/plain":
        return refused.message, refused.status
    back = '<p><a class="button" href="%s">Back to the files</a> %s</p>\n' % (
        _BASE,
        '<a class="button" href="/_firn/config">Configuration</a>'
        if refused.message.find("configuration page") >= 0
        else "",
    )
    return setup_page.page(request, "Files", (back,), refused.status, problem=refused.message)


def _reason(error):
    if error.errno == 28:
        return "There is no room left for this; nothing was changed."
    if error.errno == 39 or error.errno == 66:
        return "The directory is not empty; delete what is in it first."
    if error.errno == 30:
        return "This part of the filesystem cannot be written."
    return "The filesystem refused: %s." % error


def _show(request, path):
    action = request.query_string or ""
    path, is_directory = _split_slash(path)
    kind = setup_paths.kind(path)
    if action[:4] == "new=":
        return _new_file(request, path, kind)
    if action in ("edit", "rename", "delete", "details"):
        _refuse_held(path)
        if action == "edit":
            from . import setup_edit

            return setup_edit.show(request, path, kind)
        if kind is None:
            raise setup_paths.not_there(path)
        return _ask(request, path, kind, action)
    if kind is None:
        raise setup_paths.not_there(path)
    if (kind == "directory") != is_directory:
        if not is_directory:
            return Response("", 308, {"Location": url(path, True)})
        raise Refused(404, _WRONG_KIND)
    if kind == "directory":
        names = sorted(os.listdir(setup_paths.full(path)))
        return setup_page.page(request, "Files", _listing(path, names))
    return _download(path)


async def _change(request, path):
    action = request.query_string or ""
    path = _split_slash(path)[0]
    kind = setup_paths.kind(path)
    if action == "edit":
        _refuse_held(path)
        from . import setup_edit

        return await setup_edit.save(request, path, kind)
    if kind is None:
        raise setup_paths.not_there(path)
    if action == "upload" or action == "folder":
        if kind != "directory":
            raise Refused(404, _WRONG_KIND)
        if action == "upload":
            from . import setup_upload

            return await setup_upload.receive(request, path)
        return _make_directory(request, path)
    if action == "delete":
        return _delete(request, path, kind)
    if action == "rename":
        return _rename(request, path, kind)
    raise Refused(400, "Expected one of ?edit, ?rename, ?delete, ?folder, ?upload.")


def _split_slash(path):
    """(path without a last slash, whether there was one or it is the root)."""
    if not path or path[-1] == "/":
        return path[:-1], True
    return path, False


def url(path, is_directory=False):
    """The address of ``path`` in the file manager."""
    from microdot.urlencoding import urlencode

    # In a path a plus sign is one, and these would begin or end something.
    text = urlencode(path).replace("+", "%20").replace(":", "%3A")
    return _BASE + text + ("/" if is_directory and path else "")


def parent_url(path):
    """The address of the directory that ``path`` is in."""
    return url(setup_paths.split(path)[0], True)


def _refuse_held(path):
    """Refuse what has to stay on the device."""
    name = "/" + path
    if setup_paths.is_secret(path):
        raise setup_paths.not_there(path)
    if setup_paths.is_config(path):
        raise Refused(403, _HELD % name)
    if setup_paths.is_key(path):
        raise Refused(403, "%s is, or holds, the private key of this site; it stays here." % name)


# Showing


def _listing(path, names):
    """The page's content for the directory ``path`` with the entries ``names``, in pieces."""
    yield _breadcrumbs(path)
    yield _TABLE
    shown = 0
    for name in names:
        if shown == _MOST:
            break
        try:
            row = _row(path + "/" + name if path else name, name)
        except (Refused, OSError):
            continue  # what could not be named in an address
        if row:
            shown += 1
            yield row
    if not shown:
        yield '<tr><td colspan="3" class="empty">Nothing is in here.</td></tr>\n'
    yield "</tbody>\n</table>\n"
    if shown == _MOST and len(names) > _MOST:
        yield '<p class="hint">Of %d entries, the first %d are shown.</p>\n' % (len(names), _MOST)
    room = setup_paths.free_room()
    if room is not None:
        yield '<p class="hint">%s are free.</p>\n' % setup_page.size_text(room)
    yield _FORMS % (url(path, True), "" if room is None else ' data-room="%d"' % room,
                    url(path, True), url(path, True))  # fmt: skip


def _breadcrumbs(path):
    """Links to the directories that lead to ``path``."""
    parts = ['<p class="crumbs"><a href="%s">/</a>' % _BASE]
    at = 0
    while at >= 0 and path:
        at = path.find("/", at + 1)
        here = path if at < 0 else path[:at]
        name = setup_page.escape(setup_paths.split(here)[1])
        parts.append(' <a href="%s">%s</a> /' % (url(here, True), name))
    return "".join(parts) + "</p>\n"


def _row(path, name):
    """The table's row (str) for ``path``, or None where it is not to be seen."""
    setup_paths.checked(path)
    if setup_paths.is_secret(path):
        return None
    state = os.stat(setup_paths.full(path))
    mode = state[0] & 0xF000
    if mode not in (0x4000, 0x8000):
        return None
    shown = setup_page.escape(name)
    if mode == 0x4000:
        address = url(path, True)
        size = ""
        shown += "/"
    else:
        address = url(path)
        size = setup_page.size_text(state[6])
    links = '<a href="%s?details">More</a>' % address
    if mode == 0x8000:
        if setup_paths.is_config(path):
            link = '<a href="/_firn/config">Edit</a>' if path == "config.json" else "kept back"
            return _ROW % (shown, size, link)
        from . import setup_edit

        if state[6] <= setup_edit.LIMIT and setup_edit.is_text_name(name):
            links = '<a href="%s?edit">Edit</a> ' % address + links
    return _ROW % ('<a href="%s">%s</a>' % (address, shown), size, links)


def _download(path):
    """The answer that sends the file ``path``: never as something that a browser would run."""
    _refuse_held(path)
    name = setup_paths.split(path)[1]
    from microdot.urlencoding import urlencode

    plain = "".join([c if " " <= c < "\x7f" and c not in '"\\%' else "_" for c in name])
    quoted = urlencode(name).replace("+", "%20")
    for c in "/:@'()*,;":  # RFC 8187 section 3.2.1 leaves few as they are
        quoted = quoted.replace(c, "%%%02X" % ord(c))
    response = Response.send_file(setup_paths.full(path), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        "attachment; filename=\"%s\"; filename*=UTF-8''%s"
        % (
            plain,
            quoted,
        )
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


# Asking


def _ask(request, path, kind, action):
    """The page that asks what is to become of ``path``."""
    if not path:
        raise Refused(400, "The root cannot be renamed or deleted.")
    name = setup_page.escape(setup_paths.split(path)[1])
    address = url(path, kind == "directory")
    pieces = []
    if action == "details" and kind == "file":
        pieces.append('<p><a class="button" href="%s">Download</a> ' % address)
        pieces.append('<a class="button" href="%s?edit">Edit</a></p>\n' % address)
    if action != "delete":
        pieces.append(_RENAME % (address, name))
    if action != "rename":
        pieces.append(_DELETE % (address, name, name))
    pieces.append('<p><a href="%s">Back to the files</a></p>\n' % parent_url(path))
    return setup_page.page(request, "/" + path, pieces)


def _new_file(request, path, kind):
    """Lead to the editor for a new file."""
    name = request.args.get("new", "").strip()
    if kind != "directory":
        raise setup_paths.not_there(path)
    setup_paths.check_new_name(name)
    return setup_page.see_other(url(path + "/" + name if path else name) + "?edit")


# Doing


def field(request, name):
    """The text of a form's field; "" where it is not there."""
    form = request.form
    return form.get(name, "") if form else ""


def _make_directory(request, path):
    name = field(request, "name").strip()
    setup_paths.check_new_name(name)
    made = path + "/" + name if path else name
    setup_paths.checked(made)
    if not setup_paths.is_free(made):
        raise Refused(409, "/%s is there already." % made)
    os.mkdir(setup_paths.full(made))
    return setup_page.see_other(url(path, True))


def _delete(request, path, kind):
    _refuse_held(path)
    if not path:
        raise Refused(400, "The root cannot be deleted.")
    with claim(path):
        if kind == "directory":
            if os.listdir(setup_paths.full(path)):
                raise Refused(409, "/%s is not empty; delete what is in it first." % path)
            os.rmdir(setup_paths.full(path))
        else:
            os.remove(setup_paths.full(path))
    return setup_page.see_other(parent_url(path))


def _rename(request, path, kind):
    _refuse_held(path)
    if not path:
        raise Refused(400, "The root cannot be renamed.")
    name = field(request, "name").strip()
    setup_paths.check_new_name(name)
    parent = setup_paths.split(path)[0]
    target = parent + "/" + name if parent else name
    setup_paths.checked(target)
    _refuse_held(target)
    if target != path:
        with claim(path), claim(target):
            if not setup_paths.is_free(target):
                raise Refused(409, "/%s is there already; nothing was renamed." % target)
            os.rename(setup_paths.full(path), setup_paths.full(target))
    return setup_page.see_other(url(parent, True))


class claim:
    """For ``with``: nobody else may write the file ``path``, nor move a directory it is in."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        for other in _busy:
            if (other + "/").startswith(self.path + "/"):
                raise Refused(409, "/%s is being written; try again when that is done." % other)
        _busy.append(self.path)

    def __exit__(self, kind, error, trace):
        _busy.remove(self.path)


_TABLE = """\
<table class="files">
<thead><tr><th>Name</th><th class="size">Size</th><th></th></tr></thead>
<tbody>
"""
_ROW = '<tr><td class="name">%s</td><td class="size">%s</td><td class="actions">%s</td></tr>\n'
_FORMS = """\
<section>
<h2>Upload</h2>
<form method="post" action="%s?upload" enctype="multipart/form-data" data-upload%s>
<label for="files">Files of the same name are replaced.</label>
<input id="files" type="file" name="file" multiple required>
<button>Upload</button>
</form>
</section>
<section>
<h2>New</h2>
<form method="get" action="%s" class="inline">
<label for="new">Text file</label>
<input id="new" name="new" required maxlength="100"
 autocapitalize="off" autocomplete="off" spellcheck="false">
<button>Create</button>
</form>
<form method="post" action="%s?folder" class="inline">
<label for="folder">Directory</label>
<input id="folder" name="name" required maxlength="100"
 autocapitalize="off" autocomplete="off" spellcheck="false">
<button>Create</button>
</form>
</section>
"""
_RENAME = """\
<section>
<h2>Rename</h2>
<form method="post" action="%s?rename" class="inline">
<label for="name">New name</label>
<input id="name" name="name" value="%s" required maxlength="100"
 autocapitalize="off" autocomplete="off" spellcheck="false">
<button>Rename</button>
</form>
</section>
"""
_DELETE = """\
<section>
<h2>Delete</h2>
<form method="post" action="%s?delete" data-confirm="Delete %s for good?">
<p>%s will be gone for good.</p>
<button class="danger">Delete</button>
</form>
</section>
"""
