# Firn's: runs at every boot, also before mpremote. Your own boot.py belongs in user_boot.py.
import gc

# What is loaded from files stays on the heap for good: collected early, it lies close together.
gc.threshold(16384)
import firn  # noqa: E402

firn.boot("/user_boot.py")
