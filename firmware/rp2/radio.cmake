# What the rp2 boards with Wi-Fi have in common: their mpconfigboard.cmake includes this after
# MicroPython's own settings of the board.

# Not for a web device: it takes flash and RAM, and needs lib/btstack.
set(MICROPY_PY_BLUETOOTH OFF)
set(MICROPY_BLUETOOTH_BTSTACK OFF)
set(MICROPY_PY_BLUETOOTH_CYW43 OFF)

# A connection's first bytes often come before accept().
list(APPEND USER_C_MODULES ${CMAKE_CURRENT_LIST_DIR}/../modules/tcp_accept/micropython.cmake)
list(APPEND USER_C_MODULES ${CMAKE_CURRENT_LIST_DIR}/../modules/tcp_input/micropython.cmake)
