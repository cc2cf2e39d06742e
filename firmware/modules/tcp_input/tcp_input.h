// lwIP includes this (LWIP_HOOK_FILENAME) where it calls its hooks.
#ifndef FIRN_TCP_INPUT_H
#define FIRN_TCP_INPUT_H

#include "lwip/err.h"

struct tcp_pcb;
struct tcp_hdr;
struct pbuf;

err_t firn_tcp_input(struct tcp_pcb *pcb, struct tcp_hdr *header, struct pbuf *p);
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, optlen, opt1len, opt2, p) \
    firn_tcp_input((pcb), (header), (p))

#endif // FIRN_TCP_INPUT_H
