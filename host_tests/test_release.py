"""firn release: names, checksums, manifests, marks; from stand-ins for built images."""

import json
import os
import re
import subprocess

import jsonschema
import pytest

from firn_tools import (
    boards,
    build_esp32,
    cli,
    image_mark,
    paths,
    release,
    release_files,
    release_names,
    release_sizes,
    release_web,
    sbom,
    sources,
    versions,
)
from firn_tools.errors import Failure
from targets import ROOT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
RELEASE = release_names.Release("1.2.3", COMMIT, 1795255200)  # 2026-11-21T10:00:00Z
SCHEMA = json.loads((ROOT / "docs" / "release.schema.json").read_text("utf-8"))
SIZES = {"flash_used": 300000, "flash_length": 655360, "frozen": {"firn": 50000, "marimo": 900}}
TABLE = """# Name, Type, SubType, Offset, Size
nvs,      data, nvs,   0x9000,  0x4000
otadata,  data, ota,   0xd000,  0x2000
ota_0,    app,  ota_0, 0x10000, 0x180000
"""


def git(folder, *arguments):
    identity = ["-c", "user.name=Firn", "-c", "user.email=firn@example.com"]
    date = {"GIT_COMMITTER_DATE": "2026-11-21T23:30:00-02:00", "GIT_CONFIG_GLOBAL": "/dev/null"}
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments],
        check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", **date},
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A project with one commit."""
    folder = tmp_path / "project"
    (folder / "frozen" / "firn").mkdir(parents=True)
    (folder / "frozen" / "firn" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (folder / ".gitignore").write_text("/build/\n/dist/\n")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    monkeypatch.setattr(paths, "root", lambda: folder)
    return folder


def test_a_release_is_named_for_its_commit_and_the_commits_day_in_utc(repository):
    found = release_names.read()
    assert found.version == "1.2.3"
    assert found.date == "2026-11-22"
    assert found.created == "2026-11-22T01:30:00Z"
    assert len(found.commit) == 40
    assert found.file_name("RPI_PICO", "uf2") == "firn-RPI_PICO-20261122-v1.2.3.uf2"
    assert found.file_name("RPI_PICO", "uf2", "PPP") == "firn-RPI_PICO-PPP-20261122-v1.2.3.uf2"


@pytest.mark.parametrize("name", ["frozen/firn/__init__.py", "frozen/firn/new.py"])
def test_a_changed_work_tree_is_refused_or_marked(repository, name):
    (repository / name).write_text('__version__ = "1.2.3"\n# changed\n')
    with pytest.raises(
        Failure, match=r"expected a work tree without changes, got .*firn/.*--dirty"
    ):
        release_names.read()
    assert release_names.read(allow_dirty=True).version == "1.2.3+dirty"


def test_what_was_built_does_not_make_a_tree_dirty(repository):
    (repository / "build").mkdir()
    (repository / "build" / "x").write_text("1")
    assert not release_names.read().is_dirty


def test_without_a_repository_there_is_no_release(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(Failure, match="a release is made from a git repository"):
        release_names.read()


# The parts of a release


def mark_of(name, **changes):
    values = {"board": name, "version": "1.2.3", "date": "20261121", "micropython": "1.25.0"}
    values.update(changes)
    return image_mark.mark(**values)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two boards, "built": an ESP32-C3 and the emulated one."""
    folder = tmp_path / "project"
    about = {"features": [], "vendor": "Espressif", "product": "ESP32-C3 <generic>"}
    esp = {"port": "esp32", "mcu": "esp32c3", "deploy_options": {"flash_offset": "0x0"}}
    for name, more in (("C3", esp), ("QEMU", {"port": "qemu", "mcu": "mps2-an385"})):
        place = folder / "boards" / name
        place.mkdir(parents=True)
        (place / "board.json").write_text(json.dumps({**about, **more}))
        built = folder / "build" / name
        built.mkdir(parents=True)
        for file in ("firmware.bin", "firmware.app-bin", "firmware.elf"):
            (built / file).write_bytes(b"image " + file.encode() + mark_of(name))
    (folder / "boards" / "C3" / "partitions.csv").write_text(TABLE)
    (folder / "web").symlink_to(ROOT / "web")
    monkeypatch.setattr(paths, "root", lambda: folder)
    monkeypatch.setattr(paths, "build", lambda name: folder / "build" / name)
    monkeypatch.setattr(sources, "tree", lambda: folder)
    monkeypatch.setattr(sources, "version", lambda tree: (1, 25, 0))
    monkeypatch.setattr(release_sizes, "measure", lambda board: SIZES)
    monkeypatch.setenv("IDF_PATH", str(folder))
    (folder / "version.txt").write_text("v5.2.2\n")
    monkeypatch.setenv("MICROPYTHON_DIR", str(folder))

    def stand_in(target):
        target.mkdir()
        (target / "install-button.js").write_text("")

    monkeypatch.setattr(release_web, "fetch_esp_web_tools", stand_in)
    monkeypatch.setattr(build_esp32, "commands", lambda *arguments: [])
    return folder


def written(project, name="dist", left_out=None, before=None):
    folder = project / name
    folder.mkdir()
    built = [boards.find("C3"), boards.find("QEMU")]
    release.write(built, left_out or {}, RELEASE, before, folder)
    return folder


def test_the_manifest_tells_what_there_is_of_each_board(project):
    folder = written(project, left_out={"RPI_PICO_W": "needs MICROPYTHON_DIR"})
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(manifest)
    assert manifest["not_built"] == [{"board": "RPI_PICO_W", "reason": "needs MICROPYTHON_DIR"}]
    full, app = manifest["boards"][0]["files"]
    assert full["name"] == "firn-C3-20261121-v1.2.3.bin"
    assert (full["kind"], full["offset"]) == ("full", 0)
    assert app["name"] == "firn-C3-20261121-v1.2.3.app-bin"
    assert (app["kind"], app["offset"]) == ("app", 0x10000)
    for board in manifest["boards"]:
        for file in board["files"]:
            assert (folder / file["name"]).stat().st_size == file["size"]
            assert release_files.sha256(folder / file["name"]) == file["sha256"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"version": "1.2"}, "version"),
        ({"commit": "0123"}, "commit"),
        ({"boards": []}, "boards"),
        ({"extra": 1}, ""),
    ],
)
def test_the_schema_refuses_what_a_manifest_must_not_say(project, change, path):
    manifest = json.loads((written(project) / "manifest.json").read_text("utf-8"))
    errors = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors({**manifest, **change}))
    assert [".".join(map(str, error.path)) for error in errors] == [path]


def test_an_image_for_the_whole_flash_must_tell_its_offset(project):
    manifest = json.loads((written(project) / "manifest.json").read_text("utf-8"))
    del manifest["boards"][0]["files"][0]["offset"]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(manifest)


def test_sha256sum_agrees_with_the_checksums(project):
    folder = written(project)
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=folder, check=True)
    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert names == sorted(names)
    files = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    assert files - set(names) == {"SHA256SUMS", "sizes.md"}


def test_what_the_last_release_was_changes_no_checksum(project):
    first = written(project, "first")
    before = {"version": "1.2.2", "commit": COMMIT, "boards": {"C3": SIZES}}
    second = written(project, "second", before=before)
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
    assert (first / "sizes.md").read_text() != (second / "sizes.md").read_text()


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (b"", "expected the mark of its board and release, got none"),
        (mark_of("QEMU"), "expected a mark with board C3, got QEMU"),
        (mark_of("C3", version="1.2.2"), "expected a mark with version 1.2.3, got 1.2.2"),
        (mark_of("C3", date="20261120"), "expected a mark with date 20261121, got 20261120"),
        (mark_of("C3", micropython="1.26.0"), "with micropython 1.25.0, got 1.26.0"),
    ],
)
def test_an_image_that_does_not_say_what_it_is_is_not_released(project, mark, message):
    (project / "build" / "C3" / "firmware.app-bin").write_bytes(b"image" + mark)
    with pytest.raises(Failure, match="firn-C3-20261121-v1.2.3.app-bin: .*" + message):
        written(project)


def test_an_image_that_the_build_did_not_make_is_named(project):
    (project / "build" / "C3" / "firmware.app-bin").unlink()
    with pytest.raises(Failure, match=r"C3: expected its build to leave firmware\.app-bin"):
        written(project)


# What ESP Web Tools and browsers get


def test_esp_web_tools_gets_one_manifest_per_board(project):
    folder = written(project)
    assert json.loads((folder / "esp-web-tools-C3.json").read_text("utf-8")) == {
        "name": "Firn for ESP32-C3 <generic>",
        "version": "1.2.3",
        "new_install_prompt_erase": True,
        "builds": [
            {
                "chipFamily": "ESP32-C3",
                "parts": [{"path": "firn-C3-20261121-v1.2.3.bin", "offset": 0}],
            }
        ],
    }
    assert not (folder / "esp-web-tools-QEMU.json").exists()


def test_a_chip_that_esp_web_tools_does_not_know_is_refused(project):
    path = project / "boards" / "C3" / "board.json"
    path.write_text(path.read_text().replace("esp32c3", "esp32x9"))
    with pytest.raises(Failure, match="C3: ESP Web Tools knows no chip 'esp32x9'"):
        written(project)


@pytest.mark.parametrize("integrity", ["sha512-wrong", None])
def test_only_the_pinned_package_is_put_into_a_release(tmp_path, monkeypatch, integrity):
    """A stand-in for npm packs an archive of our own."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    files = tmp_path / "package"
    (files / "dist" / "web" / "deeper").mkdir(parents=True)
    for name in ("LICENSE", "dist/web/install-button.js", "dist/web/deeper/no.js", "README.md"):
        (files / name).write_text(name)
    archive = tmp_path / "esp-web-tools-10.4.0.tgz"
    subprocess.run(["tar", "czf", archive, "-C", tmp_path, "package"], check=True)
    npm.write_text("#!/bin/sh\ncp %s $4\n" % archive)
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:/usr/bin:/bin" % npm.parent)
    target = tmp_path / "target"
    if integrity:
        with pytest.raises(
            Failure, match=r"esp-web-tools@10.4.0: expected sha512-\S+, got sha512"
        ):
            release_web.fetch_esp_web_tools(target)
        assert not target.exists()
    else:
        monkeypatch.setattr(release_web, "_INTEGRITY", release_web.integrity(archive))
        release_web.fetch_esp_web_tools(target)
        assert sorted(f.name for f in target.iterdir()) == ["LICENSE", "install-button.js"]


def test_the_page_offers_each_board_and_escapes_what_boards_say(project):
    page = (written(project) / "web" / "index.html").read_text("utf-8")
    assert "<h3>Espressif ESP32-C3 &lt;generic&gt;</h3>" in page
    assert 'manifest="../esp-web-tools-C3.json"' in page
    assert 'src="esp-web-tools/install-button.js"' in page
    assert 'href="../firn-QEMU-20261121-v1.2.3.elf"' in page
    assert "<!--" not in page


# Sizes


def test_sizes_are_compared_package_by_package():
    before = {"flash_used": 299000, "frozen": {"firn": 51000, "old": 10}}
    text = release_sizes.report(
        {"version": "1.2.3", "boards": {"C3": SIZES, "NEW": SIZES}},
        {"version": "1.2.2", "boards": {"C3": before}},
    )
    assert "difference to 1.2.2" in text
    first, second = text.split("## NEW")
    assert "| flash used | 300 000 | +1 000 |" in first
    assert "| frozen, all | 50 900 | -110 |" in first
    assert "| frozen firn | 50 000 | -1 000 |" in first
    assert "| frozen marimo | 900 | +900 |" in first
    assert "| frozen old | 0 | -10 |" in first
    assert "| flash used | 300 000 |  |" in second


@pytest.fixture
def no_last(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "build", lambda name: tmp_path / "build" / name)


def test_the_last_release_is_the_newest_of_another_commit(tmp_path, no_last):
    def sizes(name, version, commit, age):
        (tmp_path / name).mkdir(parents=True)
        file = tmp_path / name / "sizes.json"
        file.write_text(json.dumps({"version": version, "commit": commit, "boards": {}}))
        os.utime(file, (1000 - age, 1000 - age))

    output = tmp_path / "dist"
    assert release_sizes.previous(RELEASE, output) is None
    sizes("older", "1.2.0", "a", 20)
    sizes("newer", "1.2.1", "b", 10)
    sizes("dist", "1.2.3", COMMIT, 0)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sizes.json").write_text("[38, 40, 42]")  # of shoes
    assert release_sizes.previous(RELEASE, output)["version"] == "1.2.1"
    sizes("build/last", "1.2.2", "c", 5)
    assert release_sizes.previous(RELEASE, output)["version"] == "1.2.2"
    assert release_sizes.previous(RELEASE, output, tmp_path / "older")["version"] == "1.2.0"


def test_a_release_made_again_is_compared_with_the_same_one(tmp_path, no_last):
    output = tmp_path / "dist"
    output.mkdir()
    before = {"version": "1.2.2", "commit": "b", "boards": {}}
    release_sizes.write(RELEASE, {"C3": SIZES}, output, before)
    assert release_sizes.previous(RELEASE, output) == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1", "commit": "2", "boards": 3}'])
def test_sizes_that_are_none_are_named(tmp_path, text):
    (tmp_path / "sizes.json").write_text(text)
    with pytest.raises(Failure, match=r"sizes.json: expected the sizes of a release, got"):
        release_sizes.previous(RELEASE, tmp_path / "dist", tmp_path)


# The command


def lacking(*arguments):
    raise Failure("C3: needs a full checkout of MicroPython; type: git clone /home/me")


def test_boards_that_cannot_be_built_here_are_listed_with_the_reason(project, monkeypatch, capsys):
    assert release_files.reason_not_here(boards.find("QEMU")) is None
    assert release_files.reason_not_here(boards.find("C3")) is None
    monkeypatch.setattr(build_esp32, "commands", lacking)
    assert made(monkeypatch, project) == 0
    assert "C3: needs a full checkout of MicroPython; type: git clone" in capsys.readouterr().err
    manifest = json.loads((project / "dist" / "manifest.json").read_text())
    reason = "needs a full checkout of MicroPython"
    assert manifest["not_built"] == [{"board": "C3", "reason": reason}]
    jsonschema.Draft202012Validator(SCHEMA).validate(manifest)


def test_the_boards_with_a_radio_say_what_they_need(monkeypatch):
    """Of the sources that are fetched, which have neither their driver nor ESP-IDF."""
    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)
    for name in ("RPI_PICO_W", "RPI_PICO2_W", "ESP32_GENERIC"):
        reason = release_files.reason_not_here(boards.find(name))
        assert "needs a full checkout of MicroPython" in reason
        assert "type: git clone" in reason


def made(monkeypatch, project, *arguments):
    """Run the command; builds are those that the project has already."""
    monkeypatch.setattr(release_names, "read", lambda dirty: RELEASE)
    monkeypatch.setattr(release, "_build", lambda wanted, release, jobs: None)
    return cli.main(["release", "--output", str(project / "dist"), *arguments])


def test_a_board_that_is_left_out_is_a_failure_only_if_asked_for(project, monkeypatch, capsys):
    monkeypatch.setattr(build_esp32, "commands", lacking)
    assert made(monkeypatch, project) == 0
    output = capsys.readouterr()
    assert "firn-QEMU-20261121-v1.2.3.elf" in output.out
    assert made(monkeypatch, project, "--strict") == 1
    assert (project / "dist" / "SHA256SUMS").is_file()


def test_a_tag_of_another_version_is_refused(project, monkeypatch, capsys):
    assert made(monkeypatch, project, "--tag", "v1.2.4") == 1
    assert "--tag: expected v1.2.3, got v1.2.4" in capsys.readouterr().err
    assert not (project / "dist").exists()
    assert made(monkeypatch, project, "--tag", "v1.2.3") == 0


def test_nothing_that_is_half_takes_the_place_of_a_release(project, monkeypatch, capsys):
    assert made(monkeypatch, project) == 0
    before = (project / "dist" / "SHA256SUMS").read_text()
    (project / "build" / "QEMU" / "firmware.elf").write_bytes(b"no mark")
    assert made(monkeypatch, project) == 1
    assert "expected the mark" in capsys.readouterr().err
    assert (project / "dist" / "SHA256SUMS").read_text() == before
    assert not (project / "dist.partial").exists()


def test_ctrl_c_leaves_what_was_there(project, monkeypatch, capsys):
    assert made(monkeypatch, project) == 0
    before = sorted((project / "dist").rglob("*"))

    def interrupted(folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(release, "_write_sums", interrupted)
    assert made(monkeypatch, project) == 130
    assert "interrupted" in capsys.readouterr().err
    assert sorted((project / "dist").rglob("*")) == before
    assert not (project / "dist.partial").exists()


@pytest.mark.parametrize("name", ["thesis.txt", "manifest.json"])
def test_a_folder_with_other_files_is_never_replaced(project, monkeypatch, capsys, name):
    (project / "dist").mkdir()
    (project / "dist" / name).write_text('{"name": "mine"}')
    assert made(monkeypatch, project) == 1
    assert "expected a release or no folder" in capsys.readouterr().err
    assert (project / "dist" / name).read_text() == '{"name": "mine"}'


def test_a_tree_that_changes_meanwhile_is_not_released(project, monkeypatch, capsys):
    found = [RELEASE, RELEASE._replace(commit="f" * 40)]
    monkeypatch.setattr(release_names, "read", lambda dirty: found.pop(0))
    monkeypatch.setattr(release, "_build", lambda wanted, release, jobs: None)
    assert cli.main(["release", "--output", str(project / "dist")]) == 1
    assert "the work tree has changed while it was being built" in capsys.readouterr().err
    assert not (project / "dist").exists()


@pytest.mark.parametrize(("version", "marked"), [("1.2.3", None), ("1.2.3+dirty", "1.2.3+dirty")])
def test_builds_know_the_commits_time_and_whether_the_tree_was_changed(
    project, monkeypatch, version, marked
):
    seen = []
    for name in ("SOURCE_DATE_EPOCH", "FIRN_VERSION"):
        monkeypatch.delenv(name, raising=False)

    def build_of(board, jobs):
        assert not (project / "build" / board.name / "firmware.elf").exists()
        seen.append((os.environ["SOURCE_DATE_EPOCH"], os.environ.get("FIRN_VERSION")))

    monkeypatch.setattr(release.build, "build", build_of)
    release._build([boards.find("QEMU")], RELEASE._replace(version=version), None)
    assert seen == [(str(RELEASE.time), marked)]
    assert "SOURCE_DATE_EPOCH" not in os.environ and "FIRN_VERSION" not in os.environ


def test_the_images_of_a_changed_tree_are_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("FIRN_VERSION", "1.2.3+dirty")
    image_mark.write(tmp_path, "QEMU", RELEASE.time, "1.25.0")
    mark = {}
    exec((tmp_path / "firn" / "image_info.py").read_text(), mark)
    expected = {"board": "QEMU", "version": "1.2.3+dirty"}
    assert expected.items() <= image_mark.read(mark["MARK"]).items()


def test_a_new_build_keeps_the_flash_of_the_emulated_board(tmp_path):
    for name in ("flash.img", ".lock", "firmware.elf", "genhdr/version.h"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    release.clear(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [".lock", "flash.img"]


def test_every_source_has_its_licence_in_the_bill_of_materials():
    for source in versions.SOURCES:
        licence, supplier, page, ports = sbom._SOURCES[source.name]
        assert licence and supplier and page.startswith("https://") and ports


# docs/release.md

PAGE = (ROOT / "docs" / "release.md").read_text("utf-8")


def test_the_documented_commands_exist():
    commands = re.findall(r"(?m)^firn (release.*?)\s*(?:#.*)?$", PAGE)
    assert len(commands) == 3
    for command in commands:
        assert cli.parser().parse_args(command.split()).command == "release"


def test_every_file_of_a_release_is_documented(project):
    before = {"version": "1.2.2", "commit": COMMIT, "boards": {}}
    documented = re.findall(r"(?m)^\| `([^`]+)` \|", PAGE)
    for path in written(project, before=before).iterdir():
        name = path.name.replace("20261121-v1.2.3", "YYYYMMDD-vX.Y.Z")
        name = re.sub(r"-(C3|QEMU)\b", "-BOARD", name) + ("/" if path.is_dir() else "")
        assert name in documented, name
