# What the ESP32 boards have in common: their mpconfigboard.cmake sets FIRN_BOARD_DIR, includes
# MicroPython's own settings of the module and then this. Paths are those of ports/esp32, from
# which the build runs, as MicroPython's own are: an absolute one would be in the image's inputs.

list(REMOVE_ITEM SDKCONFIG_DEFAULTS boards/sdkconfig.ble)

file(RELATIVE_PATH FIRN_ESP32 ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_LIST_DIR})
file(RELATIVE_PATH FIRN_BOARD ${CMAKE_CURRENT_SOURCE_DIR} ${FIRN_BOARD_DIR})
set(FIRN_PARTITIONS ${CMAKE_BINARY_DIR}/sdkconfig.partitions)
file(WRITE ${FIRN_PARTITIONS}
    "CONFIG_PARTITION_TABLE_CUSTOM_FILENAME=\"${FIRN_BOARD}/partitions.csv\"\n")

list(APPEND SDKCONFIG_DEFAULTS
    ${FIRN_ESP32}/sdkconfig.web
    ${FIRN_BOARD}/sdkconfig.board
    ${FIRN_PARTITIONS}
)

get_filename_component(FIRN_BOARD_NAME ${FIRN_BOARD_DIR} NAME)
set(FIRN_PINS ${CMAKE_CURRENT_SOURCE_DIR}/boards/${FIRN_BOARD_NAME}/pins.csv)
if(EXISTS ${FIRN_PINS})
    set(GEN_PINS_BOARD_CSV ${FIRN_PINS})
    set(GEN_PINS_BOARD_CSV_ARG --board-csv ${FIRN_PINS})
endif()
