# Runs before boot.py, in the same namespace: the filesystem on the module's flash. A filesystem
# that cannot be mounted is left as it is, unless nothing was ever written there.


def _boot():
    import vfs
    from flashbdev import bdev

    def is_blank():
        # After a flash was erased it is 0xff everywhere; littlefs keeps its superblock in the
        # first two blocks.
        block = bytearray(bdev.ioctl(5, 0))
        for number in range(2):
            bdev.readblocks(number, block)
            if block.count(b"\xff") != len(block):
                return False
        return True

    if bdev is None:
        print("There is no partition named vfs: files are kept nowhere.")
        return
    try:
        vfs.mount(bdev, "/")
    except OSError as e:
        if not is_blank():
            print("The filesystem cannot be read:", e)
            print("It is left as it is; files are kept nowhere. To make a new one:")
            print("import vfs, flashbdev; vfs.VfsLfs2.mkfs(flashbdev.bdev)")
            return
        vfs.VfsLfs2.mkfs(bdev)
        vfs.mount(bdev, "/")


_boot()
del _boot
