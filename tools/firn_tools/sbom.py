"""What a release's images are made of, as an SPDX 2.3 document in JSON.

The same commit and the same programs give the same document: its time is the commit's and its
namespace is derived from its content (SPDX 2.3, sections 6.5 and 6.9).
"""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple, Optional

from . import release_web, versions

_NAMESPACE = "https://spdx.org/spdxdocs/firn-%s-%s"
_UNKNOWN = "NOASSERTION"
_GCC_LICENCE = "GPL-3.0-or-later WITH GCC-exception-3.1"
# Source -> (licence, supplier, project page, ports whose images contain some of it).
_SOURCES = {
    "MicroPython": (
        "MIT",
        "Person: Damien P. George and contributors",
        "https://micropython.org",
        ("unix", "qemu", "rp2", "esp32"),
    ),
    "lwIP": (
        "BSD-3-Clause",
        "Organization: lwIP",
        "https://savannah.nongnu.org/projects/lwip/",
        ("qemu", "rp2"),
    ),
    "Mbed TLS": (
        "Apache-2.0 OR GPL-2.0-or-later",
        "Organization: TrustedFirmware.org",
        "https://www.trustedfirmware.org/projects/mbed-tls/",
        ("unix", "qemu", "rp2"),
    ),
    "pico-sdk": (
        "BSD-3-Clause",
        "Organization: Raspberry Pi Ltd",
        "https://github.com/raspberrypi/pico-sdk",
        ("rp2",),
    ),
    "TinyUSB": (
        "MIT",
        "Person: Ha Thach and contributors",
        "https://github.com/hathach/tinyusb",
        ("rp2",),
    ),
}


class Part(NamedTuple):
    """Something that images contain; ``ports``: which ones; none: the release's page has it."""

    name: str
    version: Optional[str]
    licence: str
    supplier: str
    page: str
    ports: tuple
    sha256: Optional[str] = None  # of the archive it came in
    comment: str = ""


def parts(micropython, ports):
    """The Parts of images of ``ports`` that are built from MicroPython ``micropython``."""
    named = os.environ.get("MICROPYTHON_DIR")
    found = [_source(source, micropython, bool(named)) for source in versions.SOURCES]
    found += _toolchains()
    if "esp32" in ports:
        found.append(_esp_idf())
    found = [part for part in found if set(part.ports) & set(ports)]
    return [*found, _esp_web_tools()] if "esp32" in ports else found


def _source(source, micropython, is_checkout):
    licence, supplier, page, ports = _SOURCES[source.name]
    if is_checkout:
        version = micropython if source.name == "MicroPython" else None
        comment = "From the checkout of MicroPython that the build was given."
        return Part(source.name, version, licence, supplier, page, ports, None, comment)
    comment = "From %s of Debian %s." % (source.file, versions.SUITE)
    sha256 = source.sha256
    return Part(source.name, source.version, licence, supplier, page, ports, sha256, comment)


def _toolchains():
    """The libraries that the compilers here link into images."""
    cross = "arm-none-eabi-gcc"
    gnu = ("Organization: Free Software Foundation", "https://gcc.gnu.org")
    newlib = ("Person: the newlib developers", "https://sourceware.org/newlib/")
    arm, host = ("qemu", "rp2"), ("unix",)
    return [
        Part("libgcc of gcc", _gcc("gcc"), _GCC_LICENCE, *gnu, host),
        Part("libgcc of " + cross, _gcc(cross), _GCC_LICENCE, *gnu, arm),
        Part("newlib", _newlib(cross), _UNKNOWN, *newlib, arm),
    ]


def _gcc(program):
    return _output([program, "-dumpfullversion"]) or None


def _newlib(program):
    text = _output([program, "-E", "-dM", "-xc", "-include", "_newlib_version.h", "/dev/null"])
    found = re.search(r'#define _NEWLIB_VERSION "([^"]+)"', text)
    return found.group(1) if found else None


def _esp_idf():
    folder = Path(os.environ["IDF_PATH"])
    file = folder / "version.txt"  # of a release archive or a container
    if file.is_file():
        version = file.read_text().strip()
    else:
        version = _output(["git", "-C", str(folder), "describe", "--tags"])
    supplier = "Organization: Espressif Systems (Shanghai) Co., Ltd."
    page = "https://github.com/espressif/esp-idf"
    comment = "Brings its own copies of FreeRTOS, lwIP and Mbed TLS."
    licence = "Apache-2.0"
    return Part("ESP-IDF", version or None, licence, supplier, page, ("esp32",), comment=comment)


def _esp_web_tools():
    supplier = "Organization: Open Home Foundation"
    page = "https://esphome.github.io/esp-web-tools/"
    version = release_web.ESP_WEB_TOOLS
    return Part("ESP Web Tools", version, "Apache-2.0", supplier, page, ())


def _output(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def document(release, found, files):
    """The document (dict).

    ``found``: Parts; ``files``: [(name, sha1, sha256, port of the board)].
    """
    packages = [_firn(release, files)]
    relationships = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-firn")]
    for part in found:
        packages.append(_package(part))
        if not part.ports:
            relationships.append(("SPDXRef-firn", "CONTAINS", _part_id(part)))
    for name, _, _, port in files:
        relationships.append(("SPDXRef-firn", "CONTAINS", _file_id(name)))
        for part in found:
            if port in part.ports:
                relationships.append((_file_id(name), "GENERATED_FROM", _part_id(part)))
    content = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "firn-" + release.version,
        "creationInfo": {"created": release.created, "creators": ["Tool: firn"]},
        "packages": packages,
        "files": [_file(name, sha1, sha256) for name, sha1, sha256, _ in files],
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relationships
        ],
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    content["documentNamespace"] = _NAMESPACE % (release.version.replace("+", "-"), digest)
    return content


def write(release, found, files, folder):
    """Write the document to ``folder`` (Path); see ``document``. Returns its path."""
    path = folder / "sbom.spdx.json"
    text = json.dumps(document(release, found, files), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")
    return path


def _firn(release, files):
    verification = hashlib.sha1("".join(sorted(sha1 for _, sha1, _, _ in files)).encode())
    return {
        "SPDXID": "SPDXRef-firn",
        "name": "firn",
        "versionInfo": release.version,
        "supplier": _UNKNOWN,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": verification.hexdigest()},
        "licenseConcluded": "MIT",
        "licenseDeclared": "MIT",
        "licenseInfoFromFiles": [_UNKNOWN],
        "copyrightText": _UNKNOWN,
        "sourceInfo": "commit " + release.commit,
        "primaryPackagePurpose": "FIRMWARE",
        "externalRefs": [_purl("firn", release.version)],
    }


def _package(part):
    about = {
        "SPDXID": _part_id(part),
        "name": part.name,
        "supplier": part.supplier,
        "downloadLocation": _UNKNOWN,
        "homepage": part.page,
        "filesAnalyzed": False,
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": part.licence,
        "copyrightText": _UNKNOWN,
        "primaryPackagePurpose": "LIBRARY",
    }
    if part.version:
        about["versionInfo"] = part.version
        about["externalRefs"] = [_purl(part.name, part.version)]
    if part.sha256:
        about["checksums"] = [{"algorithm": "SHA256", "checksumValue": part.sha256}]
    if part.comment:
        about["comment"] = part.comment
    return about


def _file(name, sha1, sha256):
    return {
        "SPDXID": _file_id(name),
        "fileName": "./" + name,
        "fileTypes": ["BINARY"],
        "checksums": [
            {"algorithm": "SHA1", "checksumValue": sha1},
            {"algorithm": "SHA256", "checksumValue": sha256},
        ],
        "licenseConcluded": _UNKNOWN,
        "licenseInfoInFiles": [_UNKNOWN],
        "copyrightText": _UNKNOWN,
    }


def _purl(name, version):
    words = "%s@%s" % (_word(name).lower(), version.replace("+", "%2B"))
    return {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": "pkg:generic/" + words,
    }


def _part_id(part):
    return "SPDXRef-part-" + _word(part.name)


def _file_id(name):
    return "SPDXRef-file-" + _word(name)


def _word(text):
    return re.sub(r"[^A-Za-z0-9.]+", "-", text)
