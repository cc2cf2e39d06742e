"""Collects the portable tests once per Python, and gives the other tests running images."""

import asyncio
import inspect
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from firn_tools import boards, emulate, flash_image, programs
from targets import PORTABLE, SAMPLE, QemuSite, UnixSite, build_images, mpremote

TARGETS = ("unix", "qemu")
_FLASH_SIZE = 2 * 1024 * 1024  # bytes
_MODULE_TIMEOUT = 600  # seconds for all tests of one module on an emulated board


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """What ``-n auto`` means."""
    import workers

    return workers.count()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out whole modules, whatever --dist says but for its own ways to group."""
    import workers

    if config.getvalue("dist") in ("load", "loadscope"):
        return workers.Scheduling(config, log)
    return None


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        import workers

        workers.put_in_order(items)


def pytest_collection_finish(session):
    """Build what is going to be booted before the first test's clock runs."""
    markers = [marker for item in session.items for marker in item.iter_markers("image")]
    if markers:
        build_images({name for marker in markers for name in marker.args})


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run portable ``async def`` tests on CPython."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True


def pytest_configure(config):
    # Workers ignore Ctrl-C, and so does what a shell starts in the background; what tests start
    # would inherit that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for target in TARGETS:
        config.pluginmanager.register(PortableCollector(target))


class PortableCollector:
    """Beside the portable modules that pytest collects itself: the same modules on an image."""

    def __init__(self, target):
        self.target = target

    def pytest_collect_file(self, file_path, parent):
        if file_path.parent == PORTABLE and re.fullmatch(r"test_\w+\.py", file_path.name):
            name = "%s[%s]" % (file_path.name, self.target)
            # A name of its own in reports too: by its name a test is given to a worker.
            nodeid = "%s/%s" % (parent.nodeid, name)
            return DeviceModule.from_parent(parent, path=file_path, name=name, nodeid=nodeid)
        return None


class DeviceModule(pytest.File):
    """One portable test module on one image; all its tests run in one go."""

    def collect(self):
        self.target = self.name[self.name.index("[") + 1 : -1]
        self.outcomes = None
        names = re.findall(r"(?m)^(?:async )?def (test_\w+)\(", self.path.read_text())
        for name in names:
            item = DeviceTest.from_parent(self, name=name)
            item.add_marker("image")
            item.add_marker(pytest.mark.timeout(_MODULE_TIMEOUT))
            yield item

    def outcome(self, name):
        """What became of test ``name``: None when it passed, else the text of its failure."""
        if self.outcomes is None:
            run = run_on_unix if self.target == "unix" else run_on_qemu
            self.outcomes = parse(run(self.config, self.path.stem))
        return self.outcomes.get(name, self.outcomes[None])


class DeviceTest(pytest.Item):
    """One portable test function on one image."""

    def runtest(self):
        failure = self.parent.outcome(self.name)
        if failure is not None:
            raise DeviceFailure(failure)

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, DeviceFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, "%s: %s" % (self.parent.name, self.name)


class DeviceFailure(Exception):
    """A test failed on the device; the message is what the device printed."""


def parse(output):
    """{test: None or its failure} of the runner's lines; under None, what else there was."""
    outcomes = {None: "the test did not run; the device printed:\n" + output}
    name = None
    for line in output.splitlines():
        found = re.match(r"(ok|not ok) (test_\w+)\s*$", line)
        if found:
            name = found.group(2)
            outcomes[name] = None if found.group(1) == "ok" else ""
        elif name and outcomes[name] is not None:
            outcomes[name] += line + "\n"
    return outcomes


def run_on_unix(config, module):
    """The runner's output for ``module`` under the UNIX image."""
    command = [str(boards.find("UNIX").image), str(PORTABLE / "runner.py"), module]
    # The frozen packages, not the sources: that is what a user gets.
    environment = dict(os.environ, MICROPYPATH=".frozen")
    done = subprocess.run(
        command, env=environment, cwd=PORTABLE, capture_output=True, text=True,
        timeout=_MODULE_TIMEOUT,
    )  # fmt: skip
    return done.stdout + done.stderr


def run_on_qemu(config, module):
    """The runner's output for ``module`` on an emulated board that all modules share."""
    device = config.stash.get(_DEVICE, None)
    if device is None or device.process.poll() is not None:
        # From the board's own flash: over the console every module would take ten seconds.
        folder = config.stash.setdefault(_FOLDER, tempfile.TemporaryDirectory())
        flash = Path(folder.name) / "flash.img"
        files = sorted(PORTABLE.glob("*.py"))
        flash_image.create(PORTABLE, flash, _FLASH_SIZE, files)
        device = emulate.Qemu(boards.find("QEMU"), flash=flash)
        device.__enter__()
        config.stash[_DEVICE] = device
        device.wait_until_booted()
    code = "import runner; runner.run(%r)" % module
    try:
        return mpremote(device.serial, "soft-reset", "exec", code, timeout=_MODULE_TIMEOUT)
    except AssertionError as error:
        return str(error)


_DEVICE = pytest.StashKey()
_FOLDER = pytest.StashKey()


@pytest.fixture(autouse=True)
def real_files():
    """Portable tests put fake files under modules of the device; take them away again."""
    yield
    for name in ("firn.config", "firn.replace", "firn.log", "firn.log_file", "firn.secrets"):
        module = sys.modules.get(name)
        if module is not None:
            for real in (os, time):
                if hasattr(module, real.__name__):
                    setattr(module, real.__name__, real)
            vars(module).pop("open", None)
            vars(module).pop("print", None)


def pytest_unconfigure(config):
    device = config.stash.get(_DEVICE, None)
    if device is not None:
        device.__exit__()
    folder = config.stash.get(_FOLDER, None)
    if folder is not None:
        folder.cleanup()


@pytest.fixture(scope="session")
def boot(tmp_path_factory):
    """``boot(target, folder, **options)``: a context manager, the site in an image."""

    def start(target, folder, **options):
        if target == "unix":
            return UnixSite(folder, **options)
        flash = options.pop("flash", None) or tmp_path_factory.mktemp("flash") / "flash.img"
        return QemuSite(folder, flash, **options)

    return start


@pytest.fixture(scope="module", params=TARGETS)
def sample_site(request, boot):
    """The sample site (firmware/filesystem) in each image."""
    with boot(request.param, SAMPLE) as site:
        yield site


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A folder with cert.der and key.der, self-signed for 127.0.0.1."""
    programs.ensure("openssl")
    folder = tmp_path_factory.mktemp("tls")
    for command in (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem",
        "x509 -in cert.pem -outform DER -out cert.der",
        "ec -in key.pem -outform DER -out key.der",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder
