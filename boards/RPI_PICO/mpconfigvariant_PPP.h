// The network's code takes room, and memory as on the boards with a radio.
#undef MICROPY_HW_FLASH_STORAGE_BYTES
#define MICROPY_HW_FLASH_STORAGE_BYTES (1024 * 1024)

#include "../../firmware/lwip_memory.h"
