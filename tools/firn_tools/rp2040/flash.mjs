// The flash: the firmware of a UF2 file, and a filesystem that a file on the host keeps.
import fs from 'node:fs';

const SIZE = 16 * 1024 * 1024; // what the chip can address; a board has less, the rest reads 0xff
const XIP = 0x10000000;
const RP2040 = 0xe48bff56; // family of a UF2 file
const [MAGIC_START, MAGIC_SECOND, MAGIC_END] = [0x0a324655, 0x9e5d5157, 0x0ab16f30];
const [NOT_MAIN_FLASH, HAS_FAMILY] = [0x1, 0x2000];

export class Flash {
  constructor() {
    this.bytes = new Uint8Array(SIZE).fill(0xff);
    this.kept = null; // descriptor of the file that has `length` bytes from `start` on
    this.start = SIZE;
    this.length = 0;
  }

  // Write what a UF2 file (a Buffer) holds, as the chip's boot loader does.
  load(uf2) {
    if (!uf2.length || uf2.length % 512) throw new Error('expected a UF2 file of 512-byte blocks');
    for (let at = 0; at < uf2.length; at += 512) {
      const word = (offset) => uf2.readUInt32LE(at + offset);
      if (word(0) !== MAGIC_START || word(4) !== MAGIC_SECOND || word(508) !== MAGIC_END) {
        throw new Error(`expected a UF2 block at ${at}`);
      }
      if (word(8) & NOT_MAIN_FLASH) continue;
      if (word(8) & HAS_FAMILY && word(28) !== RP2040) {
        throw new Error(`expected UF2 family ${RP2040.toString(16)}, got ${word(28).toString(16)}`);
      }
      const [address, count] = [word(12), word(16)];
      if (count > 476 || address < XIP || address + count > XIP + SIZE) {
        throw new Error(`expected an address in flash, got ${address.toString(16)}`);
      }
      this.bytes.set(uf2.subarray(at + 32, at + 32 + count), address - XIP);
    }
  }

  // Have the file `path` in place of what is at `start` and keep every change in it, too.
  keep(path, start) {
    this.kept = fs.openSync(path, 'r+');
    const content = fs.readFileSync(this.kept);
    this.bytes.set(content, start);
    this.start = start;
    this.length = content.length;
  }

  erase(offset, count) {
    this.bytes.fill(0xff, offset, offset + count);
    this.write(offset, count);
  }

  // Bits can only be cleared.
  program(offset, data) {
    for (let i = 0; i < data.length; i++) this.bytes[offset + i] &= data[i];
    this.write(offset, data.length);
  }

  // At once: whenever the emulator is killed, the file has what a power cut would leave.
  write(offset, count) {
    const from = Math.max(offset, this.start);
    const to = Math.min(offset + count, this.start + this.length);
    if (this.kept !== null && from < to) {
      fs.writeSync(this.kept, this.bytes, from, to - from, from - this.start);
    }
  }
}
