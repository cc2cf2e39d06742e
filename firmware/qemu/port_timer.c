// machine.Timer: MicroPython's software timers on this port's clock. Callbacks are Python, run by
// the scheduler between two bytecodes or while waiting; nothing happens in an interrupt.

#include <stdbool.h>
#include "py/mphal.h"
#include "shared/runtime/softtimer.h"
#include "port_timer.h"

static bool running;
static uint32_t next_ms;

uint32_t soft_timer_get_ms(void) {
    return mp_hal_ticks_ms();
}

// Asked for by the earliest timer whenever that becomes another.
void soft_timer_schedule_at_ms(uint32_t ticks_ms) {
    next_ms = ticks_ms;
    running = true;
}

void port_timer_poll(void) {
    if (running && soft_timer_ticks_diff(next_ms, soft_timer_get_ms()) <= 0) {
        running = false; // the handler sets it again if a timer is left
        soft_timer_handler();
    }
}

uint32_t port_timer_sleep_ms(void) {
    if (!running) {
        return UINT32_MAX;
    }
    int32_t ms = soft_timer_ticks_diff(next_ms, soft_timer_get_ms());
    return ms > 0 ? ms : 0;
}
