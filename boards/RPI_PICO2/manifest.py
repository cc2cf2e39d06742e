include("../../firmware/rp2/manifest.py")
