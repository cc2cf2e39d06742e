# As MicroPython's own images: what mounts the filesystem, and asyncio.
freeze("../../../firmware/qemu/modules")
include("$(MPY_DIR)/extmod/asyncio")
