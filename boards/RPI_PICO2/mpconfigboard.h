// MicroPython's own settings of this board; 1 MB for the firmware is enough.
#include "ports/rp2/boards/RPI_PICO2/mpconfigboard.h"
#undef MICROPY_HW_FLASH_STORAGE_BYTES
#define MICROPY_HW_FLASH_STORAGE_BYTES (3072 * 1024)
