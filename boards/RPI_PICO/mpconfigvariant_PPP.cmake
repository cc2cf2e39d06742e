# For the tests: lwIP over PPP on UART 0, so that what a Pico W serves with (the port's own network
# code, but for the radio's driver) runs in an emulator of the chip.
set(MICROPY_PY_LWIP ON)
list(APPEND MICROPY_DEF_BOARD
    MICROPY_PY_NETWORK=1
    MICROPY_PY_NETWORK_PPP_LWIP=1
)

# A connection's first bytes often come before accept(); and lwIP's timers while PPP is at work.
set(FIRN_MODULES ${MICROPY_BOARD_DIR}/../../firmware/modules)
list(APPEND USER_C_MODULES ${FIRN_MODULES}/tcp_accept/micropython.cmake)
list(APPEND USER_C_MODULES ${FIRN_MODULES}/tcp_input/micropython.cmake)
list(APPEND USER_C_MODULES ${FIRN_MODULES}/ppp_lock/micropython.cmake)
