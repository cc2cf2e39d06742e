"""HTML in the text of mo.md(): which of it is let through, and what of it is changed.

A tag goes through as it was written where it is well-formed (CommonMark 0.31, section 6.6), of an
element that only shows something, and without a handler of events or a URL that runs a program.
Anything else becomes text, or loses the attribute. A page's Content-Security-Policy stands behind
this; here it is a matter of what visitors type coming back into a page by an f-string.

Everything works on bytes (UTF-8): there an index costs nothing, also on MicroPython.
"""

_MAX_ATTRIBUTES = 40  # of a tag
_MAX_UNENDED = 32  # elements without an end, before no other is looked for
_SPACE = b" \t\n\r\x0c"

# Elements whose content is left alone up to their end tag, other than the inline ones below.
_OPAQUE = (
    b" address article aside audio blockquote button canvas center dd details dialog div dl dt "
    b"fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header legend li main menu meter "
    b"nav ol optgroup option output p picture pre progress section select summary svg table tbody "
    b"td textarea tfoot th thead tr ul video "
)
# Left out are those that load or run something, or in which a browser reads text in another way.
_INLINE = (
    b" a abbr area b bdi bdo big br caption cite code col colgroup data del dfn em font hr i img "
    b"input ins kbd label map mark q rp rt ruby s samp small source span strike strong sub sup "
    b"time track tt u var wbr "
    b"circle clippath defs ellipse g line lineargradient marker mask path pattern polygon "
    b"polyline radialgradient rect stop text textpath tspan "
)
_URLS = b" action background cite data formaction href longdesc ping poster src srcset xlink:href "
_SCHEMES = (b"http", b"https", b"mailto", b"tel", b"ftp", b"ftps", b"sms", b"geo")


def is_safe_url(url):
    """Whether ``url`` (bytes, as in an attribute) leads somewhere, and runs nothing."""
    for byte in url:
        if byte < 32 or byte == 127:
            return False
    url = url.strip()
    end = len(url)
    for mark in (b"/", b"?", b"#"):
        found = url.find(mark)
        if 0 <= found < end:
            end = found
    head = url[:end].replace(b"&amp;", b"")
    if b"&" in head:  # an entity could stand for a colon
        return False
    colon = head.find(b":")
    if colon < 0:
        return True
    scheme = head[:colon].lower()
    return scheme in _SCHEMES or (scheme == b"data" and url[:11].lower() == b"data:image/")


def tag_at(data, start):
    """The tag at the ``<`` at ``start``: (end, as it is let through), None for no tag."""
    name, i = _name_at(data, start)
    if not name or not _is_known(name):
        return None
    closing = data[start + 1] == 47  # /
    kept = []
    changed = False
    for _ in range(_MAX_ATTRIBUTES):
        after = _skip_space(data, i)
        byte = data[after : after + 1]
        if byte == b">":
            end = after + 1
            break
        if byte == b"/" and data[after + 1 : after + 2] == b">" and not closing:
            end = after + 2
            break
        if after == i or closing:
            return None
        attribute = _attribute_at(data, after)
        if attribute is None:
            return None
        i, key, value = attribute
        if _is_harmless(key, value):
            kept.append(data[after:i])
        else:
            changed = True
    else:
        return None
    if not changed:
        return end, data[start:end]
    return end, b" ".join([data[start : start + 1] + name] + kept) + data[after:end]


def _is_known(name):
    lower = name.lower()
    word = b" " + lower + b" "
    if word in _INLINE or word in _OPAQUE:
        return True
    # Custom elements; the names that MathML and SVG have with a hyphen are none.
    return b"-" in name and lower not in (b"annotation-xml", b"font-face", b"color-profile")


def _name_at(data, start):
    """(name of the tag, index after it); the name is empty where there is none."""
    i = start + 1
    if data[i : i + 1] == b"/":
        i += 1
    first = i
    end = len(data)
    while i < end:
        byte = data[i]
        is_letter = 97 <= byte <= 122 or 65 <= byte <= 90
        if not is_letter and (i == first or not (48 <= byte <= 57 or byte == 45)):
            break
        i += 1
    return data[first:i], i


def _skip_space(data, i):
    end = len(data)
    while i < end and data[i] in _SPACE:
        i += 1
    return i


def _attribute_at(data, i):
    """(end, name, value) of the attribute at ``i``; None for none, or one that is malformed."""
    start = i
    end = len(data)
    while i < end and data[i] not in b" \t\n\r\x0c\"'<>/=\0":
        i += 1
    if i == start or not (data[start : start + 1].isalpha() or data[start] in b"_:"):
        return None
    name = data[start:i].lower()
    after = _skip_space(data, i)
    if data[after : after + 1] != b"=":
        return i, name, b""
    i = _skip_space(data, after + 1)
    quote = data[i : i + 1]
    if quote == b'"' or quote == b"'":
        end = data.find(quote, i + 1)
        return None if end < 0 else (end + 1, name, data[i + 1 : end])
    start = i
    while i < end and data[i] not in b" \t\n\r\x0c\"'<>=`":
        i += 1
    return None if i == start else (i, name, data[start:i])


def _is_harmless(name, value):
    if name[:2] == b"on" or name in (b"srcdoc", b"is", b"xmlns"):
        return False
    return b" " + name + b" " not in _URLS or is_safe_url(value)


def clean(data):
    """``data`` (bytes) with tags as tag_at() lets them through, and as text where it does not."""
    pieces = []
    done = 0
    comment_end = 0  # a comment is let through as nothing
    i = data.find(b"<")
    while i >= 0:
        pieces.append(data[done:i])
        if comment_end >= 0 and data[i : i + 4] == b"<!--":
            comment_end = data.find(b"-->", i + 4)
            if comment_end >= 0:
                done = comment_end + 3
                i = data.find(b"<", done)
                continue
        found = tag_at(data, i)
        # In a textarea a browser knows no tags: there must be none, and it must end.
        is_text = data[i + 1 : i + 9].lower() == b"textarea"
        text_end = data.find(b"</textarea>", i) if is_text and found else -1
        if found is None or (is_text and text_end < found[0]):
            pieces.append(b"&lt;")
            done = i + 1
        else:
            done, tag = found
            pieces.append(tag)
            if is_text:
                pieces.append(data[done:text_end].replace(b"<", b"&lt;"))
                done = text_end
        i = data.find(b"<", done)
    pieces.append(data[done:])
    return b"".join(pieces)


class Elements:
    """The elements of a text whose content is no markdown.

    ``set_apart(data)`` puts a mark in the place of each: 2, its number, 3. What they were is in
    ``sources`` (a list of bytes).
    """

    def __init__(self):
        self.sources = []
        self._ends = {}  # name -> {index after a start tag: index after its end tag}

    def set_apart(self, data):
        """``data`` (bytes) with marks for the elements that are outside of code."""
        self._data = data
        self._comment_end = self._paragraph_end = 0  # where the next ones are, not searched twice
        self._pieces = []
        self._done = 0
        end = len(data)
        i = 0
        while i < end:
            stop = data.find(b"\n", i)
            stop = end if stop < 0 else stop
            fence = fence_of(data[i:stop].strip())
            i = self._after_fence(stop, fence) if fence else self._line(i, stop)
            i += 1
        self._pieces.append(data[self._done :])
        self._data = None
        return b"".join(self._pieces)

    def _after_fence(self, stop, fence):
        """The end of the line that ends a fenced block."""
        end = len(self._data)
        while stop < end:
            start = stop + 1
            stop = self._data.find(b"\n", start)
            stop = end if stop < 0 else stop
            if closes_fence(self._data[start:stop].strip(), fence):
                break
        return stop

    def _line(self, i, stop):
        """Set apart what begins in the line up to ``stop``; returns the end of the last line."""
        data = self._data
        tag = tick = -1
        while True:
            if tag < i:
                tag = data.find(b"<", i, stop)
                if tag < 0:
                    return stop
            if tick < i:
                tick = data.find(b"`", i, stop)
                tick = stop if tick < 0 else tick
            i = self._after_code(tick) if tick < tag else self._element(tag)
            if i > stop:
                stop = data.find(b"\n", i)
                stop = len(data) if stop < 0 else stop
                tick = -1

    def _after_code(self, i):
        """The index after the code span at ``i``, or after its backquotes if it is none."""
        data = self._data
        after = after_run(data, i)
        if self._paragraph_end < after:
            limit = data.find(b"\n\n", after)
            self._paragraph_end = len(data) if limit < 0 else limit
        end = code_end(data, after, after - i, self._paragraph_end)
        return after if end < 0 else end

    def _element(self, start):
        """Set the element at ``start`` apart, if one is there; the index to go on at."""
        data = self._data
        if start and data[start - 1] == 92:  # a backslash
            return start + 1
        if data[start + 1 : start + 4] == b"!--":
            if self._comment_end >= 0:
                self._comment_end = data.find(b"-->", start + 4)
            end = self._comment_end + 3
            if end < 3:
                return start + 1
        else:
            name, _ = _name_at(data, start)
            known = b" " + name.lower() + b" " in _OPAQUE or b"-" in name
            if not name or not known or data[start + 1] == 47:
                return start + 1
            tag = tag_at(data, start)
            if tag is None:
                return start + 1
            end = tag[0]
            if data[end - 2] != 47 or b"-" not in name:
                end = self._end_of(name, end)
            if end is None:
                return start + 1
        self._pieces.append(data[self._done : start])
        self._pieces.append(b"\x02%d\x03" % len(self.sources))
        self.sources.append(data[start:end])
        self._done = end
        return end

    def _end_of(self, name, start):
        """The index after the end tag that belongs to a start tag ending at ``start``, or None."""
        if name in self._ends:
            return self._ends[name].get(start)
        if len(self._ends) >= _MAX_UNENDED:
            return None
        data = self._data
        open, close = b"<" + name, b"</" + name
        starts = [start]
        ends = {}
        i = start
        next_open = data.find(open, i)
        while starts:
            i = data.find(close, i)
            if i < 0:
                # Searched once: what ends after all is noted, the next of this name are looked up.
                self._ends[name] = ends
                return ends.get(start)
            while 0 <= next_open < i:
                after = next_open + len(open)
                if data[after] in b" \t\n\r\x0c/>":
                    tag = tag_at(data, next_open)
                    starts.append(after if tag is None else tag[0])
                next_open = data.find(open, after)
            i += len(close)
            if data[i : i + 1] in (b" ", b"\t", b"\n", b">"):
                end = data.find(b">", i) + 1
                if end:
                    i = end
                    ends[starts.pop()] = end
        return i


# Code, where the two that read the text must agree


def fence_of(line):
    """The fence (bytes) that a line without white space around it begins with, or None."""
    mark = line[:3]
    if mark != b"```" and mark != b"~~~":
        return None
    after = after_run(line, 0)
    if mark == b"```" and b"`" in line[after:]:
        return None
    return line[:after]


def closes_fence(line, fence):
    """Whether a line without white space around it ends a block that began with ``fence``."""
    return line[: len(fence)] == fence and not line.strip(fence[:1])


def after_run(data, i):
    """The index after the run of the byte at ``i``."""
    byte = data[i]
    end = len(data)
    while i < end and data[i] == byte:
        i += 1
    return i


def code_end(data, start, length, limit):
    """The index after the ``length`` backquotes that end a code span, -1 for none."""
    i = data.find(b"`", start, limit)
    while i >= 0:
        after = after_run(data, i)
        if after - i == length:
            return after
        i = data.find(b"`", after, limit)
    return -1
