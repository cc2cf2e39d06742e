include("../../firmware/esp32/manifest.py")
