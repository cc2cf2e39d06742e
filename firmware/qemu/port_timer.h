// When the next of Python's timers (machine.Timer) is due.
#ifndef FIRN_QEMU_PORT_TIMER_H
#define FIRN_QEMU_PORT_TIMER_H

#include <stdint.h>

// Schedules the callbacks of those that are due.
void port_timer_poll(void);
// Milliseconds until the next is due; UINT32_MAX while there is none.
uint32_t port_timer_sleep_ms(void);

#endif // FIRN_QEMU_PORT_TIMER_H
