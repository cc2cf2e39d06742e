// lwIP's compiler and platform header.
#ifndef FIRN_QEMU_LWIP_ARCH_CC_H
#define FIRN_QEMU_LWIP_ARCH_CC_H

#include <assert.h>

#define LWIP_PLATFORM_DIAG(x) do { } while (0)
#define LWIP_PLATFORM_ASSERT(x) assert(0 && (x))
#define LWIP_NO_CTYPE_H (1)

#endif // FIRN_QEMU_LWIP_ARCH_CC_H
