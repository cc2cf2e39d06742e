"""Addresses that a stranger may choose, for a redirect that must not leave the site."""

_MAX_ENCODED = 3  # how many times over an address may be percent-encoded, plus one


def is_local(url):
    """Whether ``url`` (str or None) leads to a page of this site and nowhere else.

    Browsers take a backslash for a slash, leave out tabs and line ends, and read what begins
    with two slashes as the name of a host (the URL standard, section 4.4). What is encoded is
    looked at as well: something on the way may decode it.
    """
    if not url or url[0] != "/":
        return False
    path = url.split("?", 1)[0].split("#", 1)[0]
    if not _is_plain(path) or not all("!" <= c <= "~" and c != "\\" for c in url):
        return False
    from .urlencoding import urldecode

    for _ in range(_MAX_ENCODED):
        try:
            decoded = urldecode(path, False)
        except ValueError:
            return False
        if decoded == path:
            return True
        path = decoded
        if not _is_plain(path):
            return False
    return False


def _is_plain(path):
    return "//" not in path and "\\" not in path and all(c >= " " and c != "\x7f" for c in path)
