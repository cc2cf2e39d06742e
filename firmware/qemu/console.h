// The REPL's serial line: UART 0.
#ifndef FIRN_QEMU_CONSOLE_H
#define FIRN_QEMU_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

void console_init(void);
// The next byte received, or -1.
int console_read(void);
bool console_readable(void);
// Blocks while the host does not take the bytes, but at most half a second once.
void console_write(const char *str, size_t len);
void console_rx_isr(void);

#endif // FIRN_QEMU_CONSOLE_H
