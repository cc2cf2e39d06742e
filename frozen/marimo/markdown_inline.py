"""Markdown inside of a paragraph: emphasis, code, links, images, line breaks.

The method is that of CommonMark 0.31 (appendix "A parsing strategy"): one pass that leaves
possible openers on a stack, so that nothing is read twice and nothing recurses.
Everything works on bytes (UTF-8); outside of ASCII each counts as a letter.
"""

from .markdown_tags import after_run, clean, code_end, is_safe_url, tag_at

_SPECIAL = b"\\`*_~^[]!<>&\n\x02:"
_PUNCTUATION = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SPACE = b" \t\n\r\x0c"
_MAX_DESTINATION = 4000  # bytes of a link's URL and title
_MAX_BRACKETS = 200  # open ones
_MAX_PARENTHESES = 32  # in a URL
_MAX_SUBSCRIPT = 60  # bytes


class _Run:
    """A run of ``*``, ``_``, ``~`` or ``^``: how many are left, and the tags that came of it."""

    def __init__(self, byte, count, place, index, opens, closes):
        self.byte = byte
        self.count = self.length = count
        self.place = place  # in the output
        self.index = index  # in the source
        self.opens = opens
        self.closes = closes
        self.before = b""  # end tags
        self.after = b""  # start tags

    def text(self):
        return self.before + bytes((self.byte,)) * self.count + self.after


def escape(data):
    """``data`` (bytes) as HTML text; entities that are there already stay."""
    pieces = []
    done = 0
    i = data.find(b"&")
    while i >= 0:
        end = _entity_end(data, i)
        if end < 0:
            pieces.append(data[done:i])
            pieces.append(b"&amp;")
            done = i + 1
        i = data.find(b"&", i + 1)
    if pieces:
        pieces.append(data[done:])
        data = b"".join(pieces)
    return data.replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b'"', b"&quot;")


def _entity_end(data, i):
    """The index after the entity at ``i``, -1 for none."""
    end = data.find(b";", i, i + 34)
    name = data[i + 1 : end] if end >= 0 else b""
    if name[:1] == b"#":
        digits = name[1:]
        if digits[:1] in (b"x", b"X"):
            digits = digits[1:] if len(digits) < 8 else b""
            if digits and not digits.lower().strip(b"0123456789abcdef"):
                return end + 1
        elif len(digits) < 8 and digits.isdigit():
            return end + 1
        return -1
    if not name[:1].isalpha():
        return -1
    for byte in name:
        if not (97 <= byte <= 122 or 65 <= byte <= 90 or 48 <= byte <= 57):
            return -1
    return end + 1


class Inline:
    """``Inline(data, sources).html()``: the HTML (bytes) of a paragraph's text.

    ``sources``: the elements that marks in the text stand for (a list of bytes).
    """

    def __init__(self, data, sources):
        self.data = data
        self.sources = sources
        self.out = []
        self.runs = []
        self.brackets = []  # [place in out, number of runs, is an image, may be a link]
        self.ticks = None  # length of a run of backquotes -> where the last one is

    def html(self):
        data = self.data
        out = self.out
        end = len(data)
        i = start = 0
        while i < end:
            if data[i] not in _SPECIAL:
                i += 1
                continue
            byte = data[i]
            if byte == 58:  # :
                after = self._url(start, i)
                start = after or start
                i = after or i + 1
                continue
            if i > start:
                text = data[start:i]
                out.append(text.rstrip(b" ") if byte == 10 else text)
            start = i = self._special(byte, i, start)
        out.append(data[start:])
        self._emphasize(0)
        return b"".join(out)

    def _special(self, byte, i, start):
        """Take what stands at ``i``; returns the index after it."""
        if byte == 10:
            return self._line_end(i, start)
        if byte in b"*_~^":
            return self._run(byte, i)
        if byte == 92:
            return self._escaped(i)
        if byte == 96:
            return self._code(i)
        if byte == 60:
            return self._tag(i)
        if byte == 91:
            return self._open_bracket(i, False)
        if byte == 93:
            return self._close_bracket(i)
        if byte == 33 and self.data[i + 1 : i + 2] == b"[":
            return self._open_bracket(i, True)
        if byte == 38:
            self.out.append(b"&" if _entity_end(self.data, i) > 0 else b"&amp;")
        elif byte == 62:
            self.out.append(b"&gt;")
        elif byte == 2:
            end = self.data.find(b"\x03", i)
            self.out.append(clean(self.sources[int(self.data[i + 1 : end])]))
            return end + 1
        else:
            self.out.append(self.data[i : i + 1])
        return i + 1

    def _line_end(self, i, start):
        data = self.data
        self.out.append(b"<br>\n" if i >= start + 2 and data[i - 2 : i] == b"  " else b"\n")
        i += 1
        while data[i : i + 1] == b" ":
            i += 1
        return i

    def _escaped(self, i):
        after = self.data[i + 1 : i + 2]
        if after == b"\n":
            self.out.append(b"<br>\n")
        elif after and after in _PUNCTUATION:
            self.out.append(escape(after) if after != b"&" else b"&amp;")
        else:
            self.out.append(b"\\")
            return i + 1
        return i + 2

    def _code(self, i):
        data = self.data
        after = after_run(data, i)
        length = after - i
        if self.ticks is None:
            self.ticks = {}
            found = i
            while found >= 0:
                end = after_run(data, found)
                self.ticks[end - found] = found
                found = data.find(b"`", end)
        if self.ticks.get(length, -1) < after:
            self.out.append(data[i:after])
            return after
        end = code_end(data, after, length, len(data))
        code = data[after : end - length].replace(b"\n", b" ")
        if code[:1] == b" " and code[-1:] == b" " and code.strip(b" "):
            code = code[1:-1]
        self.out.append(b"<code>" + code_text(code, self.sources) + b"</code>")
        return end

    def _tag(self, i):
        data = self.data
        end = data.find(b">", i, i + 2000)
        if end > 0:
            inner = data[i + 1 : end]
            link = _autolink(inner)
            if link is not None:
                self.out.append(_anchor(link) + escape(inner) + b"</a>")
                return end + 1
        found = tag_at(data, i)
        # An element of which a browser reads the content as text has been set apart, with its end.
        if found is None or data[i + 1 : i + 9].lower() == b"textarea":
            self.out.append(b"&lt;")
            return i + 1
        self.out.append(found[1])
        return found[0]

    def _url(self, start, i):
        """Take a URL that stands in the text with its colon at ``i``; its end, None for none."""
        data = self.data
        # What stands in brackets may be a link's text, and there is no link inside of a link.
        if data[i + 1 : i + 3] != b"//" or self.brackets:
            return None
        first = i - 5 if data[i - 5 : i] == b"https" else i - 4
        if first < start or data[first : first + 4] != b"http":
            return None
        before = data[first - 1 : first] if first > start else b""
        if before.isalpha() or before.isdigit():
            return None
        end = i + 3
        length = len(data)
        while end < length and data[end] not in b' \t\n<>"`\x02\\':
            end += 1
        while end > i + 3 and data[end - 1] in b"?!.,:;*_~'[]":
            end -= 1
        if data[end - 1 : end] == b")" and b"(" not in data[i:end]:
            end -= 1
        if end == i + 3:
            return None
        url = data[first:end]
        self.out.append(data[start:first])
        self.out.append(_anchor(url) + escape(url) + b"</a>")
        return end

    # Emphasis

    def _run(self, byte, i):
        data = self.data
        after = after_run(data, i)
        count = after - i
        out = self.out
        if byte in b"~^" and count > (2 if byte == 126 else 1):
            out.append(data[i:after])
            return after
        left = data[i - 1] if i else 32
        right = data[after] if after < len(data) else 32
        opens = right not in _SPACE and (
            right not in _PUNCTUATION or left in _SPACE or left in _PUNCTUATION
        )
        closes = left not in _SPACE and (
            left not in _PUNCTUATION or right in _SPACE or right in _PUNCTUATION
        )
        if byte == 95:
            opens, closes = (
                opens and (not closes or left in _PUNCTUATION),
                closes and (not opens or right in _PUNCTUATION),
            )
        if opens or closes:
            self.runs.append(_Run(byte, count, len(out), i, opens, closes))
        out.append(data[i:after])
        return after

    def _emphasize(self, bottom):
        """Pair the runs from number ``bottom`` on, and put their tags out."""
        runs = self.runs
        open = []
        bottoms = {}  # kind of a closer -> below which of the open runs there is none for it
        for index in range(bottom, len(runs)):
            run = runs[index]
            while run.closes and run.count:
                kind = (run.byte, run.opens, run.length % 3)
                place = self._opener(run, open, bottoms.get(kind, 0))
                if place < 0:
                    bottoms[kind] = len(open)
                    break
                del open[place + 1 :]
                if self._pair(open[place], run):
                    open.pop()
                for kind in bottoms:
                    if bottoms[kind] > len(open):
                        bottoms[kind] = len(open)
            if run.opens and run.count:
                open.append(run)
        for index in range(bottom, len(runs)):
            self.out[runs[index].place] = runs[index].text()
        del runs[bottom:]

    def _opener(self, run, open, lowest):
        """The place of the open run that ``run`` closes, -1 for none."""
        place = len(open) - 1
        while place >= lowest:
            other = open[place]
            if other.byte == run.byte:
                if run.byte in b"~^":
                    if other.count == run.count and self._is_short(other, run):
                        return place
                # "a multiple of 3": the rule that tells *a**b*c apart.
                elif (
                    not (run.opens or other.closes)
                    or (run.length + other.length) % 3
                    or (run.length % 3 == 0 and other.length % 3 == 0)
                ):
                    return place
            place -= 1
        return -1

    def _is_short(self, opener, run):
        """Whether what is between may be struck out, raised or lowered: the latter two a word."""
        if run.count == 2:
            return True
        start = opener.index + 1
        return run.index - start <= _MAX_SUBSCRIPT and b" " not in self.data[start : run.index]

    def _pair(self, opener, closer):
        """Put tags to both; whether the opener is used up."""
        count = 2 if opener.count >= 2 and closer.count >= 2 else 1
        if opener.byte == 126:
            name = b"del" if count == 2 else b"sub"
        elif opener.byte == 94:
            name = b"sup"
        else:
            name = b"strong" if count == 2 else b"em"
        opener.count -= count
        closer.count -= count
        opener.after = b"<" + name + b">" + opener.after
        closer.before += b"</" + name + b">"
        return not opener.count

    # Links and images

    def _open_bracket(self, i, is_image):
        after = i + 2 if is_image else i + 1
        if len(self.brackets) < _MAX_BRACKETS:
            self.brackets.append([len(self.out), len(self.runs), is_image, True])
        self.out.append(self.data[i:after])
        return after

    def _close_bracket(self, i):
        found = None
        if self.brackets:
            place, runs, is_image, is_open = self.brackets.pop()
            if is_open and self.data[i + 1 : i + 2] == b"(":
                found = _target(self.data, i + 2)
        if found is None:
            self.out.append(b"]")
            return i + 1
        end, url, title = found
        self._emphasize(runs)
        out = self.out
        text = b"".join(out[place + 1 :])
        del out[place:]
        if title is not None:
            title = b' title="' + escape(unescape(title)) + b'"'
        if is_image:
            source = escape(url) if is_safe_url(url) else b""
            alt = _without_tags(text).replace(b'"', b"&quot;")
            out.append(b'<img alt="' + alt + b'" src="' + source + b'"' + (title or b"") + b">")
        else:
            out.append(_anchor(url, title or b"") + text + b"</a>")
            for bracket in self.brackets:
                # A link is never inside of a link.
                if not bracket[2]:
                    bracket[3] = False
        return end


def code_text(data, sources):
    """``data`` as the text of code, with what its marks stood for."""
    pieces = []
    done = 0
    i = data.find(b"\x02")
    while i >= 0:
        end = data.find(b"\x03", i)
        pieces.append(data[done:i])
        pieces.append(sources[int(data[i + 1 : end])])
        done = end + 1
        i = data.find(b"\x02", done)
    if pieces:
        pieces.append(data[done:])
        data = b"".join(pieces)
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def unescape(data):
    """``data`` without the backslashes that take a punctuation mark's meaning away."""
    i = data.find(b"\\")
    if i < 0:
        return data
    pieces = []
    done = 0
    while i >= 0:
        after = data[i + 1 : i + 2]
        if after and after in _PUNCTUATION:
            pieces.append(data[done:i])
            done = i + 1
        i = data.find(b"\\", i + 2)
    pieces.append(data[done:])
    return b"".join(pieces)


def _anchor(url, title=b""):
    if not is_safe_url(url):
        return b"<a" + title + b">"
    away = b' rel="noopener noreferrer" target="_blank"' if b"://" in url else b""
    return b'<a href="' + escape(url) + b'"' + title + away + b">"


def _autolink(inner):
    """The URL of what is between < and >, None where that is neither a URL nor an address."""
    for byte in inner:
        if byte <= 32 or byte in b'<"\\':
            return None
    colon = inner.find(b":")
    if colon > 1 and inner[:colon].lower() in (b"http", b"https", b"mailto", b"ftp", b"tel"):
        return inner
    at = inner.find(b"@")
    if 0 < at < len(inner) - 1 and b"." in inner[at:] and colon < 0 and b"/" not in inner:
        return b"mailto:" + inner
    return None


def _target(data, i):
    """(end, URL, title or None) of what follows ``](``; None where that makes no link."""
    limit = min(len(data), i + _MAX_DESTINATION)
    i = _skip(data, i, limit)
    if data[i : i + 1] == b"<":
        end = data.find(b">", i, limit)
        if end < 0 or b"\n" in data[i:end] or b"<" in data[i + 1 : end]:
            return None
        url = data[i + 1 : end]
        i = end + 1
    else:
        end = _destination_end(data, i, limit)
        if end < 0:
            return None
        url = data[i:end]
        i = end
    after = _skip(data, i, limit)
    title = None
    quote = data[after : after + 1]
    if after > i and quote in (b'"', b"'", b"("):
        close = b")" if quote == b"(" else quote
        end = data.find(close, after + 1, limit)
        while end > 0 and data[end - 1] == 92:
            end = data.find(close, end + 1, limit)
        if end < 0:
            return None
        title = data[after + 1 : end]
        after = _skip(data, end + 1, limit)
    if data[after : after + 1] != b")" or b"\x02" in url or (title and b"\x02" in title):
        return None
    return after + 1, unescape(url).replace(b" ", b"%20"), title


def _skip(data, i, limit):
    while i < limit and data[i] in b" \n":
        i += 1
    return i


def _destination_end(data, i, limit):
    depth = 0
    while i < limit:
        byte = data[i]
        if byte <= 32:
            break
        if byte == 92 and data[i + 1 : i + 2] in (b"(", b")"):
            i += 1
        elif byte == 40:
            depth += 1
            if depth > _MAX_PARENTHESES:
                return -1
        elif byte == 41:
            if not depth:
                break
            depth -= 1
        i += 1
    return -1 if depth or i >= limit else i


def _without_tags(text):
    """HTML as text alone (bytes)."""
    pieces = []
    i = text.find(b"<")
    done = 0
    while i >= 0:
        pieces.append(text[done:i])
        done = text.find(b">", i) + 1
        if not done:
            return b"".join(pieces)
        i = text.find(b"<", done)
    pieces.append(text[done:])
    return b"".join(pieces)
