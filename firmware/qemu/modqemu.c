// The qemu module: storage, and what tests want to know about the emulated board.

#include "py/runtime.h"
#include "lwip/priv/tcp_priv.h"
#include "boot_options.h"
#include "flash.h"
#include "lan9118.h"
#include "semihosting.h"

// qemu.flash_image() -> name of the flash image on the host
static mp_obj_t qemu_flash_image(void) {
    return mp_obj_new_str_from_cstr(boot_options_flash());
}
static MP_DEFINE_CONST_FUN_OBJ_0(qemu_flash_image_obj, qemu_flash_image);

static mp_obj_t count_pcbs(const struct tcp_pcb *pcb) {
    mp_int_t n = 0;
    for (; pcb != NULL; pcb = pcb->next) {
        n++;
    }
    return MP_OBJ_NEW_SMALL_INT(n);
}

// qemu.tcp_pcbs() -> (bound, listening, active, time_wait): lwIP's TCP control blocks in use
static mp_obj_t qemu_tcp_pcbs(void) {
    mp_obj_t items[] = {
        count_pcbs(tcp_bound_pcbs),
        count_pcbs(tcp_listen_pcbs.pcbs),
        count_pcbs(tcp_active_pcbs),
        count_pcbs(tcp_tw_pcbs),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(qemu_tcp_pcbs_obj, qemu_tcp_pcbs);

// qemu.frames() -> (received, sent, dropped): Ethernet frames since the machine was reset
static mp_obj_t qemu_frames(void) {
    mp_obj_t items[] = {
        mp_obj_new_int_from_uint(lan9118_counters.received),
        mp_obj_new_int_from_uint(lan9118_counters.sent),
        mp_obj_new_int_from_uint(lan9118_counters.dropped),
    };
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_0(qemu_frames_obj, qemu_frames);

// qemu.exit(status=0): ends the emulator, like switching the board off
static mp_obj_t qemu_exit(size_t n_args, const mp_obj_t *args) {
    host_exit(n_args > 0 ? mp_obj_get_int(args[0]) : 0);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(qemu_exit_obj, 0, 1, qemu_exit);

static const mp_rom_map_elem_t qemu_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_qemu) },
    { MP_ROM_QSTR(MP_QSTR_Flash), MP_ROM_PTR(&qemu_flash_type) },
    { MP_ROM_QSTR(MP_QSTR_RAMFlash), MP_ROM_PTR(&qemu_ram_flash_type) },
    { MP_ROM_QSTR(MP_QSTR_flash_image), MP_ROM_PTR(&qemu_flash_image_obj) },
    { MP_ROM_QSTR(MP_QSTR_tcp_pcbs), MP_ROM_PTR(&qemu_tcp_pcbs_obj) },
    { MP_ROM_QSTR(MP_QSTR_frames), MP_ROM_PTR(&qemu_frames_obj) },
    { MP_ROM_QSTR(MP_QSTR_exit), MP_ROM_PTR(&qemu_exit_obj) },
};
static MP_DEFINE_CONST_DICT(qemu_globals, qemu_globals_table);

const mp_obj_module_t mp_module_qemu = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&qemu_globals,
};

MP_REGISTER_MODULE(MP_QSTR_qemu, mp_module_qemu);
