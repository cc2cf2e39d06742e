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

// MicroPython's common options give, as on rp2: MEM_SIZE 8000 (all segments waiting to be sent or
// acknowledged), TCP_MSS 800, TCP_WND and TCP_SND_BUF 8 * TCP_MSS, MEMP_NUM_TCP_SEG 32. lwIP's
// own defaults add 5 TCP connections (a new one takes the place of the oldest in TIME_WAIT),
// 8 listeners and 16 pool buffers.
// The window must stay under the LAN9118's receive FIFO of 10560 bytes: frames beyond it are lost
// and come again only after TCP's retransmission timeout. 8 segments of 800 bytes plus headers
// are 7 KB.
// What is worse here than on a real board: a connection that finds none of the 5 free waits until
// its SYN is sent again, after 1 s by most clients but after 6 s by QEMU's user network.
#ifndef MEMP_NUM_TCP_PCB
#define MEMP_NUM_TCP_PCB (5)
#endif

#include "extmod/lwip-include/lwipopts_common.h"

#endif // FIRN_QEMU_LWIPOPTS_H
