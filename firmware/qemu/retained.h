// What survives a machine reset but not the end of the emulator: the stand-in for a
// microcontroller's RTC domain.
#ifndef FIRN_QEMU_RETAINED_H
#define FIRN_QEMU_RETAINED_H

#include <stddef.h>
#include <stdint.h>
#include "port_compat.h"

// machine.reset_cause(), numbered as on ESP32.
enum {
    RESET_PWRON = 1,
    RESET_HARD = 2,
    RESET_WDT = 3,
    RESET_DEEPSLEEP = 4,
    RESET_SOFT = 5,
};

#define RETAINED_RTC_MEMORY_MAX (2048)

// Once at start, before anything else here is used.
void retained_init(void);
unsigned retained_reset_cause(void);
void retained_set_soft_reset(void);

// Reset the machine; after it retained_reset_cause() gives the cause.
MP_NORETURN void port_reset(unsigned cause);

const uint8_t *retained_rtc_memory(size_t *len);
void retained_set_rtc_memory(const uint8_t *data, size_t len);

// Seconds by which the user set the clock ahead of the host's.
int64_t retained_clock_offset(void);
void retained_set_clock_offset(int64_t seconds);

// Host files stay open over a machine reset: a handle noted here is closed at the next start.
enum { RETAINED_HANDLE_FLASH, RETAINED_HANDLE_RANDOM, RETAINED_NUM_HANDLES };
void retained_note_handle(unsigned which, int32_t handle);

#endif // FIRN_QEMU_RETAINED_H
