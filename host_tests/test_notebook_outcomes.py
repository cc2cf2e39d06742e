"""What becomes of notebooks: the same on CPython, in an image, on a board, and by the real marimo.

Order, outputs, errors and reruns are compared. What is meant to differ from the real marimo is in
_MEANT; a cell that is nothing but a constant text is left out of the orders, as their server sends
its text without running it.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import notebook_outcomes
import pytest
import real_marimo
from marimo_visit import MarimoVisit

from firn_tools import boards, emulate, flash_image, ports
from targets import ROOT, mpremote

if sys.version_info < (3, 10):
    pytest.skip("marimo needs Python 3.10", allow_module_level=True)

_HERE = Path(__file__).resolve().parent
_FOLDERS = (_HERE / "notebooks", ROOT / "firmware" / "filesystem" / "notebooks")

# The notebooks and what their pages send, each in a run of its own.
STEPS = {
    "markdown": [],
    "out_of_order": [],
    "slider": [
        {"level": 35},
        {"level": 35},
        {"choice": ["high"], "switch": True},
        {"name": "Grace", "number": 7},
        {"both": {"0": True}},
        {"both": {"1": 2}},
        {"form": "Bern"},
    ],
    "buttons": [{"count": 1}, {"count": 2}, {"go": 1}, {"count": 3}, {"plain": 1}],
    "stopping": [{"allowed": True}, {"allowed": False}],
    "failing": [{"divisor": 4}, {"divisor": 0}],
    "conflicts": [],
    "functions": [],
    "requested": [],
    "states": [{"slider": 7}, {"number": 9}, {"button": 1}, {"button": 2}],
    "waiting": [],
    "ordering": [],
    "device": [{"lamp": True}],
    "temperature": [{"unit": ["Fahrenheit"]}, {"limit": 10}],
}
# Cells whose outputs are meant to be others than the real marimo's.
_MEANT = {
    # Who is nobody known is one there, whom they call "user".
    "requested": (3,),
    # An array is shown as a dict there, with its elements in an attribute.
    "slider": (9,),
    # The text of mo.stat() and mo.callout() is in attributes there, and there is no mo.plot; the
    # values differ, too.
    "device": (8, 9),
    "temperature": (7, 8, 9),
}
_VALUES = (("device", 8), ("device", 9), ("temperature", 7), ("temperature", 9))  # of a moment
# Elements with others inside have another number there, after those of their copies.
_THEIR_IDS = {"both": "RGSE-4", "form": "emfo-2"}
_RUN = (
    "import json, sys; sys.path.insert(0, '/'); import notebook_outcomes as o; "
    "o.run('/notebooks', json.load(open('/steps.json')))"
)


def _file(name):
    return next(
        folder / (name + ".py") for folder in _FOLDERS if (folder / (name + ".py")).exists()
    )


def _parsed(printed):
    found = {name: [] for name in STEPS}
    for name, text in re.findall(r"(?m)^@(\w+)\.py (.*?)\r?$", printed):
        found[name].append(json.loads(text))
    assert "Traceback" not in printed, printed[-3000:]
    scripts = re.findall(r"(?m)^!(\w+)\.py (.*?)\r?$", printed)
    return {name: _runs(name, found[name]) for name in found}, {
        name: json.loads(text) for name, text in scripts
    }


def _runs(name, values):
    """[[order, {index: cell}]] of what notebook_outcomes.py gives."""
    count = len(values) // (1 + len(STEPS[name]))
    assert len(values) == count * (1 + len(STEPS[name])), values
    found = [values[at : at + count] for at in range(0, len(values), count)]
    return [
        [order, {str(index): cell for index, cell in enumerate(cells)}] for order, *cells in found
    ]


@pytest.fixture(scope="module")
def site():
    """A folder with the notebooks, their steps, and what runs them."""
    with tempfile.TemporaryDirectory(prefix="firn-test-") as folder:
        site = Path(folder)
        (site / "notebooks").mkdir()
        for name in STEPS:
            (site / "notebooks" / (name + ".py")).write_bytes(_file(name).read_bytes())
        steps = json.dumps({name + ".py": STEPS[name] for name in STEPS})
        (site / "steps.json").write_text(steps)
        runner = Path(notebook_outcomes.__file__)
        (site / runner.name).write_bytes(runner.read_bytes())
        yield site


@pytest.fixture(scope="module")
def ours(site):
    found = {}
    for name, steps in STEPS.items():
        values = notebook_outcomes.outcomes(str(site / "notebooks" / (name + ".py")), steps)
        found[name] = _runs(name, list(values))
    return found


@pytest.fixture(scope="module")
def on_unix(site):
    command = [str(boards.find("UNIX").image), "notebook_outcomes.py"]
    done = subprocess.run(
        command, env=dict(os.environ, MICROPYPATH=".frozen"), cwd=site, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    return _parsed(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def on_qemu(site):
    with tempfile.TemporaryDirectory(prefix="firn-test-") as folder:
        flash = Path(folder) / "flash.img"
        flash_image.create(site, flash, 1024 * 1024)
        with emulate.Qemu(boards.find("QEMU"), flash=flash) as device:
            device.wait_until_booted()
            return _parsed(mpremote(device.serial, "soft-reset", "exec", _RUN, timeout=120))


@pytest.fixture(scope="module")
def theirs(site, ours):
    """The outcomes by the real marimo's server."""
    port = ports.free_port()
    command = [real_marimo.python(), "-W", "ignore", str(_HERE / "marimo_server.py")]
    command += [str(site / "notebooks"), str(port), *STEPS]
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "XDG_"))}
    nowhere = "http://127.0.0.1:9"
    kept.update(
        HOME=str(site), MARIMO_SKIP_UPDATE_CHECK="1", HTTP_PROXY=nowhere, HTTPS_PROXY=nowhere
    )
    server = subprocess.Popen(
        command, env=kept, cwd=site, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(port, server)
        yield {name: _visited(port, name, site) for name in STEPS}
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()


def _wait_for(port, server):
    end = time.monotonic() + 60
    while True:
        try:
            emulate.socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            assert server.poll() is None, server.stdout.read()
            assert time.monotonic() < end, "expected marimo's server to start"
            time.sleep(0.1)


def _visited(port, name, site):
    ids = _ids(site, name)
    with MarimoVisit(port, name) as visit:
        visit.load()
        visit.connect("room=7")
        found = [visit.outcome()]
        for step in STEPS[name]:
            visit.press({ids[element]: value for element, value in step.items()})
            found.append(visit.outcome())
    return found


def _ids(site, name):
    """{name of an element: its id by the real marimo}."""
    from marimo.headless import Session

    session = Session(str(site / "notebooks" / (name + ".py")))
    session.run()
    values = session.kernel.globals.items()
    found = {name: value._id for name, value in values if hasattr(value, "_update")}
    found.update({name: _THEIR_IDS[name] for name in _THEIR_IDS if name in found})
    return found


# Comparison


def _normal(outcomes, markdown):
    """Outcomes in a form in which the same ones are equal: [(order, {cell: (why, what)})]."""
    found = []
    for order, cells in outcomes:
        order = [index for index in order if index not in markdown]
        shown = {
            int(index): (_why(status, error), _text(output))
            for index, (status, error, output) in cells.items()
        }
        found.append((order, shown))
    return found


def _why(status, error):
    """Why a cell was not run to its end, None where it was."""
    if error is None:
        return "stopped" if status == "stopped" else None
    kind, name = error
    if name == "Ancestor raised":
        return "ancestor"
    if kind in ("ancestor-stopped", "stopped"):
        return "stopped"
    # Their server does not say more of these to a page.
    name = "OSError" if name == "FileNotFoundError" else name  # on a device there is but this one
    return {"exception": name, "ancestor": "ancestor"}.get(kind, "internal")


def _text(output):
    """What people see of an output: its text without tags, the elements by their kinds."""
    if not isinstance(output, str):
        output = json.dumps(output)
    kinds = re.findall(r"<(?:marimo|firn)-([a-z-]+)", output)
    kinds = sorted(kind.replace("run-button", "button") for kind in kinds if kind != "ui-element")
    if kinds:
        return kinds
    text = html.unescape(re.sub(r"<[^>]*>", " ", output))
    return " ".join(text.split())


def _markdown(site, name):
    from marimo import notebook

    cells = notebook.load(str(site / "notebooks" / (name + ".py"))).cells
    return [cell.index for cell in cells if cell.markdown is not None]


@pytest.mark.image
@pytest.mark.parametrize("name", sorted(STEPS))
def test_images_agree_with_cpython(name, ours, on_unix, on_qemu, site):
    markdown = _markdown(site, name)
    wanted = _normal(ours[name], markdown)
    for runs, _ in (on_unix, on_qemu):
        found = _normal(runs[name], markdown)
        assert len(found) == len(wanted)
        for number, (ours_then, found_then) in enumerate(zip(wanted, found)):
            assert found_then[0] == ours_then[0], (name, number)
            for cell in ours_then[1]:
                if (name, cell) in _VALUES:
                    assert found_then[1][cell][0] == ours_then[1][cell][0], (name, number, cell)
                else:
                    assert found_then[1][cell] == ours_then[1][cell], (name, number, cell)


@pytest.mark.timeout(600)  # the first time, it is installed
@pytest.mark.parametrize("name", sorted(STEPS))
def test_the_real_marimo_agrees(name, ours, theirs, site):
    markdown = _markdown(site, name)
    wanted = _normal(theirs[name], markdown)
    found = _normal(ours[name], markdown)
    assert len(found) == len(wanted)
    for number, (theirs_then, ours_then) in enumerate(zip(wanted, found)):
        assert ours_then[0] == theirs_then[0], (name, number)
        assert sorted(ours_then[1]) == sorted(theirs_then[1]), (name, number)
        for cell, (why, what) in ours_then[1].items():
            assert why == theirs_then[1][cell][0], (name, number, cell)
            if cell not in _MEANT.get(name, ()):
                assert what == theirs_then[1][cell][1], (name, number, cell)


_SCRIPTS = """
import asyncio, runpy, sys
answer = {}
for name, path in given.items():
    app = runpy.run_path(path)["app"]
    try:
        outputs, names = app.run()
    except Exception as error:
        answer[name] = [type(error).__name__, [], []]
    else:
        texts = [getattr(one, "text", None) or repr(one) for one in outputs if one is not None]
        answer[name] = [None, texts, sorted(names)]
"""


@pytest.fixture(scope="module")
def scripts(site):
    """What app.run() of the real marimo gives."""
    return real_marimo.run(
        _SCRIPTS, {name: str(site / "notebooks" / (name + ".py")) for name in STEPS}
    )


def _script(name, found):
    error, outputs, names = found
    error = "OSError" if error == "FileNotFoundError" else error
    # Where some are of a moment or shown in another form, none are compared.
    shown = [_text(output) for output in outputs]
    return error, None if name in _MEANT else shown, names


@pytest.mark.image
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(STEPS))
def test_scripts_agree(name, site, on_unix, on_qemu, scripts):
    wanted = _script(name, scripts[name])
    path = str(site / "notebooks" / (name + ".py"))
    assert _script(name, notebook_outcomes.script(path)) == wanted
    assert _script(name, on_unix[1][name]) == wanted
    assert _script(name, on_qemu[1][name]) == wanted
