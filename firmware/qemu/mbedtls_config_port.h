// mbedTLS: MicroPython's common configuration on bare metal.
#ifndef FIRN_QEMU_MBEDTLS_CONFIG_PORT_H
#define FIRN_QEMU_MBEDTLS_CONFIG_PORT_H

#include <time.h>

time_t port_mbedtls_time(time_t *timer);
#define MBEDTLS_PLATFORM_TIME_MACRO port_mbedtls_time
#define MBEDTLS_PLATFORM_MS_TIME_ALT mbedtls_ms_time
#define MBEDTLS_ECP_NIST_OPTIM
#define MICROPY_MBEDTLS_CONFIG_BARE_METAL (1)

#include "extmod/mbedtls/mbedtls_config_common.h"

#endif // FIRN_QEMU_MBEDTLS_CONFIG_PORT_H
