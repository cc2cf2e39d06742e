"""The bill of materials of a release is valid SPDX 2.3 and says what images are made of."""

import json

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from firn_tools import release_names, sbom, versions

RELEASE = release_names.Release("1.2.3", "0123456789abcdef" * 2 + "01234567", 1795255200)
FILES = [
    ("firn-QEMU-20261121-v1.2.3.elf", "a" * 40, "b" * 64, "qemu"),
    ("firn-UNIX-20261121-v1.2.3.elf", "c" * 40, "d" * 64, "unix"),
]


@pytest.fixture(autouse=True)
def from_debian(monkeypatch):
    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)


def document(tmp_path, release=RELEASE, ports=("qemu", "rp2", "unix")):
    path = sbom.write(release, sbom.parts(versions.MICROPYTHON, set(ports)), FILES, tmp_path)
    return path, json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("version", ["1.2.3", "1.2.3+dirty"])
def test_the_document_is_valid(tmp_path, version):
    path, _ = document(tmp_path, RELEASE._replace(version=version))
    messages = validate_full_spdx_document(parse_file(str(path)))
    assert [message.validation_message for message in messages] == []


def test_the_validator_sees_mistakes(tmp_path):
    path, about = document(tmp_path)
    about["packages"][1]["downloadLocation"] = "not a place"
    path.write_text(json.dumps(about))
    assert len(validate_full_spdx_document(parse_file(str(path)))) == 1


def test_it_names_every_source_with_version_checksum_and_licence(tmp_path):
    packages = {package["name"]: package for package in document(tmp_path)[1]["packages"]}
    for source in versions.SOURCES:
        package = packages[source.name]
        assert package["versionInfo"] == source.version
        assert package["checksums"] == [{"algorithm": "SHA256", "checksumValue": source.sha256}]
        assert package["licenseDeclared"] not in ("", "NOASSERTION")
        assert package["downloadLocation"] == "NOASSERTION"
    assert packages["firn"]["versionInfo"] == "1.2.3"
    assert RELEASE.commit in packages["firn"]["sourceInfo"]


def test_it_tells_which_file_has_what_in_it(tmp_path):
    about = document(tmp_path)[1]
    made_of = {}
    for relation in about["relationships"]:
        if relation["relationshipType"] == "GENERATED_FROM":
            made_of.setdefault(relation["spdxElementId"], set()).add(
                relation["relatedSpdxElement"]
            )
    qemu, unix = (made_of["SPDXRef-file-" + name] for name, _, _, _ in FILES)
    assert "SPDXRef-part-lwIP" in qemu and "SPDXRef-part-lwIP" not in unix
    assert {"SPDXRef-part-MicroPython", "SPDXRef-part-Mbed-TLS"} <= qemu & unix
    assert not any("pico-sdk" in part for part in qemu | unix)


def test_the_same_release_has_the_same_document_and_another_has_another(tmp_path):
    path, about = document(tmp_path)
    first = path.read_bytes()
    assert document(tmp_path)[0].read_bytes() == first
    assert about["creationInfo"]["created"] == "2026-11-21T10:00:00Z"
    other = document(tmp_path, RELEASE._replace(commit="f" * 40))[1]
    assert other["documentNamespace"] != about["documentNamespace"]


def test_a_checkout_of_the_user_has_no_checksum_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROPYTHON_DIR", str(tmp_path))
    packages = {package["name"]: package for package in document(tmp_path)[1]["packages"]}
    assert packages["MicroPython"]["versionInfo"] == versions.MICROPYTHON
    assert "checksums" not in packages["MicroPython"]
    assert "versionInfo" not in packages["lwIP"]


def test_esp_idf_is_named_with_its_version_where_an_image_has_it(tmp_path, monkeypatch):
    (tmp_path / "version.txt").write_text("v5.2.2\n")
    monkeypatch.setenv("IDF_PATH", str(tmp_path))
    path, about = document(tmp_path, ports=["esp32"])
    assert validate_full_spdx_document(parse_file(str(path))) == []
    packages = {package["name"]: package for package in about["packages"]}
    assert set(packages) == {"firn", "MicroPython", "ESP-IDF", "ESP Web Tools"}
    assert packages["ESP-IDF"]["versionInfo"] == "v5.2.2"
