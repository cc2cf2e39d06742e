// MicroPython's configuration for the emulated board: that of a network board with an RP2040,
// less its pins and buses.
#ifndef FIRN_QEMU_MPCONFIGPORT_H
#define FIRN_QEMU_MPCONFIGPORT_H

#include <alloca.h>
#include <stdint.h>
#include "mpconfigboard.h"

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// Memory.
#define MICROPY_GC_STACK_ENTRY_TYPE uint16_t
#define MICROPY_ALLOC_PATH_MAX (128)
#define MICROPY_QSTR_BYTES_IN_HASH (1)
#define MICROPY_STACK_CHECK_MARGIN (256)
#define MICROPY_TRACKED_ALLOC (MICROPY_SSL_MBEDTLS)

// Interpreter.
#define MICROPY_PERSISTENT_CODE_LOAD (1)
#define MICROPY_OPT_COMPUTED_GOTO (1)
#define MICROPY_READER_VFS (1)
#define MICROPY_ENABLE_GC (1)
#define MICROPY_ENABLE_FINALISER (1)
#define MICROPY_ENABLE_EMERGENCY_EXCEPTION_BUF (1)
#define MICROPY_LONGINT_IMPL (MICROPY_LONGINT_IMPL_MPZ)
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)
#define MP_NEED_LOG2 (1) // lib/libm has none
#define MICROPY_ENABLE_SCHEDULER (1)
#define MICROPY_SCHEDULER_DEPTH (8)
#define MICROPY_SCHEDULER_STATIC_NODES (1)
#define MICROPY_KBD_EXCEPTION (1)
#define MICROPY_USE_INTERNAL_ERRNO (1)
#define MICROPY_PY_SYS_PLATFORM "qemu"
#define MICROPY_PY_SYS_STDIO_BUFFER (1)
#define MICROPY_MAKE_POINTER_CALLABLE(p) ((void *)((mp_uint_t)(p) | 1))

// Modules.
#define MICROPY_EPOCH_IS_1970 (1)
#define MICROPY_PY_ASYNCIO (1)
#define MICROPY_PY_CRYPTOLIB (1)
#define MICROPY_PY_DEFLATE_COMPRESS (1)
#define MICROPY_PY_HASHLIB_SHA1 (1)
#define MICROPY_PY_HASHLIB_SHA256 (1)
#define MICROPY_PY_OS_DUPTERM (1)
#define MICROPY_PY_OS_INCLUDEFILE "port_os.c"
#define MICROPY_PY_OS_SYNC (1)
#define MICROPY_PY_OS_UNAME (1)
#define MICROPY_PY_OS_URANDOM (1)
#define MICROPY_PY_RANDOM_SEED_INIT_FUNC (port_random_u32())
#define MICROPY_PY_RE_MATCH_GROUPS (1)
#define MICROPY_PY_RE_MATCH_SPAN_START_END (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_INCLUDEFILE "port_time.c"
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_SSL_MBEDTLS_NEED_ACTIVE_CONTEXT (0)

// machine.
#define MICROPY_PY_MACHINE (1)
#define MICROPY_PY_MACHINE_BARE_METAL_FUNCS (1)
#define MICROPY_PY_MACHINE_DISABLE_IRQ_ENABLE_IRQ (1)
#define MICROPY_PY_MACHINE_INCLUDEFILE "port_machine.c"
#define MICROPY_PY_MACHINE_RESET (1)
#define MICROPY_PY_MACHINE_TIMER (1)
#define MICROPY_PY_MACHINE_WDT (1)
#define MICROPY_PY_MACHINE_WDT_INCLUDEFILE "port_wdt.c"
#define MICROPY_PY_MACHINE_WDT_TIMEOUT_MS (1)

// Filesystems.
#define MICROPY_VFS (1)
#define MICROPY_VFS_ROM (1)
#define MICROPY_VFS_ROM_IOCTL (0)

// Network.
#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_SOCKET (1)
#define MICROPY_PY_LWIP_SOCK_RAW (1)
#define MICROPY_PORT_NETWORK_INTERFACES \
    { MP_ROM_QSTR(MP_QSTR_LAN), MP_ROM_PTR(&network_lan_type) },

extern const struct _mp_obj_type_t network_lan_type;
uint32_t port_random_u32(void);

// lwIP runs between bytecodes, where interrupts have asked for it. Testing a variable is all
// that costs when they have not.
extern volatile uint8_t port_poll_due;
void port_poll(void);
#define MICROPY_VM_HOOK_POLL \
    if (port_poll_due) { \
        port_poll(); \
    }
#define MICROPY_VM_HOOK_LOOP MICROPY_VM_HOOK_POLL
#define MICROPY_VM_HOOK_RETURN MICROPY_VM_HOOK_POLL

// Python's timers run there too, and never in an interrupt.
#define MICROPY_PY_PENDSV_ENTER
#define MICROPY_PY_PENDSV_EXIT

#define MP_STATE_PORT MP_STATE_VM
#define MP_SSIZE_MAX (0x7fffffff)
typedef intptr_t mp_int_t; // must be pointer size
typedef uintptr_t mp_uint_t; // must be pointer size
typedef intptr_t mp_off_t;

#endif // FIRN_QEMU_MPCONFIGPORT_H
