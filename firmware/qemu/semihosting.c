// Arm semihosting (Arm DUI0471, chapter 8).

#include <string.h>
#include "semihosting.h"

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_TIME = 0x11,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
};

#define ADP_STOPPED_APPLICATION_EXIT (0x20026)

static uint32_t host_call(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__ ("r0") = operation;
    register const void *r1 __asm__ ("r1") = argument;
    __asm__ volatile ("bkpt 0xab" : "+r" (r0) : "r" (r1) : "memory");
    return r0;
}

int32_t host_open(const char *name, uint32_t mode) {
    uint32_t block[3] = { (uint32_t)name, mode, strlen(name) };
    return host_call(SYS_OPEN, block);
}

void host_close(int32_t handle) {
    uint32_t block[1] = { handle };
    host_call(SYS_CLOSE, block);
}

int32_t host_length(int32_t handle) {
    uint32_t block[1] = { handle };
    return host_call(SYS_FLEN, block);
}

static bool host_seek(int32_t handle, uint32_t offset) {
    uint32_t block[2] = { handle, offset };
    return host_call(SYS_SEEK, block) == 0;
}

// SYS_READ and SYS_WRITE return how many bytes were not transferred.
static bool host_transfer(uint32_t operation, int32_t handle, const void *buf, size_t len) {
    uint32_t block[3] = { handle, (uint32_t)buf, len };
    return host_call(operation, block) == 0;
}

bool host_read(int32_t handle, void *buf, size_t len) {
    return host_transfer(SYS_READ, handle, buf, len);
}

bool host_read_at(int32_t handle, uint32_t offset, void *buf, size_t len) {
    return host_seek(handle, offset) && host_transfer(SYS_READ, handle, buf, len);
}

bool host_write_at(int32_t handle, uint32_t offset, const void *buf, size_t len) {
    return host_seek(handle, offset) && host_transfer(SYS_WRITE, handle, buf, len);
}

uint32_t host_time(void) {
    return host_call(SYS_TIME, NULL);
}

bool host_command_line(char *buf, size_t len) {
    uint32_t block[2] = { (uint32_t)buf, len - 1 };
    if (host_call(SYS_GET_CMDLINE, block) != 0) {
        return false;
    }
    buf[len - 1] = '\0';
    return true;
}

void host_exit(int status) {
    uint32_t block[2] = { ADP_STOPPED_APPLICATION_EXIT, status };
    host_call(SYS_EXIT_EXTENDED, block);
    // An emulator without SYS_EXIT_EXTENDED cannot pass the status on.
    host_call(SYS_EXIT, (void *)ADP_STOPPED_APPLICATION_EXIT);
}
