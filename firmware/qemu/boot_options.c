// Options from the semihosting command line.

#include <string.h>
#include "py/mpprint.h"
#include "boot_options.h"
#include "semihosting.h"

#define HEAP_MIN (4 * 1024)

static char command_line[4096 + 64]; // the longest path on Linux, and the rest

// A value runs up to the next known option, so that a file name may have spaces in it.
static const char *const keys[] = { "heap=", "flash=" };
enum { KEY_HEAP, KEY_FLASH, NUM_KEYS };
static const char *values[NUM_KEYS];

static char *find_key(char *from, const char *key) {
    for (char *p = from; (p = strstr(p, key)) != NULL; p++) {
        if (p == command_line || p[-1] == ' ') {
            return p;
        }
    }
    return NULL;
}

void boot_options_read(void) {
    if (!host_command_line(command_line, sizeof(command_line))) {
        return;
    }
    char *found[NUM_KEYS];
    for (size_t i = 0; i < NUM_KEYS; i++) {
        found[i] = find_key(command_line, keys[i]);
    }
    for (size_t i = 0; i < NUM_KEYS; i++) {
        if (found[i] != NULL) {
            values[i] = found[i] + strlen(keys[i]);
            if (found[i] != command_line) {
                found[i][-1] = '\0'; // ends the value before it
            }
        }
    }
}

// "64k", "2m" or bytes; 0 if it is none of these.
static size_t parse_size(const char *text) {
    size_t size = 0;
    for (; *text >= '0' && *text <= '9' && size < 100000000; text++) {
        size = size * 10 + (*text - '0');
    }
    if (*text == 'k' || *text == 'K') {
        size *= 1024;
        text++;
    } else if (*text == 'm' || *text == 'M') {
        size = size < 1024 ? size * 1024 * 1024 : 0;
        text++;
    }
    return *text == '\0' ? size : 0;
}

size_t boot_options_heap(size_t default_size, size_t limit) {
    if (values[KEY_HEAP] == NULL) {
        return default_size;
    }
    size_t size = parse_size(values[KEY_HEAP]);
    if (size < HEAP_MIN || size > limit) {
        mp_printf(&mp_plat_print, "heap: expected a size from %uk to %uk, got '%s'; using %uk\n",
            HEAP_MIN / 1024, (unsigned)limit / 1024, values[KEY_HEAP],
            (unsigned)default_size / 1024);
        return default_size;
    }
    return size & ~(size_t)15;
}

const char *boot_options_flash(void) {
    return values[KEY_FLASH] != NULL ? values[KEY_FLASH] : "flash.img";
}
