// What the ESP32 boards leave out of MicroPython, and why they may. Each can be put back with
// MICROPY_DEF_BOARD in a variant.
#ifndef FIRN_ESP32_WEB_DEVICE_H
#define FIRN_ESP32_WEB_DEVICE_H

// Some 200 KB of flash, and RAM from the moment it is started.
#ifndef MICROPY_PY_BLUETOOTH
#define MICROPY_PY_BLUETOOTH (0)
#endif

// Not HTTP; and what it sends would be heard on the access point's channel only.
#ifndef MICROPY_PY_ESPNOW
#define MICROPY_PY_ESPNOW (0)
#endif

// Each board with Ethernet has other pins and another PHY; config.json has no keys for them.
#ifndef MICROPY_PY_NETWORK_LAN
#define MICROPY_PY_NETWORK_LAN (0)
#endif

#ifndef MICROPY_PY_NETWORK_HOSTNAME_DEFAULT
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "firn"
#endif

#endif // FIRN_ESP32_WEB_DEVICE_H
