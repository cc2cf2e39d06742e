# Runs before boot.py, in the same namespace: the filesystem on the flash image, then the network.


def _boot():
    import time

    import network
    import qemu
    import vfs

    def littlefs(flash, may_format):
        try:
            return vfs.VfsLfs2(flash, progsize=32)
        except OSError:
            if not may_format():
                raise ValueError("expected a littlefs filesystem or an image never written to")
            vfs.VfsLfs2.mkfs(flash, progsize=32)
            return vfs.VfsLfs2(flash, progsize=32)

    def filesystem():
        if qemu.flash_image() != "none":
            try:
                flash = qemu.Flash()
                return littlefs(flash, flash.is_blank)
            except (OSError, ValueError) as e:
                print("Flash image '%s' is left as it is:" % qemu.flash_image(), e)
                print("Files are kept in RAM until the emulator ends.")
        return littlefs(qemu.RAMFlash(), lambda: True)

    def connect():
        lan = network.LAN()
        lan.active(True)
        if lan.isconnected():
            return  # a soft reset leaves the interface as it is
        lan.ipconfig(dhcp4=True)
        # There is an address in a few milliseconds; without a server, do not hold up the boot.
        start = time.ticks_ms()
        while not lan.isconnected() and time.ticks_diff(time.ticks_ms(), start) < 1000:
            time.sleep_ms(5)

    vfs.mount(filesystem(), "/")
    try:
        connect()
    except OSError as e:
        print("No network:", e)


_boot()
del _boot
