"""The serial bootloader of an ESP32 chip on a pseudo-terminal, for esptool to talk to.

Facts: Espressif's "Serial Protocol" of esptool's documentation. ROM and flasher stub are both
played: what is loaded into memory is not run, but from then on the answers are the stub's.
"""

import errno
import hashlib
import os
import pty
import select
import struct
import termios
import threading
import time
import tty
import zlib

from esptool.targets import CHIP_DEFS

_FLASH_BEGIN, _FLASH_DATA, _FLASH_END, _MEM_END, _SYNC = 0x02, 0x03, 0x04, 0x06, 0x08
_WRITE_REG, _READ_REG, _DEFL_BEGIN, _DEFL_DATA = 0x09, 0x0A, 0x10, 0x11
_MD5, _SECURITY, _ERASE_ALL, _ERASE_REGION, _RUN = 0x13, 0x14, 0xD0, 0xD1, 0xD3
_MEM_BEGIN, _MEM_DATA, _SET_PARAMS, _ATTACH, _BAUD, _DEFL_END = 0x05, 0x07, 0x0B, 0x0D, 0x0F, 0x12
_PLAIN = (_MEM_BEGIN, _MEM_DATA, _SET_PARAMS, _ATTACH, _BAUD, _FLASH_END, _DEFL_END)
_UNKNOWN_COMMAND = 5
_READ_ID = 0x9F  # the flash chip's own command
_MAGIC_REGISTER = 0x40001000
_CONSOLE_SPEED = termios.B115200


class EspBootloader:
    """``with EspBootloader("esp32c3") as board``: ``port`` is its name, ``flash`` its contents.

    ``size``: of the flash; ``cut_after``: bytes of image data after which the cable is pulled;
    ``damage``: an address whose byte does not stay as it is written; ``console``: text that the
    board prints after it was flashed and its port opened anew; ``silent``: no download mode, the
    program runs on. ``commands``: those that came.
    """

    def __init__(self, chip, size=4 << 20, cut_after=None, damage=None, console="", silent=False):
        self.rom = CHIP_DEFS[chip]
        self.flash = bytearray(b"\x5a" * size)
        self.cut_after = cut_after
        self.damage = damage
        self.console = console
        self.silent = silent
        self.commands = []
        self.was_stub = False
        self._stub = False
        self._registers = {}
        self._at = 0
        self._left = 0
        self._inflate = None
        self._received = 0
        self._flashed = False
        self._rest = b""

    def __enter__(self):
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._stop, self._stopping = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception):
        os.write(self._stopping, b"x")
        self._thread.join(10)
        self._pull()
        os.close(self._stop)
        os.close(self._stopping)

    def _pull(self):
        """Take the port away, as a pulled cable does."""
        for one in (self._master, self._slave):
            if one is not None:
                os.close(one)
        self._master = self._slave = None

    # The line

    def _serve(self):
        while self._master is not None:
            ready = select.select([self._master, self._stop], [], [], 0.05)[0]
            if self._stop in ready:
                return
            if self._master in ready:
                try:
                    data = os.read(self._master, 65536)
                except OSError as error:
                    if error.errno == errno.EIO:
                        continue
                    raise
                self._take(data)
            elif self._flashed and self._opened_anew():
                self._flashed = False
                time.sleep(0.2)  # a port is flushed while it is being opened
                self._write(self.console.replace("\n", "\r\n").encode())

    def _opened_anew(self):
        return bool(self.console) and termios.tcgetattr(self._slave)[5] == _CONSOLE_SPEED

    def _write(self, data):
        while data and self._master is not None:
            select.select([], [self._master], [], 5)
            data = data[os.write(self._master, data) :]

    def _take(self, data):
        """A piece of SLIP (RFC 1055): packets between END bytes, those two bytes escaped."""
        *packets, self._rest = (self._rest + data).split(b"\xc0")
        for packet in packets:
            packet = packet.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
            if len(packet) >= 8 and not self.silent and self._master is not None:
                self._command(packet)

    def _send(self, packet):
        body = packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
        self._write(b"\xc0" + body + b"\xc0")

    def _answer(self, code, value=0, data=b"", error=0):
        status = bytes([1 if error else 0, error]) + (b"" if self._stub else b"\0\0")
        data += status
        self._send(struct.pack("<BBHI", 1, code, len(data), value) + data)

    # Commands

    def _command(self, packet):
        _direction, code, length, _sum = struct.unpack_from("<BBHI", packet)
        data = packet[8 : 8 + length]
        words = struct.unpack_from("<%dI" % (len(data) // 4), data)
        self.commands.append(code)
        if code == _SYNC:
            self._stub = self._flashed = False  # after a reset, which a pty cannot carry
            for _ in range(8):
                self._answer(code, 0x20120707)
        elif code == _READ_REG:
            self._answer(code, self._register(words[0]))
        elif code == _WRITE_REG:
            self._write_register(words[0], words[1])
            self._answer(code)
        elif code == _SECURITY:
            self._security(code)
        elif code == _MEM_END and words[1]:
            self._answer(code)
            self._stub = self.was_stub = True
            self._send(b"OHAI")
        elif code in (_FLASH_BEGIN, _DEFL_BEGIN):
            self._left, self._at = words[0], words[3]
            self._inflate = zlib.decompressobj() if code == _DEFL_BEGIN else None
            self._answer(code)
        elif code in (_FLASH_DATA, _DEFL_DATA):
            self._program(code, data[16 : 16 + words[0]])
        elif code == _MD5:
            self._md5(code, words[0], words[1])
        elif code == _ERASE_ALL:
            self.flash[:] = b"\xff" * len(self.flash)
            self._answer(code)
        elif code == _ERASE_REGION:
            self.flash[words[0] : words[0] + words[1]] = b"\xff" * words[1]
            self._answer(code)
        elif code == _RUN:
            self._stub = False
        elif code in _PLAIN or code == _MEM_END:
            self._answer(code)
        else:
            self._answer(code, error=_UNKNOWN_COMMAND)

    def _security(self, code):
        if self.rom.USES_MAGIC_VALUE:  # a chip older than this command
            self._answer(code, error=_UNKNOWN_COMMAND)
        else:
            about = struct.pack("<IB7sII", 0, 0, bytes(7), self.rom.IMAGE_CHIP_ID, 0)
            self._answer(code, data=about)

    def _register(self, address):
        if address == _MAGIC_REGISTER and self.rom.USES_MAGIC_VALUE:
            return self.rom.MAGIC_VALUE
        return self._registers.get(address, 0)

    def _write_register(self, address, value):
        self._registers[address] = value
        base = self.rom.SPI_REG_BASE
        if address == base and value:  # a command for the flash chip, done at once
            self._registers[base] = 0
            asked = self._registers.get(base + self.rom.SPI_USR2_OFFS, 0) & 0xFF
            answer = 0x40EF | (len(self.flash).bit_length() - 1) << 16
            self._registers[base + self.rom.SPI_W0_OFFS] = answer if asked == _READ_ID else 0

    def _program(self, code, data):
        self._received += len(data)
        if self.cut_after is not None and self._received > self.cut_after:
            self._pull()
            return
        if self._inflate is not None:
            data = self._inflate.decompress(data)
        data = data[: max(0, self._left)]
        self.flash[self._at : self._at + len(data)] = data
        if self.damage is not None:
            self.flash[self.damage] &= 0xFE  # a cell that always reads as 0
        self._at += len(data)
        self._left -= len(data)
        self._answer(code)

    def _md5(self, code, address, size):
        digest = hashlib.md5(self.flash[address : address + size])
        self._answer(code, data=digest.digest() if self._stub else digest.hexdigest().encode())
        self._flashed = True
