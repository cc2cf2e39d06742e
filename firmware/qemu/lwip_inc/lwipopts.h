// lwIP sized like on a Raspberry Pi Pico W, so that an application that runs out of lwIP's
// buffers does so here first.
#ifndef FIRN_QEMU_LWIPOPTS_H
#define FIRN_QEMU_LWIPOPTS_H

#include <stdint.h>
#include "mpconfigboard.h"

#define LWIP_NETIF_EXT_STATUS_CALLBACK (1)
#define LWIP_NETIF_STATUS_CALLBACK (1)

#define LWIP_IPV4 (1)
#define LWIP_IPV6 (1)
#define LWIP_ND6_NUM_DESTINATIONS (4)
#define LWIP_ND6_QUEUEING (0)

uint32_t port_random_u32(void);
#define LWIP_RAND() port_random_u32()

// The board's lwip_memory.h gives what the Pico W has; lwIP's own defaults add 8 listeners and 16
// pool buffers. A new connection takes the place of the oldest in TIME_WAIT.
// The window must stay under the LAN9118's receive FIFO of 10560 bytes: frames beyond it are lost
// and come again only after TCP's retransmission timeout. 8 segments of 800 bytes plus headers
// are 7 KB.
// What is worse here than on a real board: a connection that finds none free waits until its
// SYN is sent again, after 1 s by most clients but after 6 s by QEMU's user network.

#include "extmod/lwip-include/lwipopts_common.h"

#endif // FIRN_QEMU_LWIPOPTS_H
