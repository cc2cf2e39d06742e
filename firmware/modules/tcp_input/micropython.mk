# For ports built by make: USER_C_MODULES=.../firmware/modules
SRC_USERMOD_LIB_C += $(USERMOD_DIR)/tcp_input.c
CFLAGS_USERMOD += -I$(USERMOD_DIR) -DLWIP_HOOK_FILENAME='"tcp_input.h"'
