# What every ESP32 board freezes.
freeze("$(PORT_DIR)/modules", ("flashbdev.py",))
freeze("modules")
include("$(MPY_DIR)/extmod/asyncio")
include("../../manifest.py")
