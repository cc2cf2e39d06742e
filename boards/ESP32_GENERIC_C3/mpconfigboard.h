// MicroPython's own settings of this module, without what a web device does not need.
#include "ports/esp32/boards/ESP32_GENERIC_C3/mpconfigboard.h"
#include "../../firmware/esp32/web_device.h"

// In one slot of 1.5 MB: sound, and memory cards, which this chip has no controller for.
#ifndef MICROPY_PY_MACHINE_I2S
#define MICROPY_PY_MACHINE_I2S (0)
#endif
#ifndef MICROPY_HW_ENABLE_SDCARD
#define MICROPY_HW_ENABLE_SDCARD (0)
#endif
