// Without this, lwIP's timers may run in the middle of a packet that PPP hands to it.
//
// On rp2 lwIP's timers run in an interrupt (PendSV), which extmod/modlwip.c keeps away by a lock
// whenever it calls lwIP. PPP.poll() of extmod/network_ppp_lwip.c, which Python calls, takes no
// lock. The linker leads its call of pppos_input() here (-Wl,--wrap=pppos_input).

#include "py/mpconfig.h"

#if MICROPY_PY_NETWORK_PPP_LWIP

#include "py/mphal.h"
#include "netif/ppp/pppos.h"

void __real_pppos_input(ppp_pcb *pcb, const void *data, int length);
void __wrap_pppos_input(ppp_pcb *pcb, const void *data, int length);

void __wrap_pppos_input(ppp_pcb *pcb, const void *data, int length) {
    MICROPY_PY_LWIP_ENTER
    __real_pppos_input(pcb, data, length);
    MICROPY_PY_LWIP_EXIT
}

#endif // MICROPY_PY_NETWORK_PPP_LWIP
