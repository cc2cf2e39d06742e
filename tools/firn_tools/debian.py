"""Packages of one Debian suite through a private apt configuration.

apt verifies what it fetches by the archive's signature. The mirror is the one that the system's
own sources name; nothing of the system's configuration, lists or packages is changed.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .errors import Failure

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def mirror(etc=Path("/etc/apt")):
    """The address of the Debian mirror the system uses, or None."""
    for file in sorted((etc / "sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", file.read_text(errors="replace")):
            address = _deb822_address(stanza)
            if address:
                return address
    lists = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*.list"))]
    for file in lists:
        if file.is_file():
            for line in file.read_text(errors="replace").splitlines():
                found = re.match(r"\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b", line)
                if found and _is_archive(*found.groups()):
                    return found.group(1)
    return None


def _deb822_address(stanza):
    stanza = "\n".join(line for line in stanza.splitlines() if not line.startswith("#"))
    fields = dict(re.findall(r"(?m)^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", stanza))
    fields = {key.lower(): value for key, value in fields.items()}
    if fields.get("enabled", "yes").strip().lower() == "no":
        return None
    if "deb" not in fields.get("types", "").split():
        return None
    if "main" not in fields.get("components", "").split():
        return None
    for address in fields.get("uris", "").split():
        if any(_is_archive(address, suite) for suite in fields.get("suites", "").split()):
            return address
    return None


def _is_archive(address, suite):
    """Whether this is Debian's main archive rather than its security or a third party's one."""
    return address.rstrip("/").endswith("/debian") and "security" not in suite


class Suite:
    """``Suite(name, state_folder)``: one suite's packages, in state of its own."""

    def __init__(self, suite, state):
        self.suite = suite
        self.state = Path(state)

    def unusable(self):
        """Why this machine cannot use the suite (a phrase), or None."""
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            return "this system has no apt"
        if mirror() is None:
            return "the system's apt sources name no Debian mirror"
        if not os.path.exists(_KEYRING):
            return "%s is missing (package debian-archive-keyring)" % _KEYRING
        return None

    def update(self, step):
        """Read the suite's signed index."""
        (self.state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        entry = "[signed-by=%s] %s %s main\n" % (_KEYRING, mirror(), self.suite)
        (self.state / "sources.list").write_text("deb %sdeb-src %s" % (entry, entry))
        self._apt(["update"], self.state, step)

    def download(self, source, folder, step):
        """Fetch a package's files into ``folder``."""
        verb = ["source", "--download-only"] if source.is_source else ["download"]
        self._apt([*verb, source.package], folder, step)

    def _apt(self, arguments, folder, step):
        status_read, status_write = os.pipe()
        options = {
            "Dir::Etc::SourceList": self.state / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": self.state / "lists",
            "Dir::Cache": self.state / "cache",
            "APT::Sandbox::User": "",
            "APT::Status-Fd": status_write,  # apt tells its progress there
            "Acquire::Retries": 2,
        }
        command = ["apt-get", "-q"]
        for key, value in options.items():
            command += ["-o", "%s=%s" % (key, value)]
        with open(self.state / "apt.log", "w+") as log:
            process = subprocess.Popen(
                command + arguments,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[status_write],
                env=dict(os.environ, LC_ALL="C"),
            )
            os.close(status_write)
            with os.fdopen(status_read) as status:
                for line in status:
                    parts = line.strip().split(":", 3)
                    if len(parts) == 4 and parts[0] == "dlstatus":
                        step.update(float(parts[2]) / 100, arguments[-1])
            if process.wait():
                log.seek(0)
                errors = [li for li in log.read().splitlines() if li.startswith(("E:", "Err"))]
                raise Failure("apt-get %s: %s" % (arguments[0], "; ".join(errors) or "failed"))
