// MicroPython's own settings of this module, without what a web device does not need.
#include "ports/esp32/boards/ESP32_GENERIC_S3/mpconfigboard.h"
#include "../../firmware/esp32/web_device.h"
