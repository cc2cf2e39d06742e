# The unix port as a native executable: build/UNIX/firn.
PROG = firn

# start.c takes a folder as the first argument and boots it as a device does.
LDFLAGS_EXTRA += -Wl,--wrap=main

# Not needed to serve, and not worth what they need to build.
MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BLUETOOTH = 0
