// Block storage: the persistent flash image on the host, and a stand-in in RAM.
#ifndef FIRN_QEMU_FLASH_H
#define FIRN_QEMU_FLASH_H

#include "py/obj.h"

extern const mp_obj_type_t qemu_flash_type;
extern const mp_obj_type_t qemu_ram_flash_type;

#endif // FIRN_QEMU_FLASH_H
