// The executable's own arguments: `firn FOLDER` boots a folder as a device boots its filesystem.
// Everything else is an ordinary micropython command line. The linker wraps the port's main()
// (--wrap=main), so that the port is used as it is.

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_ARGS (64)

int __real_main(int argc, char **argv);

static const char usage[] =
    "usage: %s [-X heapsize=N] FOLDER [--host ADDRESS] [--port N]\n"
    "         boot FOLDER (config.json, www/ ...) and serve it; Ctrl-C stops\n"
    "       %s [micropython options] [SCRIPT | -c COMMAND | -m MODULE] [arguments]\n"
    "         run MicroPython with the frozen packages; `-h` lists its options\n";

// The index of the first argument that is neither an option nor an option's value.
static int first_operand(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            return i;
        }
        if (strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "-m") == 0) {
            return argc;
        }
        if (strcmp(argv[i], "-X") == 0) {
            i++;
        }
    }
    return argc;
}

int __wrap_main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf(usage, argv[0], argv[0]);
        return 0;
    }
    struct stat info;
    int operand = first_operand(argc, argv);
    if (operand == argc || stat(argv[operand], &info) != 0 || !S_ISDIR(info.st_mode)) {
        return __real_main(argc, argv);
    }
    if (argc + 3 > MAX_ARGS) {
        fprintf(stderr, "%s: too many arguments\n", argv[0]);
        return 2;
    }
    // What a site writes, secrets.json among it, is nobody's but the user's who runs it.
    umask(077);
    char *with_command[MAX_ARGS];
    memcpy(with_command, argv, operand * sizeof(char *));
    // Not -m, which leaves Ctrl-C to end the process before Python can close anything.
    with_command[operand] = "-c";
    with_command[operand + 1] = "import sys; sys.path[:] = ['.frozen']; import _start";
    memcpy(&with_command[operand + 2], &argv[operand], (argc - operand + 1) * sizeof(char *));
    return __real_main(argc + 2, with_command);
}
