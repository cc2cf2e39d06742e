// What can be set without building again, by the emulator's command line:
// -semihosting-config ...,arg=firmware,arg=heap=64k,arg=flash=NAME
#ifndef FIRN_QEMU_BOOT_OPTIONS_H
#define FIRN_QEMU_BOOT_OPTIONS_H

#include <stddef.h>

// Call once, before the others.
void boot_options_read(void);
// Bytes of heap: that asked for, or the default if nothing valid was.
size_t boot_options_heap(size_t default_size, size_t limit);
// The flash image's name on the host; "none" asks for no image.
const char *boot_options_flash(void);

#endif // FIRN_QEMU_BOOT_OPTIONS_H
