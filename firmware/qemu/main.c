// Start of MicroPython: boot scripts, REPL, soft reset.

#include "py/compile.h"
#include "py/cstack.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modnetwork.h"
#include "shared/readline/readline.h"
#include "shared/runtime/gchelper.h"
#include "shared/runtime/pyexec.h"
#include "shared/runtime/softtimer.h"
#include "lwip/apps/mdns.h"
#include "lwip/init.h"
#include "genhdr/heap_size.h"
#include "boot_options.h"
#include "console.h"
#include "network_lan.h"
#include "retained.h"

extern uint8_t __stack_top, __python_stack_size, __heap_start, __heap_limit;

static void start_machine(void) {
    retained_init();
    console_init();
    port_init();
    boot_options_read();
    // Once only: lwIP cannot be initialised again without clearing its variables.
    lwip_init();
    #if LWIP_MDNS_RESPONDER
    mdns_resp_init();
    #endif
    network_lan_init();
}

static void start_heap(void) {
    size_t limit = &__heap_limit - &__heap_start;
    gc_init(&__heap_start, &__heap_start + boot_options_heap(MICROPY_HEAP_SIZE, limit));
    mp_cstack_init_with_top(&__stack_top, (size_t)&__python_stack_size);
}

// boot.py, then main.py unless boot.py raised or a raw REPL (mpremote) asked for the reset.
// Returns true if one of them ended with a soft reset.
static bool run_boot_scripts(void) {
    pyexec_frozen_module("_boot.py", false);
    int ret = pyexec_file_if_exists("boot.py");
    if (!(ret & PYEXEC_FORCED_EXIT) && ret != 0
        && pyexec_mode_kind == PYEXEC_MODE_FRIENDLY_REPL) {
        ret = pyexec_file_if_exists("main.py");
    }
    return ret & PYEXEC_FORCED_EXIT;
}

static void run_repl(void) {
    int ret;
    do {
        ret = pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl();
    } while (ret == 0);
}

int main(void) {
    start_machine();
    start_heap();
    for (;;) {
        mp_init();
        mp_obj_list_append(mp_sys_path, MP_OBJ_NEW_QSTR(MP_QSTR__slash_lib));
        readline_init0();
        mod_network_init();

        if (!run_boot_scripts()) {
            run_repl();
        }

        mp_printf(MP_PYTHON_PRINTER, "MPY: soft reboot\n");
        mod_network_deinit();
        soft_timer_deinit();
        gc_sweep_all(); // finalisers close files and sockets
        network_lan_close_connections();
        mp_deinit();
        retained_set_soft_reset();
    }
}

void gc_collect(void) {
    gc_collect_start();
    gc_helper_collect_regs_and_stack();
    soft_timer_gc_mark_all();
    gc_collect_end();
}

MP_NORETURN void nlr_jump_fail(void *val) {
    mp_printf(&mp_plat_print, "FATAL: exception outside of any handler\n");
    mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(val));
    port_reset(RESET_WDT);
}
