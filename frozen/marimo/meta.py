"""mo.app_meta(): how the notebook is run."""

from .context import current


class AppMeta:
    """``theme``: "light" or "dark"; ``mode``: "run", "script" or None (no notebook is running);
    ``request``: the HTTPRequest of the session's page, None where there is no page."""

    theme = "light"
    mode = None
    request = None

    def __repr__(self):
        return "AppMeta(theme=%r, mode=%r)" % (self.theme, self.mode)


def app_meta():
    """The AppMeta of the running notebook."""
    found = AppMeta()
    run = current()
    if run is not None:
        found.theme = run.kernel.theme
        found.mode = run.kernel.mode
        found.request = run.kernel.request
    return found
