// The same feature level as the boards with a network.
#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// What the banner and sys.implementation._machine call this board.
#define MICROPY_BANNER_MACHINE "Firn UNIX"

#include "variants/mpconfigvariant_common.h"
