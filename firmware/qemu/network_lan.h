#ifndef FIRN_QEMU_NETWORK_LAN_H
#define FIRN_QEMU_NETWORK_LAN_H

#include "py/obj.h"
#include "py/mphal.h"

extern const mp_obj_type_t network_lan_type;

// Adds the interface to lwIP; once after a machine reset.
void network_lan_init(void);
// At a soft reset, after the finalisers: no connection may outlive the heap it belongs to.
void network_lan_close_connections(void);

#endif // FIRN_QEMU_NETWORK_LAN_H
