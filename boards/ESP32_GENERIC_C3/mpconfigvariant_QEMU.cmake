# For Espressif's emulator: an Ethernet controller of its own, no radio.
list(APPEND SDKCONFIG_DEFAULTS ${FIRN_BOARD}/sdkconfig.qemu)
