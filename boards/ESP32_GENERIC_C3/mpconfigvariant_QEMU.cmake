# For Espressif's QEMU: an Ethernet controller in place of the radio. MicroPython has its driver
# since 1.29; earlier ones build no image with it.
list(APPEND SDKCONFIG_DEFAULTS ${FIRN_BOARD}/sdkconfig.qemu)

list(APPEND MICROPY_DEF_BOARD
    MICROPY_PY_NETWORK_LAN=1
    MICROPY_PY_NETWORK_WLAN=0
)
