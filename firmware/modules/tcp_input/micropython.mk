# For ports built by make: USER_C_MODULES=.../firmware/modules
SRC_USERMOD_LIB_C += $(USERMOD_DIR)/tcp_input.c
