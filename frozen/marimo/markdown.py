"""mo.md: markdown as HTML.

CommonMark's blocks and GitHub's tables, task lists and ~~strikethrough~~; H~2~O and x^2^; no link
definitions. Values in f-strings cannot be told from what the author wrote: markdown and harmless
HTML in them count (markdown_tags says which).

Everything works on lines of bytes (UTF-8): there an index costs nothing, also on MicroPython.
"""

from .html import Html
from .markdown_inline import Inline, code_text, escape, unescape
from .markdown_tags import Elements, closes_fence, fence_of

_MAX_DEPTH = 8  # lists and quotes in each other; deeper ones are text
_MAX_COLUMNS = 64  # of a table
_BREAKS = b"-*_"
# What stands around a paragraph; known by identity: in a list without blank lines it is left out.
_START = b"<p>"
_END = b"</p>\n"


class Markdown(Html):
    """What mo.md() gives. ``text``: the HTML."""

    def _mime_(self):
        return "text/markdown", self._html()


def md(text):
    """The markdown ``text`` (str) as Html; indentation that all lines have does not count.

    Put Html, and elements of the user interface, into it by an f-string: ``mo.md(f"{slider}")``.
    """
    if not isinstance(text, str):
        raise TypeError("expected markdown as str, got %s" % type(text).__name__)
    data, sources = _prepared(text)
    out = _Output(len(data) * 2 + 100)
    out.append(b'<div class="mo-markdown">')
    _Blocks(sources).add(out, _dedented(data.split(b"\n")), 0)
    out.append(b"</div>")
    return Markdown(out.text())


def inline(text):
    """The HTML (str) of a ``text`` (str) that is one paragraph, without an element around it."""
    data, sources = _prepared(text)
    return Inline(data.strip(), sources).html().decode()


def _prepared(text):
    """(text as bytes, with marks for elements; the elements)."""
    data = text.encode("utf-8", "replace")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for control in (b"\0", b"\x02", b"\x03"):
        if control in data:
            data = data.replace(control, b"\xef\xbf\xbd")
    if b"<" not in data:
        return data, ()
    elements = Elements()
    return elements.set_apart(data), elements.sources


def _dedented(lines):
    """The lines without the indentation that all but the first one share."""
    lines[0] = lines[0].lstrip()
    margin = 1000
    for index in range(len(lines)):
        line = lines[index]
        if b"\t" in line:
            lines[index] = line = _without_tabs(line)
        if index and line.strip():
            margin = min(margin, _indent(line))
    for index in range(1, len(lines)):
        lines[index] = lines[index][margin:] if lines[index].strip() else b""
    return lines


def _without_tabs(line):
    """The line with spaces for the tabs that it begins with."""
    text = line.lstrip()
    column = 0
    for byte in line[: len(line) - len(text)]:
        column += 4 - column % 4 if byte == 9 else 1
    return b" " * column + text


def _indent(line):
    return len(line) - len(line.lstrip())


class _Output:
    """Bytes to which others are appended, in one piece from the beginning: many small ones that
    stay would be spread over a small heap until no large one fits in between."""

    def __init__(self, size):
        self._bytes = bytearray(size)
        self._used = 0

    def append(self, piece):
        """Add ``piece`` (bytes)."""
        end = self._used + len(piece)
        if end > len(self._bytes):
            larger = bytearray(end + end // 2)
            larger[: self._used] = memoryview(self._bytes)[: self._used]
            self._bytes = larger
        self._bytes[self._used : end] = piece
        self._used = end

    def text(self):
        """All of it (str)."""
        return str(memoryview(self._bytes)[: self._used], "utf-8")


class _Blocks:
    """Makes the HTML of lines. ``sources``: the elements that marks in them stand for."""

    def __init__(self, sources):
        self.sources = sources
        self._slugs = {}

    def add(self, out, lines, depth):
        """Add the blocks of ``lines`` (a list of bytes) to ``out``; whether a blank line is
        between two of them."""
        i = 0
        end = len(lines)
        is_loose = was_blank = False
        while i < end:
            line = lines[i]
            text = line.strip()
            if not text:
                was_blank = i > 0
                i += 1
                continue
            is_loose = is_loose or was_blank
            was_blank = False
            i = self._block(out, lines, i, line, text, depth)
        return is_loose

    def _block(self, out, lines, i, line, text, depth):
        """Add the block that begins in line ``i``; the index of the line after it."""
        if _indent(line) >= 4:
            return self._indented(out, lines, i)
        byte = text[0]
        if byte == 35 and _heading_level(text):
            self._heading(out, text)
            return i + 1
        fence = fence_of(text)
        if fence:
            return self._fenced(out, lines, i, fence)
        if byte in _BREAKS and _is_break(text):
            out.append(b"<hr>\n")
            return i + 1
        if depth < _MAX_DEPTH:
            if byte == 62:  # >
                return self._quote(out, lines, i, depth)
            marker = _marker(line)
            if marker:
                return self._list(out, lines, i, marker, depth)
        if b"|" in line and i + 1 < len(lines):
            columns = _columns(lines[i + 1])
            if columns and len(_cells(text)) == len(columns):
                return self._table(out, lines, i, columns)
        return self._paragraph(out, lines, i, depth)

    # Blocks of lines as they are

    def _indented(self, out, lines, i):
        code = []
        while i < len(lines) and (not lines[i].strip() or _indent(lines[i]) >= 4):
            code.append(lines[i][4:])
            i += 1
        while not code[-1].strip():
            code.pop()
        self._code(out, code, b"")
        return i

    def _fenced(self, out, lines, i, fence):
        indent = _indent(lines[i])
        info = lines[i].strip()[len(fence) :].strip()
        code = []
        i += 1
        while i < len(lines):
            line = lines[i]
            i += 1
            if _indent(line) < 4 and closes_fence(line.strip(), fence):
                break
            code.append(line[min(indent, _indent(line)) :])
        self._code(out, code, info.split(b" ")[0])
        return i

    def _code(self, out, lines, language):
        start = b"<pre><code>"
        if language and b"\x02" not in language:
            start = b'<pre><code class="language-' + escape(unescape(language)) + b'">'
        lines.append(b"")
        text = code_text(b"\n".join(lines), self.sources)
        out.append(start + text + b"</code></pre>\n")

    # Headings, paragraphs, tables

    def _heading(self, out, text):
        level = _heading_level(text)
        text = text[level:].strip()
        closing = text.rstrip(b"#")
        if not closing or closing[-1:] in (b" ", b"\t"):
            text = closing.strip()
        self._add_heading(out, text, level)

    def _add_heading(self, out, text, level):
        html = Inline(text, self.sources).html()
        out.append(b'<h%d id="%s">%s</h%d>\n' % (level, self._slug(html), html, level))

    def _slug(self, html):
        """The id of a heading: its words in small letters."""
        slug = bytearray()
        is_tag = False
        for byte in html.lower():
            if byte == 60:
                is_tag = True
            elif byte == 62:
                is_tag = False
            elif is_tag:
                continue
            elif 97 <= byte <= 122 or 48 <= byte <= 57 or byte == 95 or byte >= 128:
                slug.append(byte)
            elif byte in b" -" and slug and slug[-1] != 45:
                slug.append(45)
        slug = bytes(slug).strip(b"-")
        count = self._slugs.get(slug, 0)
        self._slugs[slug] = count + 1
        return slug if slug and not count else slug + b"_%d" % (count + 1)

    def _paragraph(self, out, lines, i, depth):
        text = []
        while i < len(lines):
            line = lines[i]
            words = line.strip()
            if not words:
                break
            if text:
                if _indent(line) < 4:
                    level = _underline(words)
                    if level:
                        self._add_heading(out, b"\n".join(text).strip(), level)
                        return i + 1
                    if _interrupts(line, words, depth):
                        break
                if i + 1 < len(lines) and b"|" in line:
                    columns = _columns(lines[i + 1])
                    if columns and len(_cells(words)) == len(columns):
                        break
            # White space at its end may be a line break.
            text.append(line.lstrip())
            i += 1
        data = b"\n".join(text).strip()
        html = Inline(data, self.sources).html()
        if b"\x02" in data:
            # A browser ends a <p> where an element begins that holds paragraphs itself.
            if not _is_marks(data):
                html = b'<div class="mo-paragraph">' + html + b"</div>"
            out.append(html + b"\n")
        elif depth:
            out += (_START, html, _END)
        else:
            out.append(b"".join((_START, html, _END)))
        return i

    def _table(self, out, lines, i, columns):
        rows = [b"<table>\n<thead>\n", self._row(lines[i], columns, b"th"), b"</thead>\n"]
        i += 2
        start = i
        while i < len(lines):
            words = lines[i].strip()
            if not words or _interrupts(lines[i], words, 0):
                break
            if i == start:
                rows.append(b"<tbody>\n")
            rows.append(self._row(lines[i], columns, b"td"))
            i += 1
        if i > start:
            rows.append(b"</tbody>\n")
        rows.append(b"</table>\n")
        out.append(b"".join(rows))
        return i

    def _row(self, line, columns, name):
        """The HTML of a table's line, the cells as elements ``name``."""
        cells = _cells(line.strip())
        out = [b"<tr>\n"]
        for index in range(len(columns)):
            out.append(b"<" + name + columns[index] + b">")
            if index < len(cells):
                out.append(Inline(cells[index], self.sources).html())
            out.append(b"</" + name + b">\n")
        out.append(b"</tr>\n")
        return b"".join(out)

    # Blocks with blocks in them

    def _quote(self, out, lines, i, depth):
        inner = []
        while i < len(lines):
            line = lines[i]
            text = line.lstrip()
            if text[:1] == b">" and _indent(line) < 4:
                inner.append(text[2:] if text[1:2] == b" " else text[1:])
            elif not text or not _continues(inner[-1], line, text):
                break
            else:
                inner.append(text)
            i += 1
        # Joined: its paragraphs are none of a list around it.
        blocks = []
        self.add(blocks, inner, depth + 1)
        out.append(b"<blockquote>\n" + b"".join(blocks) + b"</blockquote>\n")
        return i

    def _list(self, out, lines, i, marker, depth):
        kind, _, number = marker
        items = []
        is_loose = is_task = False
        while marker and marker[0] == kind:
            inner, i = _item_lines(lines, i, marker[1])
            was_blank = len(inner) > 1 and not inner[-1]
            while len(inner) > 1 and not inner[-1]:
                inner.pop()
            box = _task_box(inner[0])
            if box:
                is_task = True
                inner[0] = inner[0][4:]
            item = [box]
            if self.add(item, inner, depth + 1):
                is_loose = True
            items.append(item)
            marker = None
            if i < len(lines) and _indent(lines[i]) < 4 and not _is_break(lines[i].strip()):
                marker = _marker(lines[i])
                if marker and marker[0] == kind and was_blank:
                    is_loose = True
        out.append(_list_html(items, number, is_task, is_loose))
        return i


def _list_html(items, number, is_task, is_loose):
    """The HTML of a list's items (lists of pieces); ``number``: the first one's, or None."""
    tag = b"ul" if number is None else b"ol"
    out = [b"<" + tag]
    if number not in (None, 1):
        out.append(b' start="%d"' % number)
    out.append(b' class="mo-tasks">\n' if is_task else b">\n")
    for item in items:
        out.append(b"<li>")
        for piece in item:
            if is_loose or (piece is not _START and piece is not _END):
                out.append(piece)
        out.append(b"</li>\n")
    out.append(b"</" + tag + b">\n")
    return b"".join(out)


# What a line begins


def _heading_level(text):
    """How many # a heading begins with, 0 for none."""
    level = 0
    while text[level : level + 1] == b"#":
        level += 1
    return level if level <= 6 and text[level : level + 1] in (b"", b" ", b"\t") else 0


def _is_break(text):
    """Whether a line of text is a thematic break."""
    byte = text[:1]
    return (
        bool(byte) and byte in _BREAKS and not text.strip(byte + b" \t") and text.count(byte) > 2
    )


def _underline(text):
    """The level of the heading that a line of text underlines, 0 for none."""
    for level, mark in ((1, b"="), (2, b"-")):
        if text[:1] == mark and not text.strip(mark):
            return level
    return 0


def _marker(line):
    """(kind, columns, number) of the list item that a line begins, None for none.

    The kind is the bullet, or what follows the number; the number is None for bullets; columns:
    by how much the item's other lines are indented.
    """
    text = line.lstrip()
    indent = len(line) - len(text)
    width = 1
    number = None
    if not text:
        return None
    if text[0] not in b"-+*":
        width = 0
        while width < 10 and text[width : width + 1].isdigit():
            width += 1
        if not 0 < width < 10 or text[width : width + 1] not in (b".", b")"):
            return None
        number = int(text[:width])
        width += 1
    rest = text[width:]
    if rest and rest[:1] not in (b" ", b"\t"):
        return None
    kind = text[width - 1]
    space = _indent(rest)
    # Much space belongs to the code that the item begins with.
    if not rest.strip() or space > 4:
        space = 1
    return kind, indent + width + space, number


def _interrupts(line, text, depth):
    """Whether a line ends the paragraph before it by what it begins."""
    byte = text[0]
    if byte not in b"#`~>-*_+" and not 48 <= byte <= 57:
        return False
    if _indent(line) >= 4:
        return False
    if _heading_level(text) or fence_of(text) or _is_break(text):
        return True
    if depth >= _MAX_DEPTH:
        return False
    if byte == 62:
        return True
    marker = _marker(line)
    # A number at the beginning of a line is a list's only if it is the first.
    return bool(marker) and len(line) > marker[1] and marker[2] in (None, 1)


def _continues(before, line, text):
    """Whether a line goes on with the paragraph of the line ``before`` without its mark."""
    before_text = before.strip()
    if not before_text or _is_break(before_text) or fence_of(before_text):
        return False
    if _heading_level(before_text) or _indent(before) >= 4:
        return False
    return not _interrupts(line, text, 0) and not _underline(text.rstrip())


def _item_lines(lines, i, columns):
    """(lines of the list item that begins in line ``i``, index of the line after it)."""
    inner = [lines[i][columns:]]
    i += 1
    while i < len(lines):
        line = lines[i]
        text = line.strip()
        if not text:
            # An item that begins with a blank line has at most that one.
            if len(inner) == 1 and not inner[0].strip():
                break
            inner.append(b"")
        elif _indent(line) >= columns:
            inner.append(line[columns:])
        elif inner[-1] and _continues(inner[-1], line, text) and not _marker(line):
            inner.append(line.lstrip())
        else:
            break
        i += 1
    return inner, i


def _task_box(text):
    """The HTML of the box that a task begins with, empty for none."""
    box = text[:4]
    if box == b"[ ] ":
        return b'<input type="checkbox" disabled> '
    if box == b"[x] " or box == b"[X] ":
        return b'<input type="checkbox" disabled checked> '
    return b""


def _is_marks(data):
    """Whether there is nothing but elements."""
    for line in data.split(b"\x03"):
        line = line.strip()
        if line and line[:1] != b"\x02":
            return False
    return True


# Tables


def _columns(line):
    """What stands in the cells' tags of each column, of the line below a table's head; None for
    any other line."""
    text = line.strip()
    if b"-" not in text or text.strip(b"|-: \t"):
        return None
    columns = []
    for cell in _cells(text):
        if not cell.strip(b":") or cell.strip(b":").strip(b"-") or len(columns) == _MAX_COLUMNS:
            return None
        if cell[:1] == b":" and cell[-1:] == b":":
            columns.append(b' style="text-align:center"')
        elif cell[:1] == b":":
            columns.append(b' style="text-align:left"')
        else:
            columns.append(b' style="text-align:right"' if cell[-1:] == b":" else b"")
    return columns


def _cells(text):
    """The cells of a table's line."""
    if text[:1] == b"|":
        text = text[1:]
    if text[-1:] == b"|" and text[-2:] != b"\\|":
        text = text[:-1]
    cells = []
    for cell in text.split(b"|"):
        if cells and cells[-1][-1:] == b"\\":
            cells[-1] = cells[-1][:-1] + b"|" + cell
        else:
            cells.append(cell)
    return [cell.strip() for cell in cells]
