"""Which files of a folder are sent to a device, and which of a device's are left alone."""

import json

import pytest

from firn_tools.site_folder import Rules


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        for name, content in files.items():
            write(tmp_path, name, content)
        return tmp_path

    return make


def write(folder, name, content=""):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_what_a_project_has_beside_its_site_stays(folder):
    top = folder()
    for name in (
        "config.json", "device.py", "lib/x.py", "www/index.html", "www/.well-known/a",
        ".git/config", ".github/workflows/ci.yml", ".gitignore", "README.md", "www/README.txt",
        "tests/test_a.py", "test_site.py", "__pycache__/device.pyc", "lib/__pycache__/x.pyc",
        "lib/old.pyc", "www/index.html~", "www/.index.html.swp", ".venv/pyvenv.cfg",
    ):  # fmt: skip
        write(top, name)
    assert list(Rules(top).files()) == [
        "device.py", "lib/x.py", "www/.well-known/a", "www/index.html", "config.json",
    ]  # fmt: skip


def test_the_runtimes_own_files_are_never_sent(folder):
    top = folder()
    for name in (
        "secrets.json", "secrets.json.bak", "config.good.json", "config.tried.json", "crash.txt",
        "boot_record.json", "firn.log", "config.json.bak", "www/a.html.new", "www/a.html",
    ):  # fmt: skip
        write(top, name)
    assert list(Rules(top).files()) == ["www/a.html"]


def test_the_configurations_log_is_the_runtimes_own(folder):
    top = folder()
    write(top, "config.json", json.dumps({"log": {"file": "notes[1].txt"}}))
    rules = Rules(top)
    assert rules.is_own("notes[1].txt") and rules.is_own("notes[1].txt.1")
    assert not rules.is_own("notes1.txt")


@pytest.mark.parametrize("config", ["", "[]", '{"log": 3}', '{"log": {"file": 1}}', "{"])
def test_a_broken_configuration_names_no_log(folder, config):
    top = folder()
    write(top, "config.json", config)
    assert not Rules(top).is_own("notes.txt")


def test_firnignore_patterns(folder):
    top = folder()
    write(top, ".firnignore", "# comment\n\n*.psd\ndata/\n/www/drafts/*\nlib/[ab].py\n")
    rules = Rules(top)
    for ignored in (
        "www/logo.psd", "data/a.csv", "www/data/b.csv", "www/drafts/x/y.html", "lib/a.py",
    ):  # fmt: skip
        assert rules.is_ignored(ignored), ignored
    for sent in ("www/logo.png", "database.py", "drafts/x.html", "lib/c.py"):
        assert not rules.is_ignored(sent), sent


def test_only_files_at_the_top_are_secrets():
    assert Rules.is_secret("secrets.json") and Rules.is_secret("/secrets.json.bak")
    assert not Rules.is_secret("www/secrets.json")


def test_compiled_templates_are_the_runtimes_own(tmp_path):
    (tmp_path / "templates").mkdir()
    for name in ("about.html", "about_html.py", "my_html.py"):
        (tmp_path / "templates" / name).write_text("x")
    rules = Rules(tmp_path)
    assert sorted(rules.files()) == ["templates/about.html", "templates/my_html.py"]
    assert rules.is_own("templates/about_html.py") and not rules.is_own("templates/my_html.py")
