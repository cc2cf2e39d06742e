// Time, sleep, random numbers and standard streams.

#include "py/runtime.h"
#include "py/mphal.h"
#include "py/stream.h"
#include "extmod/misc.h"
#include "lwip/timeouts.h"
#include "console.h"
#include "lan9118.h"
#include "mps2.h"
#include "port_timer.h"
#include "retained.h"
#include "semihosting.h"

// While Python runs, lwIP's and Python's timers are looked after at this period; asleep, the
// timer is set to the next one that is due, so that an idle board costs the host nothing.
#define TICK_US (32000u)
#define LONGEST_SLEEP_MS (60000u)

volatile uint8_t port_poll_due;
volatile bool port_event;

static uint64_t clock_at_reset; // seconds since 1970
static int32_t random_handle = -1;
static uint64_t random_state;

void port_init(void) {
    FPGAIO_PRESCALE = MPS2_CYCLES_PER_US - 1;
    FPGAIO_COUNTER = 0;
    clock_at_reset = host_time() + retained_clock_offset();
    random_handle = host_open("/dev/urandom", HOST_OPEN_READ);
    retained_note_handle(RETAINED_HANDLE_RANDOM, random_handle);
    random_state = clock_at_reset * 0x9e3779b97f4a7c15u + 1;

    TIMER0_RELOAD = TICK_US * MPS2_CYCLES_PER_US;
    TIMER0_VALUE = TICK_US * MPS2_CYCLES_PER_US;
    TIMER0_CTRL = TIMER_CTRL_ENABLE | TIMER_CTRL_IRQ_ENABLE;
    mps2_irq_enable(MPS2_IRQ_TIMER0);
}

// --- interrupts -----------------------------------------------------------------------------

void port_timer_isr(void) {
    TIMER0_INTCLEAR = 1;
    port_poll_due = 1;
    port_event = true;
}

void port_ethernet_isr(void) {
    lan9118_isr();
    port_poll_due = 1;
    port_event = true;
}

// --- lwIP and sleep -------------------------------------------------------------------------

void port_poll(void) {
    static bool busy;
    if (busy) {
        return;
    }
    busy = true;
    port_poll_due = 0; // before the work: an interrupt during it sets this again
    lan9118_poll();
    sys_check_timeouts();
    port_timer_poll();
    busy = false;
}

// Sleeps at most that long, with no lwIP timer in mind.
static void sleep_until_interrupt(uint32_t us) {
    __asm volatile ("cpsid i" ::: "memory");
    if (!port_event) {
        TIMER0_VALUE = us * MPS2_CYCLES_PER_US;
        // With interrupts masked WFI still ends when one is pending, so none can slip in
        // between the test above and the sleep.
        __asm volatile ("dsb\n wfi" ::: "memory");
        TIMER0_VALUE = TICK_US * MPS2_CYCLES_PER_US;
    }
    __asm volatile ("cpsie i\n isb" ::: "memory");
    port_event = false; // the caller looks at everything again before its next wait
}

void port_wait_ms(mp_uint_t timeout_ms) {
    uint32_t ms = MIN(timeout_ms, LONGEST_SLEEP_MS);
    ms = MIN(ms, sys_timeouts_sleeptime());
    ms = MIN(ms, port_timer_sleep_ms());
    if (ms == 0) {
        port_poll_due = 1;
        return;
    }
    sleep_until_interrupt(ms * 1000u);
}

u32_t sys_now(void) {
    return mp_hal_ticks_ms();
}

// --- time -----------------------------------------------------------------------------------

// The counter has 32 bits (71 minutes); the timer interrupt makes sure that it is read in time.
uint64_t port_time_us(void) {
    static uint64_t total;
    static uint32_t last;
    uint32_t now = FPGAIO_COUNTER;
    total += (uint32_t)(now - last);
    last = now;
    return total;
}

uint64_t port_clock_seconds(void) {
    return clock_at_reset + port_time_us() / 1000000u;
}

void port_set_clock_seconds(uint64_t seconds) {
    int64_t step = seconds - port_clock_seconds();
    clock_at_reset += step;
    retained_set_clock_offset(retained_clock_offset() + step);
}

mp_uint_t mp_hal_ticks_ms(void) {
    return port_time_us() / 1000u;
}

mp_uint_t mp_hal_ticks_us(void) {
    return port_time_us();
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return port_time_us() * MPS2_CYCLES_PER_US;
}

uint64_t mp_hal_time_ns(void) {
    return clock_at_reset * 1000000000u + port_time_us() * 1000u;
}

void mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = port_time_us() + us;
    while (port_time_us() < end) {
    }
}

void mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = port_time_us() + (uint64_t)ms * 1000u;
    for (;;) {
        mp_event_handle_nowait();
        uint64_t now = port_time_us();
        if (now >= end) {
            return;
        }
        port_wait_ms(MIN((end - now + 999u) / 1000u, LONGEST_SLEEP_MS));
    }
}

// --- random numbers -------------------------------------------------------------------------

// The host's generator is the entropy source. Where there is no /dev/urandom the numbers come
// from the clock and are good for simulation only (xorshift64*).
void port_random(void *buf, size_t len) {
    if (random_handle != -1 && host_read(random_handle, buf, len)) {
        return;
    }
    uint8_t *bytes = buf;
    for (size_t i = 0; i < len; i++) {
        random_state ^= FPGAIO_COUNTER;
        random_state ^= random_state >> 12;
        random_state ^= random_state << 25;
        random_state ^= random_state >> 27;
        bytes[i] = (random_state * 0x2545f4914f6cdd1du) >> 56;
    }
}

uint32_t port_random_u32(void) {
    uint32_t value;
    port_random(&value, sizeof(value));
    return value;
}

// --- standard streams -----------------------------------------------------------------------

uintptr_t mp_hal_stdio_poll(uintptr_t poll_flags) {
    uintptr_t ready = poll_flags & MP_STREAM_POLL_WR;
    if ((poll_flags & MP_STREAM_POLL_RD) && console_readable()) {
        ready |= MP_STREAM_POLL_RD;
    }
    return ready | mp_os_dupterm_poll(poll_flags);
}

int mp_hal_stdin_rx_chr(void) {
    for (;;) {
        int c = console_read();
        if (c < 0) {
            c = mp_os_dupterm_rx_chr();
        }
        if (c >= 0) {
            return c;
        }
        mp_event_wait_indefinite();
    }
}

mp_uint_t mp_hal_stdout_tx_strn(const char *str, size_t len) {
    console_write(str, len);
    mp_os_dupterm_tx_strn(str, len);
    return len;
}
