# The unix port as a native executable: build/UNIX/firn.
PROG = firn

# start.c takes a folder as the first argument and boots it as a device does.
LDFLAGS_EXTRA += -Wl,--wrap=main

# It would depend on the debug information, which is stripped from the executable.
LDFLAGS_EXTRA += -Wl,--build-id=none

# Not needed to serve, and not worth what they need to build.
MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BLUETOOTH = 0
