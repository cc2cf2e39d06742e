// Block devices for littlefs (the extended interface of vfs.AbstractBlockDev).

#include <string.h>
#include "py/runtime.h"
#include "py/mperrno.h"
#include "py/mphal.h"
#include "extmod/vfs.h"
#include "boot_options.h"
#include "flash.h"
#include "retained.h"
#include "semihosting.h"

#define BLOCK_SIZE (4096)
#define RAM_FLASH_SIZE (1024 * 1024)
#define SCRATCH_SIZE (1024 * 1024)
#define ERASED (0xff)

// PSRAM: the RAM flash at its start, then a buffer for bulk work. Neither is part of what a
// real board would have.
extern uint8_t __psram_start[];
#define ram_flash (__psram_start)
#define scratch (__psram_start + RAM_FLASH_SIZE)

typedef struct {
    mp_obj_base_t base;
    int32_t handle; // of the host file, or -1 for RAM
    uint32_t size;
} flash_obj_t;

static flash_obj_t host_flash = { { &qemu_flash_type }, -1, 0 };
static const flash_obj_t ram_flash_obj = { { &qemu_ram_flash_type }, -1, RAM_FLASH_SIZE };

// --- opening --------------------------------------------------------------------------------

static void fill_erased(int32_t handle, uint32_t size) {
    memset(scratch, ERASED, SCRATCH_SIZE);
    for (uint32_t offset = 0; offset < size; offset += SCRATCH_SIZE) {
        if (!host_write_at(handle, offset, scratch, MIN(SCRATCH_SIZE, size - offset))) {
            mp_raise_OSError(MP_ENOSPC);
        }
    }
}

static int32_t open_image(const char *name) {
    int32_t handle = host_open(name, HOST_OPEN_UPDATE);
    if (handle == -1) {
        // Append mode creates a file that is missing and cannot truncate one that is there.
        int32_t created = host_open(name, HOST_OPEN_APPEND);
        if (created == -1) {
            mp_raise_OSError(MP_EACCES);
        }
        host_close(created);
        handle = host_open(name, HOST_OPEN_UPDATE);
        if (handle == -1) {
            mp_raise_OSError(MP_EACCES);
        }
    }
    return handle;
}

// Opened once after a machine reset; a soft reset goes on with the same handle.
static mp_obj_t flash_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    if (host_flash.handle == -1) {
        int32_t handle = open_image(boot_options_flash());
        retained_note_handle(RETAINED_HANDLE_FLASH, handle);
        host_flash.handle = handle;
    }
    if (host_flash.size == 0) {
        int32_t size = host_length(host_flash.handle);
        if (size == 0) {
            size = MICROPY_HW_FLASH_STORAGE_BYTES;
            fill_erased(host_flash.handle, size);
        }
        if (size < 2 * BLOCK_SIZE || size % BLOCK_SIZE != 0) {
            mp_raise_msg_varg(&mp_type_ValueError,
                MP_ERROR_TEXT("image size: expected a multiple of %d bytes, got %d"),
                BLOCK_SIZE, (int)size);
        }
        host_flash.size = size;
    }
    return MP_OBJ_FROM_PTR(&host_flash);
}

static mp_obj_t ram_flash_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw,
    const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    return MP_OBJ_FROM_PTR(&ram_flash_obj);
}

// --- reading and writing --------------------------------------------------------------------

static bool flash_read(const flash_obj_t *self, uint32_t offset, void *buf, size_t len) {
    if (self->handle != -1) {
        return host_read_at(self->handle, offset, buf, len);
    }
    memcpy(buf, ram_flash + offset, len);
    return true;
}

static bool flash_write(const flash_obj_t *self, uint32_t offset, const void *buf, size_t len) {
    if (self->handle != -1) {
        return host_write_at(self->handle, offset, buf, len);
    }
    memcpy(ram_flash + offset, buf, len);
    return true;
}

// Arguments: self, block number, buffer[, offset in the block].
static uint32_t flash_get_range(const flash_obj_t *self, size_t n_args, const mp_obj_t *args,
    mp_buffer_info_t *buf, mp_uint_t buf_flags) {
    mp_get_buffer_raise(args[2], buf, buf_flags);
    uint32_t block = mp_obj_get_int(args[1]);
    uint32_t offset = n_args > 3 ? mp_obj_get_int(args[3]) : 0;
    if (block >= self->size / BLOCK_SIZE || offset > BLOCK_SIZE
        || buf->len > self->size - (block * BLOCK_SIZE + offset)) {
        mp_raise_OSError(MP_EINVAL);
    }
    return block * BLOCK_SIZE + offset;
}

static mp_obj_t flash_readblocks(size_t n_args, const mp_obj_t *args) {
    flash_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_buffer_info_t buf;
    uint32_t offset = flash_get_range(self, n_args, args, &buf, MP_BUFFER_WRITE);
    if (!flash_read(self, offset, buf.buf, buf.len)) {
        mp_raise_OSError(MP_EIO);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_readblocks_obj, 3, 4, flash_readblocks);

static mp_obj_t flash_writeblocks(size_t n_args, const mp_obj_t *args) {
    flash_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    mp_buffer_info_t buf;
    uint32_t offset = flash_get_range(self, n_args, args, &buf, MP_BUFFER_READ);
    if (!flash_write(self, offset, buf.buf, buf.len)) {
        mp_raise_OSError(MP_EIO);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_writeblocks_obj, 3, 4, flash_writeblocks);

static mp_obj_t flash_ioctl(mp_obj_t self_in, mp_obj_t operation, mp_obj_t argument) {
    flash_obj_t *self = MP_OBJ_TO_PTR(self_in);
    switch (mp_obj_get_int(operation)) {
        case MP_BLOCKDEV_IOCTL_INIT:
        case MP_BLOCKDEV_IOCTL_DEINIT:
        case MP_BLOCKDEV_IOCTL_SYNC: // the host has it already
        case MP_BLOCKDEV_IOCTL_BLOCK_ERASE: // a file is written without erasing
            return MP_OBJ_NEW_SMALL_INT(0);
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(self->size / BLOCK_SIZE);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK_SIZE);
        default:
            return mp_const_none;
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(flash_ioctl_obj, flash_ioctl);

static bool all_equal(const uint8_t *data, size_t len, uint8_t value) {
    return data[0] == value && memcmp(data, data + 1, len - 1) == 0;
}

// Flash.is_blank(): nothing was ever written, all bytes are 0xff (or all 0, a sparse file).
static mp_obj_t flash_is_blank(mp_obj_t self_in) {
    flash_obj_t *self = MP_OBJ_TO_PTR(self_in);
    uint8_t value = ERASED;
    for (uint32_t offset = 0; offset < self->size; offset += SCRATCH_SIZE) {
        size_t len = MIN(SCRATCH_SIZE, self->size - offset);
        if (!flash_read(self, offset, scratch, len)) {
            mp_raise_OSError(MP_EIO);
        }
        if (offset == 0 && scratch[0] == 0) {
            value = 0;
        }
        if (!all_equal(scratch, len, value)) {
            return mp_const_false;
        }
    }
    return mp_const_true;
}
static MP_DEFINE_CONST_FUN_OBJ_1(flash_is_blank_obj, flash_is_blank);

static const mp_rom_map_elem_t flash_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&flash_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&flash_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&flash_ioctl_obj) },
    { MP_ROM_QSTR(MP_QSTR_is_blank), MP_ROM_PTR(&flash_is_blank_obj) },
};
static MP_DEFINE_CONST_DICT(flash_locals, flash_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    qemu_flash_type,
    MP_QSTR_Flash,
    MP_TYPE_FLAG_NONE,
    make_new, flash_make_new,
    locals_dict, &flash_locals
    );

MP_DEFINE_CONST_OBJ_TYPE(
    qemu_ram_flash_type,
    MP_QSTR_RAMFlash,
    MP_TYPE_FLAG_NONE,
    make_new, ram_flash_make_new,
    locals_dict, &flash_locals
    );
