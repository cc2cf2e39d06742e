#!/bin/sh
# fetch_micropython.sh TAG FOLDER: a checkout of MicroPython with what Firn's boards are built with.
set -eu
git clone --quiet --depth 1 --branch "$1" https://github.com/micropython/micropython.git "$2"
git -C "$2" submodule --quiet update --init --depth 1 \
    lib/berkeley-db-1.xx lib/btstack lib/cyw43-driver lib/lwip lib/mbedtls lib/micropython-lib \
    lib/pico-sdk lib/tinyusb
