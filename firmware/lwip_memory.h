// lwIP's memory on the rp2 and QEMU boards with a network, in place of the sizes in MicroPython's
// extmod/lwip-include/lwipopts_common.h (which takes those of a board that defines MEM_SIZE).
//
// What a connection may have on its way (TCP_SND_BUF) comes out of one heap of MEM_SIZE bytes. If
// that is used up, MicroPython's socket waits inside the write, up to 10 s with everything else
// standing still, and then reports as written what lwIP has not taken. So it must be enough for
// all connections that the server admits (server.max_connections, 8 by default) to be as full as
// they can be: a browser opens six.
#ifndef FIRN_LWIP_MEMORY_H
#define FIRN_LWIP_MEMORY_H

#define FIRN_LWIP_CONNECTIONS (8)

#define TCP_MSS (800)
#define TCP_WND (8 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)

// A segment of 800 bytes takes 900 with its headers, its pbuf and the heap's own; 2 KB remain for
// DHCP, DNS and mDNS.
#define MEM_SIZE (FIRN_LWIP_CONNECTIONS * 4 * 900 + 2048)

// Small writes make small segments, as many as a connection's queue holds.
#define MEMP_NUM_TCP_SEG (FIRN_LWIP_CONNECTIONS * TCP_SND_QUEUELEN)

// Some more for connections that were closed and wait for what is late (TIME_WAIT); lwIP's own
// default of 5 is less than one browser opens.
#define MEMP_NUM_TCP_PCB (12)

#endif // FIRN_LWIP_MEMORY_H
