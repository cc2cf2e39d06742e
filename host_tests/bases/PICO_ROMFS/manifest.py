# MicroPython's own modules of the port; those that a full checkout has besides are not needed.
freeze("$(PORT_DIR)/modules")
include("$(MPY_DIR)/extmod/asyncio")
