// The REPL's serial line: UART 0, receiving by interrupt.

#include "py/runtime.h"
#include "py/mphal.h"
#include "py/ringbuf.h"
#include "shared/runtime/interrupt_char.h"
#include "console.h"
#include "mps2.h"

// Like a USB serial port that nobody reads: wait this long once, then drop what is printed.
#define TX_TIMEOUT_MS (500)

static uint8_t rx_storage[512];
static ringbuf_t rx_ring = { rx_storage, sizeof(rx_storage), 0, 0 };

void console_init(void) {
    UART0_BAUDDIV = 16;
    UART0_CTRL = UART_CTRL_TX_ENABLE | UART_CTRL_RX_ENABLE | UART_CTRL_RX_IRQ_ENABLE;
    mps2_irq_enable(MPS2_IRQ_UART0_RX);
}

// QEMU hands over one byte and keeps the others until it has been read.
void console_rx_isr(void) {
    if (ringbuf_free(&rx_ring) == 0 && mp_interrupt_char < 0) {
        // Nothing may be lost in the raw REPL: let QEMU hold the byte until there is room.
        mps2_irq_disable(MPS2_IRQ_UART0_RX);
        return;
    }
    UART0_INTCLEAR = UART_INT_RX; // before reading: the next byte raises it again
    if (UART0_STATE & UART_STATE_RX_FULL) {
        int c = UART0_DATA & 0xff;
        if (c == mp_interrupt_char) {
            rx_ring.iget = rx_ring.iput = 0;
            mp_sched_keyboard_interrupt();
        } else {
            // While a program runs that does not read, further input is dropped, so that
            // Ctrl-C always comes through.
            ringbuf_put(&rx_ring, c);
        }
    }
    port_event = true;
}

int console_read(void) {
    mp_uint_t state = MICROPY_BEGIN_ATOMIC_SECTION();
    int c = ringbuf_get(&rx_ring);
    MICROPY_END_ATOMIC_SECTION(state);
    if (c >= 0) {
        mps2_irq_enable(MPS2_IRQ_UART0_RX);
    }
    return c;
}

bool console_readable(void) {
    return ringbuf_avail(&rx_ring) != 0;
}

static bool wait_until_writable(void) {
    static bool stalled;
    uint32_t start = FPGAIO_COUNTER; // counts microseconds; the fault handler prints too
    while (UART0_STATE & UART_STATE_TX_FULL) {
        if (stalled || FPGAIO_COUNTER - start > TX_TIMEOUT_MS * 1000u) {
            stalled = true;
            return false;
        }
    }
    stalled = false;
    return true;
}

void console_write(const char *str, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (wait_until_writable()) {
            UART0_DATA = (uint8_t)str[i];
        }
    }
}
