// Two things that lwIP does with what comes for a connection, on every board with lwIP.
//
// A client may use its port again while the board still has the old connection in TIME_WAIT, two
// minutes long. lwIP answers the new SYN with an ACK of the old connection and ignores the RST
// that comes back, so that the client waits in vain. RFC 9293 section 3.10.7.4 lets such a SYN
// begin a new connection: the old one is forgotten here, and the SYN works when it is repeated.
//
// When both ends have a window of zero, lwIP takes an empty segment for one outside its window and
// answers it with an ACK, which an end that does the same answers in turn, without an end. Nothing
// is to be said to an ACK that brings nothing new.
//
// lwIP calls this as LWIP_HOOK_TCP_INPACKET_PCB, with the fields of the header in host order and
// the header taken off the packet.

#include "py/mpconfig.h"

#if MICROPY_PY_LWIP

#include <stdbool.h>
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"
#include "tcp_input.h"

static bool begins_anew(struct tcp_pcb *pcb, struct tcp_hdr *header) {
    return pcb->state == TIME_WAIT && TCPH_FLAGS(header) == TCP_SYN
        && TCP_SEQ_GT(header->seqno, pcb->rcv_nxt);
}

static bool brings_nothing(struct tcp_pcb *pcb, struct tcp_hdr *header, struct pbuf *p) {
    return pcb->state >= ESTABLISHED && pcb->state != TIME_WAIT
        && TCPH_FLAGS(header) == TCP_ACK && p->tot_len == 0
        && header->wnd == 0 && pcb->snd_wnd == 0 && pcb->rcv_wnd == 0
        && header->ackno == pcb->lastack;
}

err_t firn_tcp_input(struct tcp_pcb *pcb, struct tcp_hdr *header, struct pbuf *p) {
    if (begins_anew(pcb, header)) {
        tcp_abort(pcb); // sends nothing in TIME_WAIT
        return ERR_ABRT;
    }
    if (brings_nothing(pcb, header, p)) {
        // What it does say: the other end is there.
        pcb->tmr = tcp_ticks;
        pcb->keep_cnt_sent = 0;
        pcb->persist_probe = 0;
        return ERR_WOULDBLOCK;
    }
    return ERR_OK;
}

#endif // MICROPY_PY_LWIP
