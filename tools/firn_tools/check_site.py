"""What shows only when a site is built, found out without running any of its programs.

Imports Firn's packages: to be imported and used inside an ``Environment``.
"""

from firn import overrides, site

from . import python_names

_ENOENT = "[Errno 2] ENOENT"


def check_site(config, folder):
    """Add to ``config.problems`` (of a firn.config.Config) what the site would report.

    ``folder``: Path with the site's files.
    """
    known = dict(overrides)
    overrides["root"] = str(folder.resolve())
    try:
        _Examined(config, folder).examine()
    finally:
        overrides.clear()
        overrides.update(known)


class _Examined(site.Site):
    """The device's own Site, taking each entry as it does, but importing nothing."""

    def __init__(self, config, folder):
        self.config = config
        self.folder = folder
        self.app = site.Microdot()
        self.access = lambda handler: handler  # nobody is going to come

    def examine(self):
        # What is wrong with a notebook shows when it is opened.
        if self._usable():
            self._add_entries(self.config)

    def _block_dropped(self):
        """Nothing is going to be served."""

    def _usable(self):
        for problem in self.config.problems:
            if not problem.key or problem.key.startswith("server.tls"):
                return False
        tls = self.config.server.tls
        if tls is not None:
            for name in (tls.cert, tls.key):
                if not (self.folder / name).is_file():
                    self._missing(
                        "server.tls", "a certificate and its key (DER)", "OSError: " + _ENOENT
                    )
                    return False
        return True

    def _problem(self, place, message):
        self.config.report(place, message)

    def _missing(self, place, expected, got):
        self._problem(place, "expected %s, got %s" % (expected, got))

    def _find(self, reference, place, kind):
        """Look for what "module:name" names in the text of the module; None: nothing to add."""
        module, name = reference.split(":")
        got, mistake = python_names.lookup(self.folder, module, name, kind)
        if mistake:
            self.config.problems.append(mistake)
        if got:
            self._missing(place, '%s "%s" in module "%s"' % (kind, name, module), got)
        return None
