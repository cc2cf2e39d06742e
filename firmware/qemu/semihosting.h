// Arm semihosting: the calls to the host that this port needs (Arm DUI0471, chapter 8).
#ifndef FIRN_QEMU_SEMIHOSTING_H
#define FIRN_QEMU_SEMIHOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Opening modes, numbered as fopen()'s mode strings are in the specification.
#define HOST_OPEN_READ (1) // "rb"
#define HOST_OPEN_UPDATE (3) // "r+b"
#define HOST_OPEN_APPEND (9) // "ab": creates, never truncates

// Returns a handle or -1.
int32_t host_open(const char *name, uint32_t mode);
void host_close(int32_t handle);
// Length in bytes or -1.
int32_t host_length(int32_t handle);
// True when all bytes at this offset were transferred.
bool host_read_at(int32_t handle, uint32_t offset, void *buf, size_t len);
bool host_write_at(int32_t handle, uint32_t offset, const void *buf, size_t len);
// True when all bytes were read from the current position.
bool host_read(int32_t handle, void *buf, size_t len);
// Seconds since 1970.
uint32_t host_time(void);
// The emulator's -semihosting-config arg=... joined by spaces; false if there are none.
bool host_command_line(char *buf, size_t len);
// Ends the emulator.
void host_exit(int status);

#endif // FIRN_QEMU_SEMIHOSTING_H
