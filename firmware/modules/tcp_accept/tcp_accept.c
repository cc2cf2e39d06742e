// Without this, one HTTP request in a few stalls for up to 250 ms on every board with lwIP.
//
// A request often arrives before Python has called accept(). extmod/modlwip.c then refuses the
// data (its receive callback returns ERR_BUF), lwIP keeps it aside and offers it again only from
// its 250 ms timer, or when more data comes, which an HTTP client does not send. accept() sets
// the socket's own receive callback last of all, with tcp_recv(); the linker leads that call here
// (-Wl,--wrap=tcp_recv) and the data is offered again at once.
//
// The socket's callback never aborts the connection, so the pcb is valid afterwards, and
// modlwip holds its lock around the call.

#include "py/mpconfig.h"

#if MICROPY_PY_LWIP

#include "lwip/priv/tcp_priv.h"

void __real_tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv);
void __wrap_tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv);

void __wrap_tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv) {
    __real_tcp_recv(pcb, recv);
    if (pcb != NULL && recv != NULL && pcb->refused_data != NULL) {
        tcp_process_refused_data(pcb);
    }
}

#endif // MICROPY_PY_LWIP
