"""Programs that builds and emulators need: installed where we may, named exactly where not."""

import os
import shutil
import subprocess

from . import paths
from .errors import Failure
from .lock import locked
from .progress import Step

# Program -> the Debian package that has it.
PACKAGES = {
    "gcc": "gcc libc6-dev",
    "make": "make",
    "pkg-config": "pkg-config",
    "git": "git",
    "openssl": "openssl",
    "cmake": "cmake",
    "curl": "curl",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "arm-none-eabi-libstdc++": "gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf",
    "xtensa-lx106-elf-gcc": "gcc-xtensa-lx106",
    "qemu-system-arm": "qemu-system-arm",
    "node": "nodejs",
    "npm": "nodejs npm",
    "chromium": "chromium",
}

# What is no program but a library: the compiler that is asked for it, and its file.
_LIBRARIES = {"arm-none-eabi-libstdc++": ("arm-none-eabi-g++", "libstdc++.a")}


def ensure(*programs):
    """Have every one of ``programs`` on PATH, or raise Failure with the command to type."""
    if _missing(programs):
        with locked(paths.cache() / "programs"):  # apt-get serves one at a time
            _install(_missing(programs))


def _missing(programs):
    return [program for program in programs if not _is_there(program)]


def _is_there(program):
    if program not in _LIBRARIES:
        return bool(shutil.which(program))
    compiler, file = _LIBRARIES[program]
    if not shutil.which(compiler):
        return False
    command = [compiler, "-print-file-name=" + file]  # the bare name where there is none
    done = subprocess.run(command, capture_output=True, text=True)
    return os.path.isabs(done.stdout.strip())


def _install(missing):
    if not missing:
        return
    packages = " ".join(PACKAGES[program] for program in missing)
    install = "apt-get install -y --no-install-recommends " + packages
    names = ", ".join(missing)
    if not shutil.which("apt-get"):
        raise Failure("%s: not found; install what your system calls: %s" % (names, packages))
    prefix = _privilege()
    if prefix is None:
        raise Failure("%s: not found; type: sudo sh -c 'apt-get update && %s'" % (names, install))
    with Step("installing " + packages) as step:
        for command in (["apt-get", "update"], install.split()):
            _apt([*prefix, *command], step)
    still = _missing(missing)
    if still:
        raise Failure("%s: not found after installing %s" % (", ".join(still), packages))


def _privilege():
    """What to put before a command to run it as root; None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.call(
        ["sudo", "-n", "true"], stderr=subprocess.DEVNULL
    ):
        return ["sudo", "-n"]
    return None


def _apt(command, step):
    """Run apt quietly; its whole output is shown only when it fails."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        step.update(None, line.strip()[:60])
    if process.wait():
        raise Failure("%s failed:\n%s" % (" ".join(command), "".join(lines)))
