# Firn's: runs at every boot, also before mpremote. Your own boot.py belongs in user_boot.py.
import firn

firn.boot("/user_boot.py")
