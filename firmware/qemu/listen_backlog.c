// Preloaded into the emulator, not part of the firmware: QEMU's user network listens on forwarded
// ports with a backlog of 1, so that of several connections made at once all but two wait for
// their SYN to be sent again, which takes seconds. This gives every listener a longer queue.
#define _GNU_SOURCE
#include <dlfcn.h>

#define SHORTEST_BACKLOG (128)

int listen(int fd, int backlog) {
    int (*next)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "listen");
    return next(fd, backlog < SHORTEST_BACKLOG ? SHORTEST_BACKLOG : backlog);
}
