# What the benchmark's images have in common: the board's own modules, asyncio and the programs.
include("$(MPY_DIR)/extmod/asyncio")
freeze("../../firmware/qemu/modules", opt=3)
freeze("../servers", opt=3)
