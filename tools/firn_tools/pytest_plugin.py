"""The pytest plugin: ``firn_site``, a site under CPython, and ``firn_device``, one in an image.

Loaded into every pytest run of an environment that has Firn installed, so it imports nothing
until a fixture is used, and Firn's `microdot` is on sys.path only while a site runs.
"""

import pytest

_BOARDS = ("UNIX", "QEMU")


def pytest_addoption(parser):
    group = parser.getgroup("firn", "Firn: sites in tests")
    group.addoption(
        "--firn-board",
        choices=_BOARDS,
        default="UNIX",
        help="the image that firn_device boots: UNIX (default), a program, or QEMU, an emulated "
        "board; it is built if need be",
    )
    group.addoption(
        "--firn-port",
        metavar="PORT",
        help="use the board at this serial port in place of an image; the folder is pushed to it",
    )
    group.addoption(
        "--firn-url",
        metavar="URL",
        help="where the board answers, such as http://192.168.1.20; with --firn-port in place of "
        "the address it reports, alone for a device that has the site already",
    )


def pytest_configure(config):
    url = config.getoption("--firn-url")
    if url:
        from .device_client import DeviceClient
        from .errors import Failure

        try:
            DeviceClient(url)
        except Failure as failure:
            raise pytest.UsageError("--firn-url: %s" % failure)


def pytest_report_header(config):
    port, url = config.getoption("--firn-port"), config.getoption("--firn-url")
    if port or url:
        return "firn device: " + " ".join(part for part in (port, url) if part)
    return None


@pytest.fixture
def firn_site(tmp_path_factory, request):
    """``firn_site(folder, allow_mistakes=False)``: the folder's site under CPython.

    Returns a firn_tools.local_site.LocalSite with the methods get, post, put, patch, delete, head,
    options, request and websocket, which return what microdot.test_client gives; in asynchronous
    tests ``async with firn_site(folder) as client``. The test fails on a site that its device
    would report mistakes of, unless they are allowed.
    """
    sites = []

    def start(folder, allow_mistakes=False):
        from .errors import Failure
        from .local_site import LocalSite

        files = tmp_path_factory.mktemp("firn_site") / "files"
        try:
            site = LocalSite(_folder(request, folder), files)
        except Failure as failure:
            pytest.fail(str(failure), pytrace=False)
        sites.append(site)
        if not allow_mistakes:
            _expect_none(site.folder, site.problems)
        return site

    yield start
    for site in reversed(sites):
        site.close()


@pytest.fixture
def firn_device(tmp_path_factory, request):
    """``firn_device(folder, allow_mistakes=False)``: a device that serves a copy of the folder.

    It is an image (--firn-board) or a board (--firn-port, --firn-url). Returns a
    firn_tools.served.Device with the methods get, post, put, patch, delete, head, options and
    request as of firn_site; ``url``; ``console``, what it has printed; ``wait_for_console(text)``.
    """
    devices = []

    def start(folder, allow_mistakes=False):
        from . import check, served
        from .errors import Failure

        folder = _folder(request, folder)
        options = request.config.option
        try:
            if not allow_mistakes:
                _expect_none(folder, check.check_folder(folder))
            device = served.start(
                folder, options.firn_board, options.firn_port, options.firn_url,
                lambda: tmp_path_factory.mktemp("firn_device"),
            )  # fmt: skip
        except Failure as failure:
            pytest.fail(str(failure), pytrace=False)
        devices.append(device)
        return device

    yield start
    for device in reversed(devices):
        device.stop()


def pytest_collection_finish(session):
    """Build the image before the first test's clock runs, and where it can be seen."""
    option = session.config.option
    if option.collectonly or option.firn_port or option.firn_url:
        return
    if any("firn_device" in getattr(item, "fixturenames", ()) for item in session.items):
        _build(session.config)


def _build(config):
    from . import boards, build
    from .errors import Failure

    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend_global_capture()
    try:
        build.build(boards.find(config.option.firn_board), if_needed=True)
    except Failure:
        pass  # the fixture tries again, and then it is a test that fails
    finally:
        if capture:
            capture.resume_global_capture()


def _folder(request, folder):
    """``folder`` as an absolute Path; a relative one is beside the test's own file."""
    return request.path.parent / folder


def _expect_none(folder, problems):
    if problems:
        lines = "\n".join(str(problem) for problem in problems)
        pytest.fail("%s: expected a site without mistakes, got\n%s" % (folder, lines), False)
