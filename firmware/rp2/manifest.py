# What every rp2 board freezes.
freeze("$(PORT_DIR)/modules", ("rp2.py",))
freeze("modules")
include("$(MPY_DIR)/extmod/asyncio")
include("../../manifest.py")
