// machine.WDT on the CMSDK watchdog; included by extmod/machine_wdt.c.

#include "mps2.h"

// The counter has 32 bits.
#define WDT_TIMEOUT_MAX_MS (0xffffffffu / (MPS2_CLOCK_HZ / 1000))

struct _machine_wdt_obj_t {
    mp_obj_base_t base;
};

static machine_wdt_obj_t machine_wdt = { { &machine_wdt_type } };

static void set_timeout(mp_int_t timeout_ms) {
    if (timeout_ms < 1 || (mp_uint_t)timeout_ms > WDT_TIMEOUT_MAX_MS) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("timeout: expected 1 to %d, got %d"),
            (int)WDT_TIMEOUT_MAX_MS, (int)timeout_ms);
    }
    WDOG_LOCK = WDOG_UNLOCK_KEY;
    WDOG_LOAD = (uint32_t)timeout_ms * (MPS2_CLOCK_HZ / 1000);
    WDOG_CTRL = WDOG_CTRL_NMI_ENABLE | WDOG_CTRL_RESET_ENABLE;
}

static machine_wdt_obj_t *mp_machine_wdt_make_new_instance(mp_int_t id, mp_int_t timeout_ms) {
    if (id != 0) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("WDT(%d) doesn't exist"), (int)id);
    }
    set_timeout(timeout_ms);
    return &machine_wdt;
}

static void mp_machine_wdt_feed(machine_wdt_obj_t *self) {
    (void)self;
    WDOG_INTCLR = 1; // loads the counter again
}

static void mp_machine_wdt_timeout_ms_set(machine_wdt_obj_t *self, mp_int_t timeout_ms) {
    (void)self;
    set_timeout(timeout_ms);
}
