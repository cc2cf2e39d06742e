"""Finding the Debian mirror in the system's apt sources."""

import sys

import pytest

from firn_tools import debian

DEB822 = """\
Types: deb
# http://old.example/archive
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
SECURITY = """\
Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
THIRD_PARTY = "Types: deb\nURIs: http://vendor.example/apt\nSuites: stable\nComponents: main\n"


def write(etc, name, text):
    file = etc / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"sources.list.d/debian.sources": DEB822}, "http://mirror.example/debian"),
        ({"sources.list.d/a.sources": SECURITY + "\n" + DEB822}, "http://mirror.example/debian"),
        ({"sources.list.d/a.sources": SECURITY}, None),
        ({"sources.list.d/a.sources": THIRD_PARTY}, None),
        ({"sources.list.d/a.sources": "Enabled: no\n" + DEB822}, None),
        ({"sources.list.d/a.sources": DEB822.replace("Types: deb", "Types: deb-src")}, None),
        (
            {"sources.list": "# deb http://no.example/debian x main\n"
             "deb [arch=amd64] http://yes.example/debian/ bookworm main contrib\n"},
            "http://yes.example/debian/",
        ),
        ({"sources.list": "deb http://s.example/debian-security bookworm-security main\n"}, None),
        ({"sources.list.d/a.list": "deb http://l.example/debian sid main\n"},
         "http://l.example/debian"),
        ({}, None),
    ],
)  # fmt: skip
def test_mirror_is_the_systems_own(tmp_path, files, expected):
    for name, text in files.items():
        write(tmp_path, name, text)
    assert debian.mirror(tmp_path) == expected


def test_a_system_without_apt_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert debian.Suite("trixie", "/nonexistent").unusable() == "this system has no apt"


def test_a_suite_keeps_its_state_to_itself(tmp_path, monkeypatch):
    calls = tmp_path / "calls"
    program = tmp_path / "bin" / "apt-get"
    program.parent.mkdir()
    program.write_text(
        "#!%s\nimport os, re, sys\nopen(%r, 'a').write(' '.join(sys.argv))\n"
        "fd = int(re.search(r'Status-Fd=(\\d+)', ' '.join(sys.argv)).group(1))\n"
        "os.write(fd, b'dlstatus:1:50:x\\n')\n" % (sys.executable, str(calls))
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:/usr/bin:/bin" % program.parent)
    monkeypatch.setattr(debian, "mirror", lambda: "http://mirror.example/debian")
    fractions = []

    class Step:
        def update(self, fraction, note):
            fractions.append(fraction)

    debian.Suite("trixie", tmp_path / "state").update(Step())
    written = (tmp_path / "state" / "sources.list").read_text()
    assert "http://mirror.example/debian trixie main" in written
    assert "Dir::State::Lists=%s" % (tmp_path / "state" / "lists") in calls.read_text()
    assert fractions == [0.5]


def test_apts_errors_become_one_line(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "apt-get"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'Reading lists'\necho 'E: no such package' >&2\nexit 100\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:/usr/bin:/bin" % program.parent)
    monkeypatch.setattr(debian, "mirror", lambda: "http://mirror.example/debian")
    with pytest.raises(debian.Failure, match=r"^apt-get update: E: no such package$"):
        debian.Suite("trixie", tmp_path / "state").update(None)
