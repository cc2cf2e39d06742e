#include "../../../boards/QEMU/mpconfigboard.h"

// The base has none of our modules.
#undef LWIP_HOOK_TCP_INPACKET_PCB
