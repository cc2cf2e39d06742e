// LAN9118 Ethernet controller as an lwIP network interface.
#ifndef FIRN_QEMU_LAN9118_H
#define FIRN_QEMU_LAN9118_H

#include <stdbool.h>
#include <stdint.h>
#include "lwip/netif.h"

typedef struct {
    uint32_t received;
    uint32_t sent;
    uint32_t dropped; // no buffer, or a bad frame
} lan9118_counters_t;

extern struct netif lan9118_netif;
extern lan9118_counters_t lan9118_counters;

// Adds the interface to lwIP, down. False if the machine has no such controller.
bool lan9118_init(void);
// Hands received frames to lwIP and follows the state of the cable.
void lan9118_poll(void);
void lan9118_isr(void);

#endif // FIRN_QEMU_LAN9118_H
