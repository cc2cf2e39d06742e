freeze("../../firmware/qemu/modules")
include("$(MPY_DIR)/extmod/asyncio")
include("../../manifest.py")
