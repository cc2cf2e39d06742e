#include "../../../boards/QEMU/mpconfigboard.h"
