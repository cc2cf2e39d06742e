"""The editor of config.json: the text without its secrets, checked by the device itself."""

from . import config as configuration
from . import replace, setup_mask, setup_text
from .setup_form import read
from .setup_page import escape, page, see_other
from .setup_status import restart_form

_MOST = 30  # mistakes shown
_TAG = 32  # characters of setup_text.tag()
_SLACK = 1024  # bytes
_BOM = b"\xef\xbb\xbf"
_INTRODUCTION = """\
<p>What stands as %s and a number is a secret that the device keeps and does not show. Leave it \
where it is, or write a new value in its place.</p>
"""


def add(setup):
    """Register the routes in ``setup.app``."""
    path = setup.path

    @setup.app.get("/_firn/config")
    async def show(request):
        if request.args.get("done"):
            return page(request, "Configuration", _done(), notice="Saved.")
        return _show(request, _Edited(path))

    @setup.app.post("/_firn/config")
    async def save(request):
        # Placeholders can be longer than what they stand for.
        form = await read(request, {"text": configuration.LIMIT + _SLACK, "tag": _TAG})
        return _save(request, form, _Edited(path))


class _Edited:
    """A file as the editor sees it. ``bom`` and ``body`` (bytes) make up the file."""

    def __init__(self, path):
        data = setup_text.load(path)
        self.too_long = len(data) > configuration.LIMIT
        self.path = path
        self.tag = setup_text.tag(data)
        self.bom = _BOM if data[:3] == _BOM else b""
        self.body = data[len(self.bom) :] if self.bom else data

    def shown(self):
        """The text (bytes) that may be seen."""
        return b"".join(setup_mask.masked(self.body, setup_mask.spans(self.body)))


def _show(request, file, text=None, problems=None, status=200, problem=None, content=()):
    """The editor; ``text`` (bytes): in place of what is in the file; ``content``: before it."""
    if file.too_long:
        problem = "expected a file of at most %d bytes, got a larger one" % configuration.LIMIT
        return page(request, "Configuration", (), status, problem=problem)
    if text is None:
        if file.body.strip():
            problems = configuration.check(file.bom + file.body, file.path).problems
        text = file.shown()
    file.body = None  # its memory, for what comes
    pieces = _editor(text, file.tag, problems or (), content)
    return page(request, "Configuration", pieces, status, problem=problem)


def _save(request, form, file):
    text = form.data.pop("text", b"")
    if form.get("tag") != file.tag:
        problem = (
            "The file has changed since you opened it, so nothing was saved. Below is the file "
            "as it is now; what you had written is above it."
        )
        return _show(request, file, status=409, problem=problem, content=_other(text))
    try:
        data = setup_mask.restored(text, file.body)
    except setup_mask.Misplaced as error:
        at, expected = error.args
        line = text[:at].count(b"\n") + 1
        message = "expected %s, got a placeholder" % expected
        problems = [configuration.Problem("config.json", line, 1, "", message)]
    else:
        if file.body.find(b"\r\n") >= 0:
            data = data.replace(b"\n", b"\r\n")
        if file.bom:
            data = file.bom + data
        file.body = None
        problems = configuration.check(data, file.path).problems
    if problems:
        return _show(request, file, text, problems, 422, "Nothing was saved: see below.")
    try:
        replace.write(file.path, data)
    except OSError as error:
        problem = "Nothing was saved: the file cannot be written (error %s)." % error.args[0]
        return _show(request, file, text, None, 507, problem)
    return see_other("/_firn/config?done=1")


def _done():
    yield "<p>The device uses the new configuration after a restart.</p>\n"
    yield restart_form("Restart now")
    yield '<p><a href="/_firn/config">Go on editing</a></p>\n'


def _other(text):
    """What somebody had written who came too late."""
    yield '<h2>What you had written</h2>\n<textarea rows="12" readonly spellcheck="false">\n'
    yield from _escaped(text)
    yield "</textarea>\n<h2>The file now</h2>\n"


def _editor(text, tag, problems, content):
    """The form, with the mistakes before it."""
    yield from content
    yield from _mistakes(text, problems)
    yield _INTRODUCTION % setup_mask.MARK
    yield '<form method="post" action="/_firn/config">\n'
    yield '<input type="hidden" name="tag" value="%s">\n' % escape(tag)
    yield (
        '<p><label for="text">config.json</label></p>\n<textarea id="text" name="text" rows="24" '
        'spellcheck="false" autocapitalize="none" autocomplete="off" wrap="off"'
    )
    if problems and problems[0].line:
        yield ' data-line="%d" aria-invalid="true" aria-describedby="mistakes"' % problems[0].line
    # The first line end in a textarea does not count.
    yield ">\n"
    yield from _escaped(text)
    yield "</textarea>\n<p><button>Check and save</button></p>\n</form>\n"


def _mistakes(text, problems):
    if not problems:
        return
    yield '<ol id="mistakes" class="mistakes">\n'
    for problem in problems[:_MOST]:
        yield "<li>"
        if problem.line:
            yield '<a href="#text" data-line="%d">line %d</a>: ' % (problem.line, problem.line)
        if problem.key:
            yield "<code>%s</code>: " % escape(problem.key)
        yield escape(problem.message)
        if problem.line:
            yield "\n<pre>"
            yield from _excerpt(text, problem.line)
            yield "</pre>"
        yield "</li>\n"
    if len(problems) > _MOST:
        yield "<li>… and %d more</li>\n" % (len(problems) - _MOST)
    yield "</ol>\n"


def _excerpt(text, wanted):
    """The line ``wanted`` (from 1) of ``text`` (bytes), marked, between its neighbours."""
    number = 1
    for line in _lines(text):
        if wanted - 1 <= number <= wanted + 1:
            words = "%3d  %s" % (number, escape(_decoded(line.rstrip(b"\n"))))
            yield ("<mark>%s</mark>\n" if number == wanted else "%s\n") % words
        number += 1


def _escaped(text):
    for line in _lines(text):
        yield escape(_decoded(line))


def _lines(text):
    """The lines of ``text`` (bytes), with their ends."""
    at = 0
    while at < len(text):
        end = text.find(b"\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def _decoded(line):
    try:
        return line.decode()
    except UnicodeError:
        return "".join([chr(byte) if byte < 128 else "?" for byte in line])
