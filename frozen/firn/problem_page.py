"""The page that names every mistake of the configuration; loaded when there is one."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1.2rem }
h1 { font-size: 1.5rem }
li, pre { font-family: ui-monospace, monospace; font-size: .92rem; margin: .5rem 0;
  overflow-wrap: anywhere }
pre { overflow-x: auto; padding: .8rem; border: 1px solid; border-radius: .5rem }
</style>
</head>
<body>
<h1>%s</h1>
<p>%s</p>
%s</body>
</html>
"""
_LEFT = """\
Correct the file on the device and restart it; it was left as it is. Everything that works is
still served at its own address."""
_SAFE = """\
The device has crashed several times in a row, so it runs with the least: nothing of the site is
served, until what is wrong is corrected and the device is restarted. Its files were left as they
are. <a href="/_firn/">Setup page</a>"""
_MOST = 20  # mistakes shown; the rest is on the console


def render(problems, boot_error=None):
    """The page (str) for a list of firn.config.Problem and the traceback of /boot.py, or None."""
    parts = _list(problems)
    if boot_error:
        parts.append("<p>/boot.py failed:</p>\n<pre>%s</pre>\n" % escape(boot_error))
    title = "The configuration has a mistake" if problems else "/boot.py failed"
    if len(problems) > 1:
        title = "The configuration has %d mistakes" % len(problems)
    return _PAGE % ("Mistakes in the configuration", title, _LEFT, "".join(parts))


def render_safe(problems, crash=None):
    """The page (str) of safe mode; ``crash``: the text of the last crash, or None."""
    parts = []
    if crash:
        parts.append("<p>The last crash:</p>\n<pre>%s</pre>\n" % escape(crash))
    if problems:
        parts.append("<p>Mistakes in the configuration:</p>\n")
        parts += _list(problems)
    return _PAGE % ("Safe mode", "Safe mode", _SAFE, "".join(parts))


def _list(problems):
    parts = []
    if problems:
        parts.append("<ul>\n")
        for problem in problems[:_MOST]:
            parts.append("<li>%s</li>\n" % escape(str(problem)))
        parts.append("</ul>\n")
    if len(problems) > _MOST:
        parts.append("<p>… and %d more.</p>\n" % (len(problems) - _MOST))
    return parts


def escape(text):
    """``text`` (str) with what HTML gives a meaning to written as references."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
