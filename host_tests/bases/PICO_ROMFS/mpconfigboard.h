// MicroPython's own RPI_PICO, with a ROMFS between program and filesystem.
#include "ports/rp2/boards/RPI_PICO/mpconfigboard.h"
#define MICROPY_HW_ROMFS_BYTES (512 * 1024)
#undef MICROPY_HW_FLASH_STORAGE_BYTES
#define MICROPY_HW_FLASH_STORAGE_BYTES (1024 * 1024)
