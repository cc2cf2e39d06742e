"""A release's pages: which image for which board, how to flash it, and what browsers need for it.

Everything lies beside the pages; at run time nothing is loaded from another host.
"""

import base64
import hashlib
import html
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from . import paths, programs
from .errors import Failure
from .progress import Step

_FOLDER = "web"
_TOOLS_FOLDER = "esp-web-tools"
# The npm package that flashes ESP32 boards from a browser; it has all it needs in dist/web.
ESP_WEB_TOOLS = "10.4.0"
_INTEGRITY = (
    "sha512-3pwkeFFm5Fj7UQo8SJNYK5RXrtNCpq6X9QoI6bMT4GBZ"
    "WgrJqjn0YvM9ihG74BtMoSFYXfmDtkehuxe50PTMPQ=="
)
_BUNDLE = "package/dist/web/"
# As MicroPython's board.json spells a chip -> as ESP Web Tools does.
_FAMILIES = {
    "esp32": "ESP32",
    "esp32c2": "ESP32-C2",
    "esp32c3": "ESP32-C3",
    "esp32c6": "ESP32-C6",
    "esp32s2": "ESP32-S2",
    "esp32s3": "ESP32-S3",
}


def write(release, entries, folder):
    """Write the pages to ``folder``/web (Path), and beside them the manifests of ESP Web Tools.

    ``entries``: what manifest.json says of each board.
    """
    target = folder / _FOLDER
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(paths.root() / _FOLDER, target, ignore=ignored)
    boards = [entry for entry in entries if entry["port"] == "esp32"]
    for entry in boards:
        (folder / install_manifest_name(entry)).write_text(_install_manifest(entry), "utf-8")
    if boards:
        fetch_esp_web_tools(target / _TOOLS_FOLDER)
    page = target / "index.html"
    page.write_text(_page(page.read_text("utf-8"), release, entries), "utf-8")


def install_manifest_name(entry):
    """The file name of the manifest of ESP Web Tools for a board."""
    return "esp-web-tools-%s.json" % entry["board"]


def _install_manifest(entry):
    full = next(file for file in entry["files"] if file["kind"] == "full")
    family = _FAMILIES.get(entry["mcu"])
    if family is None:
        raise Failure("%s: ESP Web Tools knows no chip %r" % (entry["board"], entry["mcu"]))
    about = {
        "name": "Firn for " + entry["product"],
        "version": entry["version"],
        "new_install_prompt_erase": True,
        "builds": [
            {
                "chipFamily": family,
                "parts": [{"path": full["name"], "offset": full["offset"]}],
            }
        ],
    }
    return json.dumps(about, indent=1, ensure_ascii=False) + "\n"


def fetch_esp_web_tools(folder):
    """Put ESP Web Tools into ``folder`` (Path), as npm has it and with its licence."""
    programs.ensure("npm")
    label = "fetching ESP Web Tools %s" % ESP_WEB_TOOLS
    with Step(label), tempfile.TemporaryDirectory() as scratch:
        _unpack(_pack("esp-web-tools@" + ESP_WEB_TOOLS, Path(scratch)), folder)


def _pack(package, scratch):
    command = ["npm", "pack", "--ignore-scripts", "--pack-destination", str(scratch), package]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, timeout=300)
    archives = list(scratch.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        lines = done.stderr.strip().splitlines() or ["no archive"]
        raise Failure("npm: %s could not be fetched: %s" % (package, lines[-1]))
    got = integrity(archives[0])
    if got != _INTEGRITY:
        raise Failure("%s: expected %s, got %s" % (package, _INTEGRITY, got))
    return archives[0]


def integrity(archive):
    """The SHA-512 of a file (Path) in the words of a package lock."""
    digest = hashlib.sha512(archive.read_bytes()).digest()
    return "sha512-" + base64.b64encode(digest).decode()


def _unpack(archive, folder):
    folder.mkdir(parents=True)
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            name = member.name
            wanted = name.startswith(_BUNDLE) and name.count("/") == _BUNDLE.count("/")
            if member.isfile() and (wanted or name == "package/LICENSE"):
                content = package.extractfile(member).read()
                (folder / name.rsplit("/", 1)[1]).write_bytes(content)


def _page(template, release, entries):
    """The page ``template`` with the release and its boards in it."""
    boards = [entry for entry in entries if entry["port"] in _HARDWARE]
    others = [entry for entry in entries if entry["port"] not in _HARDWARE]
    scripts = ""
    if any(entry["port"] == "esp32" for entry in entries):
        source = _TOOLS_FOLDER + "/install-button.js"
        scripts = '<script type="module" src="%s"></script>' % source
    values = {
        "version": html.escape(release.version),
        "date": release.date,
        "commit": release.commit[:12],
        "boards": _section("Boards", boards),
        "computers": _section("Without a board", others),
        "scripts": scripts,
    }
    for name, value in values.items():
        mark = "<!-- %s -->" % name
        if mark not in template:
            raise Failure("%s/index.html: expected a %s" % (_FOLDER, mark))
        template = template.replace(mark, value)
    return template


def _section(title, entries):
    if not entries:
        return ""
    articles = "\n".join(_board(entry) for entry in entries)
    return '<h2>%s</h2>\n<div class="boards">\n%s\n</div>' % (title, articles)


def _board(entry):
    port, name, product = entry["port"], entry["board"], entry["product"]
    if port in _HARDWARE:
        product = "%s %s" % (entry["vendor"], product)
    lines = ['<article class="board" id="%s">' % name, "<h3>%s</h3>" % html.escape(product)]
    lines.append('<p class="name">%s · %s</p>' % (name, html.escape(entry["mcu"])))
    if port == "esp32":
        lines.append(_install_button(entry))
    for number, file in enumerate(entry["files"]):
        lines.append(_download(file, number == 0 and port != "esp32"))
    lines.append(_STEPS[port] % {"board": name, "last": _last_step(entry)})
    lines.append("</article>")
    return "\n".join(lines)


def _install_button(entry):
    return (
        '<esp-web-install-button manifest="../%s">\n'
        '<button slot="activate" class="main">Install over USB</button>\n'
        '<p slot="unsupported" class="note">This browser cannot install over USB: '
        "use Chrome or Edge, or the download.</p>\n"
        '<p slot="not-allowed" class="note">Installing over USB needs https or localhost.</p>\n'
        "</esp-web-install-button>"
    ) % install_manifest_name(entry)


def _download(file, is_main):
    kind = "update" if file["name"].endswith(".update.uf2") else file["kind"]
    link = '<p><a class="%s" href="../%s" download>%s</a> <span class="size">%.0f KB</span></p>'
    style = "main" if is_main else "other"
    name = html.escape(file["name"], quote=True)
    label = _KINDS[kind] + (" for %s" % file["machine"] if "machine" in file else "")
    return link % (style, name, label, file["size"] / 1000)


def _last_step(entry):
    if "WiFi" in entry["features"]:
        return (
            "<li>It opens a Wi-Fi network <code>firn-XXXX</code>: join it, its page appears.</li>"
        )
    return (
        '<li><a href="usb.html">Open its site through the cable</a>, '
        "or type <code>firn bridge</code>.</li>"
    )


_HARDWARE = ("esp32", "rp2")
_KINDS = {
    "full": "Whole flash, .bin",
    "app": "Update over the network, .app-bin",
    "uf2": "Download .uf2",
    "update": "Update that keeps your files, .uf2",
    "elf": "Download",
}
_STEPS = {
    "rp2": """<ol>
<li>Hold the button BOOTSEL while you plug the cable in; a drive appears.</li>
<li>Copy the file to that drive. The board restarts by itself.</li>
%(last)s
</ol>""",
    "esp32": """<ol>
<li>Plug the board in and choose its serial port after pressing <b>Install over USB</b>.</li>
%(last)s
</ol>
<p class="note">By hand: <code>firn flash %(board)s</code></p>""",
    "qemu": """<p class="note">For the emulator: <code>firn emulate %(board)s</code></p>""",
    "unix": """<p class="note">For Linux: make it executable and give it the folder of a site:
<code>chmod +x FILE &amp;&amp; ./FILE my-site</code></p>""",
}
