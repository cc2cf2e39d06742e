"""The page that names every mistake of the configuration; loaded when there is one."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mistakes in the configuration</title>
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
<p>Correct the file on the device and restart it; it was left as it is. Everything that works is
still served at its own address.</p>
%s</body>
</html>
"""
_MOST = 20  # mistakes shown; the rest is on the console


def render(problems, boot_error=None):
    """The page (str) for a list of firn.config.Problem and the traceback of /boot.py, or None."""
    parts = []
    if problems:
        parts.append("<ul>\n")
        for problem in problems[:_MOST]:
            parts.append("<li>%s</li>\n" % escape(str(problem)))
        parts.append("</ul>\n")
    if len(problems) > _MOST:
        parts.append("<p>… and %d more.</p>\n" % (len(problems) - _MOST))
    if boot_error:
        parts.append("<p>/boot.py failed:</p>\n<pre>%s</pre>\n" % escape(boot_error))
    title = "The configuration has a mistake" if problems else "/boot.py failed"
    if len(problems) > 1:
        title = "The configuration has %d mistakes" % len(problems)
    return _PAGE % (title, "".join(parts))


def escape(text):
    """``text`` (str) with what HTML gives a meaning to written as references."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
