# Runs before boot.py, in the same namespace: the filesystem on the board's flash. One that cannot
# be mounted is left as it is, unless nothing was ever written there.


def _boot():
    import rp2
    import vfs

    def is_blank(flash):
        # A new board has 0xff everywhere; littlefs keeps its superblock in the first two blocks.
        block = bytearray(4096)
        for number in range(2):
            flash.readblocks(number, block)
            if block.count(b"\xff") != len(block):
                return False
        return True

    flash = rp2.Flash()
    try:
        filesystem = vfs.VfsLfs2(flash, progsize=256)
    except OSError as e:
        if not is_blank(flash):
            print("The filesystem cannot be read:", e)
            print("It is left as it is; files are kept nowhere. To make a new one:")
            print("import vfs, rp2; vfs.VfsLfs2.mkfs(rp2.Flash(), progsize=256)")
            return
        vfs.VfsLfs2.mkfs(flash, progsize=256)
        filesystem = vfs.VfsLfs2(flash, progsize=256)
    vfs.mount(filesystem, "/")


_boot()
del _boot
