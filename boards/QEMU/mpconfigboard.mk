# The heap of an application on a Raspberry Pi Pico W, in bytes, so that memory bugs show.
MICROPY_HEAP_SIZE ?= 184320

FROZEN_MANIFEST ?= $(BOARD_DIR)/manifest.py
