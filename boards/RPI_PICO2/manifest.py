include("../../firmware/rp2/manifest.py", network=False)
