"""Obtaining the sources: order of providers, verification, no half download taken for whole."""

import hashlib
import io
import subprocess
import tarfile

import pytest

from firn_tools import sources, versions
from firn_tools.errors import Failure

MPCONFIG = """\
#define MICROPY_VERSION_MAJOR {}
#define MICROPY_VERSION_MINOR {}
#define MICROPY_VERSION_MICRO {}
"""


def make_tree(folder, version=(1, 26, 0), whole=True):
    (folder / "py").mkdir(parents=True)
    (folder / "py" / "mpconfig.h").write_text(MPCONFIG.format(*version))
    for name in sources._NEEDED if whole else sources._NEEDED[:1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def tarball(file, top, files):
    with tarfile.open(file, "w:xz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(top + "/" + name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)
    monkeypatch.setenv("FIRN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A suite of one package, micropython 1.25.0, served by a stand-in for apt."""

    class Archive:
        downloads = 0
        content = tmp_path / "micropython_1.25.0+ds.orig.tar.xz"
        sha256 = tarball(content, "micropython-1.25.0", {"py/obj.c": b"int x;\n"})
        cut = None

        def unusable(self):
            return None

        def update(self, step):
            pass

        def download(self, source, folder, step):
            self.downloads += 1
            data = self.content.read_bytes()
            (folder / self.content.name).write_bytes(data[: self.cut])

    one = versions.SOURCES[0]._replace(sha256=Archive.sha256)
    monkeypatch.setattr(versions, "SOURCES", (one,))
    tree = tmp_path / "expected"
    (tree / "py").mkdir(parents=True)
    (tree / "py" / "obj.c").write_bytes(b"int x;\n")
    monkeypatch.setattr(versions, "MICROPYTHON_DIGEST", sources.digest(tree))
    monkeypatch.setattr(versions, "MICROPYTHON_GIT", str(tmp_path / "no-such-repository"))
    served = Archive()
    monkeypatch.setattr(sources.debian, "Suite", lambda suite, state: served)
    return served


def test_a_named_checkout_comes_first(tmp_path, monkeypatch):
    tree = make_tree(tmp_path / "mine")
    monkeypatch.setenv("MICROPYTHON_DIR", str(tree))
    assert sources.tree() == tree
    assert sources.version(tree) == (1, 26, 0)


def test_a_named_checkout_that_is_too_old_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON_DIR", str(make_tree(tmp_path / "old", (1, 24, 1))))
    with pytest.raises(Failure, match=r"expected MicroPython 1\.25\.0 or later, got 1\.24\.1"):
        sources.tree()


def test_a_named_checkout_without_submodules_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON_DIR", str(make_tree(tmp_path / "bare", whole=False)))
    with pytest.raises(Failure, match=r"lib/lwip.*git -C .* submodule update --init"):
        sources.tree()


def test_a_named_folder_that_is_no_checkout_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON_DIR", str(tmp_path))
    with pytest.raises(Failure, match="expected a MicroPython checkout"):
        sources.tree()


def test_sources_come_from_the_suite_once_and_then_from_the_cache(archive):
    first = sources.tree()
    assert (first / "py" / "obj.c").read_bytes() == b"int x;\n"
    assert (first / "lib" / "micropython-lib" / "README.md").is_file()
    assert sources.tree() == first
    assert archive.downloads == 1


def test_the_tree_is_made_again_from_kept_downloads_without_a_network(archive):
    tree = sources.tree()
    tree.rename(tree.with_name("gone"))
    archive.download = None
    assert sources.tree() == tree


def test_a_download_cut_half_way_is_not_taken_for_whole(archive, cache):
    archive.cut = 40
    with pytest.raises(Failure, match="expected sha256"):
        sources.tree()
    assert not sources.cached_tree().exists()
    assert not list((cache / "downloads").glob("*.xz"))
    archive.cut = None
    assert sources.tree().is_dir()


def test_an_unpacking_that_was_interrupted_starts_again(archive, cache):
    left = sources.cached_tree().with_name(sources.cached_tree().name + ".partial")
    (left / "py").mkdir(parents=True)
    (left / "py" / "half.c").write_text("in")
    assert not (sources.tree() / "py" / "half.c").exists()


def test_a_tree_of_other_content_is_refused(archive, monkeypatch):
    monkeypatch.setattr(versions, "MICROPYTHON_DIGEST", "0" * 64)
    with pytest.raises(Failure, match="expected a tree of digest 0000"):
        sources.tree()
    assert not sources.cached_tree().exists()


def test_a_corrected_release_of_the_suite_is_taken_and_said(archive, capsys):
    archive.content = archive.content.rename(
        archive.content.with_name("micropython_1.25.1.orig.tar.xz")
    )
    assert sources.tree().is_dir()
    assert "micropython_1.25.1.orig.tar.xz in place of the pinned" in capsys.readouterr().err


def test_git_at_the_tag_is_used_where_there_is_no_debian(tmp_path, archive, monkeypatch):
    archive.unusable = lambda: "this system has no apt"
    upstream = tmp_path / "upstream"
    (upstream / "py").mkdir(parents=True)
    (upstream / "py" / "obj.c").write_bytes(b"int x;\n")
    git = ["git", "-C", str(upstream), "-c", "user.name=t", "-c", "user.email=t@t.example"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"], ["tag", "v1.25.0"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setattr(versions, "MICROPYTHON_GIT", upstream.as_uri())
    monkeypatch.setattr(sources, "_SUBMODULES", ())
    assert (sources.tree() / "py" / "obj.c").is_file()


def test_without_any_provider_every_reason_is_named(archive):
    archive.unusable = lambda: "this system has no apt"
    with pytest.raises(Failure, match=r"Debian: this system has no apt; git: .*MICROPYTHON_DIR"):
        sources.tree()


def test_offline_without_sources_names_the_command():
    with pytest.raises(Failure, match="type firn sources"):
        sources.tree(fetch=False)
