include $(PORT_DIR)/../../boards/QEMU/mpconfigboard.mk
