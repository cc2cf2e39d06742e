// MicroPython's own settings of this board, but for the filesystem and the network's memory.
#include "ports/rp2/boards/RPI_PICO_W/mpconfigboard.h"
#undef MICROPY_HW_FLASH_STORAGE_BYTES
#define MICROPY_HW_FLASH_STORAGE_BYTES (704 * 1024)

#undef MICROPY_PY_NETWORK_HOSTNAME_DEFAULT
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "firn"

#include "../../firmware/lwip_memory.h"
