// What mbedTLS asks of the platform: entropy and time.

#include "py/mphal.h"
#include "shared/timeutils/timeutils.h"
#include "mbedtls_config_port.h"
#include "mbedtls/entropy.h"
#include "mbedtls/platform_time.h"

int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len, size_t *olen) {
    port_random(output, len);
    *olen = len;
    return 0;
}

time_t port_mbedtls_time(time_t *timer) {
    time_t now = port_clock_seconds();
    if (timer != NULL) {
        *timer = now;
    }
    return now;
}

mbedtls_ms_time_t mbedtls_ms_time(void) {
    return port_time_us() / 1000;
}

// The C library's gmtime_r would bring in its time zone tables.
struct tm *gmtime_r(const time_t *timer, struct tm *result) {
    timeutils_struct_time_t t;
    timeutils_seconds_since_epoch_to_struct_time(*timer, &t);
    *result = (struct tm) {
        .tm_sec = t.tm_sec,
        .tm_min = t.tm_min,
        .tm_hour = t.tm_hour,
        .tm_mday = t.tm_mday,
        .tm_mon = t.tm_mon - 1,
        .tm_year = t.tm_year - 1900,
        .tm_wday = (t.tm_wday + 1) % 7,
        .tm_yday = t.tm_yday - 1,
    };
    return result;
}

struct tm *gmtime(const time_t *timer) {
    static struct tm result;
    return gmtime_r(timer, &result);
}
