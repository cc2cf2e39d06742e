# For ports built by make: USER_C_MODULES=.../firmware/modules
SRC_USERMOD_LIB_C += $(USERMOD_DIR)/tcp_accept.c
LDFLAGS_USERMOD += -Wl,--wrap=tcp_recv
