// Every difference between the MicroPython versions that this port builds with is here.
#ifndef FIRN_QEMU_PORT_COMPAT_H
#define FIRN_QEMU_PORT_COMPAT_H

#include "py/mpconfig.h"

// 1.26 renamed NORETURN.
#ifndef MP_NORETURN
#define MP_NORETURN NORETURN
#endif

// From 1.27 on extmod/modtime.c makes the Python objects itself.
#if MICROPY_VERSION >= MICROPY_MAKE_VERSION(1, 27, 0)
#define PORT_TIME_LOCALTIME_FILLS_STRUCT (1)
#else
#define PORT_TIME_LOCALTIME_FILLS_STRUCT (0)
#endif

#endif // FIRN_QEMU_PORT_COMPAT_H
