// MicroPython's own settings of this board, but for the filesystem: our firmware needs more room.
#include "ports/rp2/boards/RPI_PICO/mpconfigboard.h"
#undef MICROPY_HW_FLASH_STORAGE_BYTES
#define MICROPY_HW_FLASH_STORAGE_BYTES (1280 * 1024)
