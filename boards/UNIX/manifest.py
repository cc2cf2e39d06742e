include("$(MPY_DIR)/extmod/asyncio")
include("../../manifest.py")
freeze("modules", opt=3)
