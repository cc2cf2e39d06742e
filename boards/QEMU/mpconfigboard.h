#define MICROPY_HW_BOARD_NAME "QEMU MPS2-AN385"
#define MICROPY_HW_MCU_NAME "Cortex-M3"

// Size of a flash image that the firmware makes itself; one that exists may have any size.
#define MICROPY_HW_FLASH_STORAGE_BYTES (1408 * 1024)

#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "firn"

#include "../../firmware/lwip_memory.h"
