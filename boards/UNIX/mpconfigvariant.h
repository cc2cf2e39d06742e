// The same feature level as the boards with a network.
#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

#define MICROPY_PY_SYS_SETTRACE (0)

// What an exception shows for its machine and what os.uname() tells.
#define MICROPY_PLATFORM_COMPILER ""

#include "variants/mpconfigvariant_common.h"
