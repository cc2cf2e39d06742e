"""The one table of what images are built from: versions, checksums, where Debian keeps it.

The suite is a stable one, whose packages fit each other. A later MicroPython comes through
``MICROPYTHON_DIR``. To move a pin: change it here, delete nothing, run ``firn sources``.
"""

from typing import NamedTuple

SUITE = "trixie"
OLDEST_MICROPYTHON = (1, 25, 0)
MICROPYTHON = "1.25.0"
# Upstream's own repository, used where there is no Debian mirror; its submodules pin the rest.
MICROPYTHON_GIT = "https://github.com/micropython/micropython.git"
MICROPYTHON_TAG = "v" + MICROPYTHON
# Of the files every provider delivers alike (sources.digest), whichever way they came.
MICROPYTHON_DIGEST = "b005988e55c036b00aa145fc4668ff6c15433955dbabb919a81cb07ee9f28ea4"


class Source(NamedTuple):
    """One upstream source as the suite packages it."""

    name: str
    version: str
    package: str
    is_source: bool  # a Debian source package; else a binary package that carries sources
    file: str  # as the archive names it (the upstream tarball of a source package)
    sha256: str
    top: str  # the folder inside it that holds the sources
    place: str  # where MicroPython's tree wants them


SOURCES = (
    Source(
        "MicroPython",
        MICROPYTHON,
        "micropython",
        True,
        "micropython_1.25.0+ds.orig.tar.xz",
        "7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea",
        "micropython-1.25.0",
        "",
    ),
    Source(
        "lwIP",
        "2.2.1",
        "lwip",
        True,
        "lwip_2.2.1+dfsg1.orig.tar.xz",
        "83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1",
        "lwip-2.2.1",
        "lib/lwip",
    ),
    Source(
        "Mbed TLS",
        "3.6.6",
        "mbedtls",
        True,
        "mbedtls_3.6.6.orig.tar.bz2",
        "8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a",
        "mbedtls-3.6.6",
        "lib/mbedtls",
    ),
    Source(
        "pico-sdk",
        "2.1.1",
        "pico-sdk-source",
        False,
        "pico-sdk-source_2.1.1-1_all.deb",
        "507a3ca37636641bc90239d7c04dc9dc28c5008087a8162102ea94d2273153d3",
        "usr/src/pico-sdk",
        "lib/pico-sdk",
    ),
    Source(
        "TinyUSB",
        "0.18.0",
        "tinyusb-source",
        False,
        "tinyusb-source_0.18.0+dfsg-1_all.deb",
        "01ce2c645df68f14a8a7dcfc8fb355713152543757955820479a87949a61154e",
        "usr/src/tinyusb",
        "lib/tinyusb",
    ),
)
