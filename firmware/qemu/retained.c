// RAM that keeps its contents over a machine reset. It lies outside every section of the ELF
// file, because QEMU writes those again at each reset.

#include <string.h>
#include "mps2.h"
#include "retained.h"
#include "semihosting.h"

#define RETAINED_MAGIC (0x4669726e) // changes when the layout below does

typedef struct {
    uint32_t magic;
    uint32_t next_reset_cause;
    int64_t clock_offset;
    int32_t handles[RETAINED_NUM_HANDLES];
    uint32_t rtc_memory_len;
    uint32_t rtc_memory_check;
    uint8_t rtc_memory[RETAINED_RTC_MEMORY_MAX];
} retained_t;

extern retained_t __retained_start;
#define retained (&__retained_start)

static unsigned reset_cause;

void retained_init(void) {
    if (retained->magic != RETAINED_MAGIC) {
        reset_cause = RESET_PWRON;
        memset(retained, 0, sizeof(*retained));
        retained->magic = RETAINED_MAGIC;
    } else {
        reset_cause = retained->next_reset_cause;
        for (unsigned i = 0; i < RETAINED_NUM_HANDLES; i++) {
            if (retained->handles[i] != -1) {
                host_close(retained->handles[i]);
            }
        }
    }
    for (unsigned i = 0; i < RETAINED_NUM_HANDLES; i++) {
        retained->handles[i] = -1;
    }
    // A reset that nobody announces comes from outside, like a reset button.
    retained->next_reset_cause = RESET_HARD;
}

unsigned retained_reset_cause(void) {
    return reset_cause;
}

void retained_set_soft_reset(void) {
    reset_cause = RESET_SOFT;
}

MP_NORETURN void port_reset(unsigned cause) {
    retained->next_reset_cause = cause;
    __asm volatile ("dsb" ::: "memory");
    SCB_AIRCR = SCB_AIRCR_SYSRESETREQ;
    for (;;) {
    }
}

// FNV-1a, 32 bits.
static uint32_t checksum(const uint8_t *data, size_t len) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ data[i]) * 16777619u;
    }
    return hash;
}

const uint8_t *retained_rtc_memory(size_t *len) {
    *len = retained->rtc_memory_len;
    if (*len > RETAINED_RTC_MEMORY_MAX
        || checksum(retained->rtc_memory, *len) != retained->rtc_memory_check) {
        *len = 0;
    }
    return retained->rtc_memory;
}

void retained_set_rtc_memory(const uint8_t *data, size_t len) {
    memmove(retained->rtc_memory, data, len);
    retained->rtc_memory_len = len;
    retained->rtc_memory_check = checksum(retained->rtc_memory, len);
}

int64_t retained_clock_offset(void) {
    return retained->clock_offset;
}

void retained_set_clock_offset(int64_t seconds) {
    retained->clock_offset = seconds;
}

void retained_note_handle(unsigned which, int32_t handle) {
    retained->handles[which] = handle;
}
