// The hardware abstraction that MicroPython asks of a port.
#ifndef FIRN_QEMU_MPHALPORT_H
#define FIRN_QEMU_MPHALPORT_H

#include <stdbool.h>
#include <stdint.h>
#include "py/mpconfig.h"
#include "shared/runtime/interrupt_char.h"

// Set by every interrupt, cleared by port_wait_ms(): something may have become ready.
extern volatile bool port_event;

// Starts clock, tick and random numbers.
void port_init(void);
// Runs what the network card received, and the timers of lwIP and Python that are due.
void port_poll(void);
// Sleeps until an interrupt, the next timer of lwIP or Python, or timeout_ms; (mp_uint_t)-1 is for ever.
void port_wait_ms(mp_uint_t timeout_ms);
// Microseconds since the machine was reset.
uint64_t port_time_us(void);
// Seconds since 1970, and setting them.
uint64_t port_clock_seconds(void);
void port_set_clock_seconds(uint64_t seconds);
void port_random(void *buf, size_t len);

void port_timer_isr(void);
void port_ethernet_isr(void);

#define MICROPY_INTERNAL_EVENT_HOOK \
    do { \
        if (port_poll_due) { \
            port_poll(); \
        } \
    } while (0)
#define MICROPY_INTERNAL_WFE(TIMEOUT_MS) port_wait_ms(TIMEOUT_MS)

static inline mp_uint_t port_irq_disable(void) {
    mp_uint_t primask;
    __asm volatile ("mrs %0, primask\n cpsid i" : "=r" (primask) :: "memory");
    return primask;
}

static inline void port_irq_restore(mp_uint_t primask) {
    __asm volatile ("msr primask, %0" :: "r" (primask) : "memory");
}

#define MICROPY_BEGIN_ATOMIC_SECTION() port_irq_disable()
#define MICROPY_END_ATOMIC_SECTION(state) port_irq_restore(state)

#endif // FIRN_QEMU_MPHALPORT_H
