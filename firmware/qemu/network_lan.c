// network.LAN: the interface class for the LAN9118.

#include "py/runtime.h"
#include "py/mperrno.h"
#include "extmod/modnetwork.h"
#include "lwip/apps/mdns.h"
#include "lwip/dhcp.h"
#include "lwip/priv/tcp_priv.h"
#include "lan9118.h"
#include "network_lan.h"

// LAN.status()
enum { LAN_DOWN = 0, LAN_NO_LINK = 1, LAN_NO_ADDRESS = 2, LAN_GOT_ADDRESS = 3 };

typedef struct {
    mp_obj_base_t base;
} network_lan_obj_t;

static const network_lan_obj_t network_lan_obj = { { &network_lan_type } };
static bool present;

void network_lan_init(void) {
    present = lan9118_init();
}

static void abort_all(struct tcp_pcb *volatile *list) {
    while (*list != NULL) {
        // The Python objects are gone: nobody may be told.
        tcp_err(*list, NULL);
        tcp_abort(*list);
    }
}

static bool any_unsent(void) {
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->unsent != NULL || pcb->unacked != NULL) {
            return true;
        }
    }
    return false;
}

// The finalisers have closed all sockets, but lwIP still holds connections that wait for their
// peer's FIN or for TIME_WAIT; they would keep their ports and half of the few TCP blocks.
void network_lan_close_connections(void) {
    uint32_t start = mp_hal_ticks_ms();
    while (any_unsent() && mp_hal_ticks_ms() - start < 100) {
        port_wait_ms(10);
        port_poll();
    }
    abort_all(&tcp_active_pcbs);
    abort_all(&tcp_tw_pcbs);
}

static mp_obj_t network_lan_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    if (!present) {
        mp_raise_OSError(MP_ENODEV);
    }
    return MP_OBJ_FROM_PTR(&network_lan_obj);
}

static int lan_status(void) {
    if (!netif_is_up(&lan9118_netif)) {
        return LAN_DOWN;
    }
    if (!netif_is_link_up(&lan9118_netif)) {
        return LAN_NO_LINK;
    }
    return ip4_addr_isany_val(*netif_ip4_addr(&lan9118_netif)) ? LAN_NO_ADDRESS : LAN_GOT_ADDRESS;
}

static void announce_hostname(void) {
    #if LWIP_MDNS_RESPONDER
    if (mdns_resp_netif_active(&lan9118_netif)) {
        mdns_resp_rename_netif(&lan9118_netif, mod_network_hostname_data);
    } else {
        mdns_resp_add_netif(&lan9118_netif, mod_network_hostname_data);
    }
    #endif
}

static mp_obj_t network_lan_active(size_t n_args, const mp_obj_t *args) {
    if (n_args == 1) {
        return mp_obj_new_bool(netif_is_up(&lan9118_netif));
    }
    bool up = mp_obj_is_true(args[1]);
    if (up && !netif_is_up(&lan9118_netif)) {
        netif_set_up(&lan9118_netif);
        announce_hostname();
    } else if (!up && netif_is_up(&lan9118_netif)) {
        dhcp_release_and_stop(&lan9118_netif);
        netif_set_down(&lan9118_netif);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_lan_active_obj, 1, 2, network_lan_active);

static mp_obj_t network_lan_isconnected(mp_obj_t self) {
    return mp_obj_new_bool(lan_status() == LAN_GOT_ADDRESS);
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_lan_isconnected_obj, network_lan_isconnected);

static mp_obj_t network_lan_status(mp_obj_t self) {
    return MP_OBJ_NEW_SMALL_INT(lan_status());
}
static MP_DEFINE_CONST_FUN_OBJ_1(network_lan_status_obj, network_lan_status);

static mp_obj_t network_lan_ifconfig(size_t n_args, const mp_obj_t *args) {
    return mod_network_nic_ifconfig(&lan9118_netif, n_args - 1, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(network_lan_ifconfig_obj, 1, 2, network_lan_ifconfig);

static mp_obj_t network_lan_ipconfig(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    return mod_network_nic_ipconfig(&lan9118_netif, n_args - 1, args + 1, kwargs);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(network_lan_ipconfig_obj, 1, network_lan_ipconfig);

static mp_obj_t network_lan_config(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    if (n_args == 2 && kwargs->used == 0) {
        switch (mp_obj_str_get_qstr(args[1])) {
            case MP_QSTR_mac:
                return mp_obj_new_bytes(lan9118_netif.hwaddr, lan9118_netif.hwaddr_len);
            case MP_QSTR_hostname:
                return mod_network_hostname(0, NULL);
        }
    } else if (n_args == 1 && kwargs->used == 1) {
        mp_map_elem_t *hostname =
            mp_map_lookup(kwargs, MP_OBJ_NEW_QSTR(MP_QSTR_hostname), MP_MAP_LOOKUP);
        if (hostname != NULL) {
            return mod_network_hostname(1, &hostname->value);
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("expected 'mac', 'hostname' or hostname=..."));
}
static MP_DEFINE_CONST_FUN_OBJ_KW(network_lan_config_obj, 1, network_lan_config);

static const mp_rom_map_elem_t network_lan_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_active), MP_ROM_PTR(&network_lan_active_obj) },
    { MP_ROM_QSTR(MP_QSTR_isconnected), MP_ROM_PTR(&network_lan_isconnected_obj) },
    { MP_ROM_QSTR(MP_QSTR_status), MP_ROM_PTR(&network_lan_status_obj) },
    { MP_ROM_QSTR(MP_QSTR_ifconfig), MP_ROM_PTR(&network_lan_ifconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_ipconfig), MP_ROM_PTR(&network_lan_ipconfig_obj) },
    { MP_ROM_QSTR(MP_QSTR_config), MP_ROM_PTR(&network_lan_config_obj) },
};
static MP_DEFINE_CONST_DICT(network_lan_locals, network_lan_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    network_lan_type,
    MP_QSTR_LAN,
    MP_TYPE_FLAG_NONE,
    make_new, network_lan_make_new,
    locals_dict, &network_lan_locals
    );
