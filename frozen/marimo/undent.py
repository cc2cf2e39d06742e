"""The text of a cell, without the indentation that it has in the file."""


def undented(data, begin, end, margin, literals):
    """``data[begin:end]`` (bytes) as str without ``margin`` before its lines.

    ``literals``: [(begin, end)] of the strings that go over several lines. Of one, the margin
    is taken only if all its lines have it; else it stays as it is.
    """
    if not margin:
        return str(data[begin:end], "utf-8").rstrip()
    before = b"\n" + margin
    if not literals:
        text = data[begin:end].replace(before, b"\n")
    else:
        pieces = []
        at = begin
        for first, last in literals:
            if last > end:
                break
            pieces.append(data[at:first].replace(before, b"\n"))
            pieces.append(_literal(data[first:last], margin))
            at = last
        pieces.append(data[at:end].replace(before, b"\n"))
        text = b"".join(pieces)
    if text.startswith(margin):
        text = text[len(margin) :]
    return str(text, "utf-8").rstrip()


def _literal(text, margin):
    lines = text.split(b"\n")
    for index in range(1, len(lines)):
        line = lines[index]
        if line.startswith(margin):
            line = line[len(margin) :]
            lines[index] = line if line.strip() else b""
        elif line.strip():
            return text
        else:
            lines[index] = b""
    return b"\n".join(lines)


def plain(text, margin):
    """Text (bytes) that is no Python, without ``margin`` (None: that of its first line) and
    without a last line that returns, as str."""
    lines = text.rstrip().split(b"\n")
    while len(lines) > 1 and not lines[0].strip():
        lines.pop(0)
    if margin is None:
        margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    while len(lines) > 1 and lines[-1][:1] == b"#" and margin:  # between cells
        lines.pop()
    if margin and lines[-1].startswith(margin + b"return"):
        lines.pop()
    for index, line in enumerate(lines):
        if line.startswith(margin):
            lines[index] = line[len(margin) :]
    return str(b"\n".join(lines), "utf-8").rstrip()
