// The boot ROM: what the RP2040 has in mask ROM and the emulator's library leaves out.
//
// The image only has the tables by which a program finds the functions (RP2040 datasheet 2.8.2
// and 2.8.3). Every function in it is a breakpoint and a return; the breakpoint's number says
// which, and call() does its work in JavaScript, on the registers and memory of the chip.
import { doubles, floats } from './rom_floats.mjs';

const ROM_SIZE = 16 * 1024;
const VERSION = 3; // of the chip's stepping B2
const BOOT2 = 0x20041f00; // where the second stage is copied to, and the stack below it
const BOOT2_SIZE = 256;
const XIP = 0x10000000;
const SRAM = 0x20000000;
const WATCHDOG = 0x40058; // the library's key of the peripheral
const VECTOR = 0xb007c0d3; // in scratch 4: go on at the address in scratch 7 (2.8.1.1)

export class BootRom {
  // flash: a Flash; ended(reason): called when the chip waits for a UF2 file and nothing else.
  constructor(flash, ended) {
    this.flash = flash;
    this.ended = ended;
    this.handlers = [];
    this.bytes = new Uint8Array(ROM_SIZE);
    this.view = new DataView(this.bytes.buffer);
    this.end = 0x200; // what is before it: vectors, the pointers to the tables
    this.build();
  }

  // The image as the library takes it.
  get words() {
    return new Uint32Array(this.bytes.buffer);
  }

  build() {
    const { view } = this;
    view.setUint32(0x00, BOOT2, true); // stack
    view.setUint32(0x04, this.add((chip) => this.boot(chip)), true);
    view.setUint32(0x10, 0x01754d | (VERSION << 24), true); // "Mu", 1, version
    const functions = Object.entries(this.functions()).map(([code, run]) => [code, this.add(run)]);
    const data = [
      ['SF', this.addTable(floats)],
      ['SD', this.addTable(doubles)],
    ];
    view.setUint16(0x14, this.addIndex(functions), true);
    view.setUint16(0x16, this.addIndex(data), true);
    view.setUint16(0x18, this.add(lookUp), true);
  }

  // The address, as one to call, of a new function that is answered by run(chip).
  add(run) {
    const address = this.end;
    this.view.setUint16(address, 0xbe00 | this.handlers.length, true); // BKPT #number
    this.view.setUint16(address + 2, 0x4770, true); // BX LR
    this.handlers.push(run);
    if (this.handlers.length > 256) throw new Error('expected at most 256 functions in the ROM');
    this.end += 4;
    return address | 1;
  }

  // The address of a table of functions, the number of its entries before it.
  addTable(handlers) {
    const addresses = handlers.map((run) => this.add(run));
    this.view.setUint8(this.end + 2, addresses.length);
    const start = (this.end += 4);
    for (const address of addresses) {
      this.view.setUint32(this.end, address, true);
      this.end += 4;
    }
    return start;
  }

  // The address of a list of (two letters, address), ended by a zero.
  addIndex(entries) {
    const start = this.end;
    for (const [code, address] of entries) {
      this.view.setUint16(this.end, code.charCodeAt(0) | (code.charCodeAt(1) << 8), true);
      this.view.setUint16(this.end + 2, address, true);
      this.end += 4;
    }
    this.end += 4;
    return start;
  }

  // Do what the function at the chip's breakpoint does; false if the breakpoint is not the ROM's.
  call(chip, number) {
    if (chip.core.PC >= ROM_SIZE || number >= this.handlers.length) return false;
    this.handlers[number](chip);
    return true;
  }

  functions() {
    const nothing = () => {};
    return {
      P3: ({ core }) => (core.registers[0] = ones(core.registers[0])),
      R3: ({ core }) => (core.registers[0] = reversed(core.registers[0])),
      L3: ({ core }) => (core.registers[0] = Math.clz32(core.registers[0])),
      T3: ({ core }) => (core.registers[0] = trailingZeros(core.registers[0])),
      MS: fill,
      S4: fill,
      MC: copy,
      C4: copy,
      // The flash is always in reach here: no command mode, no cache.
      IF: nothing,
      EX: nothing,
      FC: nothing,
      CX: nothing,
      RE: ({ core }) => this.flash.erase(core.registers[0], core.registers[1]),
      RP: (chip) => this.program(chip),
      UB: () => this.ended('it has been told to start its boot loader'),
    };
  }

  program(chip) {
    const [offset, source, count] = chip.core.registers;
    const data = new Uint8Array(count);
    for (let i = 0; i < count; i++) data[i] = chip.readUint8(source + i);
    this.flash.program(offset, data);
  }

  // From reset to the program: through a vector that a watchdog reset leaves, or the second stage.
  boot(chip) {
    const { core } = chip;
    const scratch = chip.peripherals[WATCHDOG].scratchData;
    const [magic, check, stack, entry] = scratch.slice(4);
    if (magic === VECTOR && check === (entry ^ -VECTOR) >>> 0) {
      scratch[4] = 0;
      core.SP = stack;
      core.PC = entry & ~1;
      return;
    }
    const boot2 = this.flash.bytes.subarray(0, BOOT2_SIZE);
    const sum = new DataView(boot2.buffer, boot2.byteOffset).getUint32(BOOT2_SIZE - 4, true);
    if (crc32(boot2.subarray(0, BOOT2_SIZE - 4)) !== sum) {
      this.ended('its flash has no program: the checksum of the second boot stage is wrong');
      return;
    }
    chip.sram.set(boot2, BOOT2 - SRAM);
    core.LR = 0; // tells the second stage to enter the program
    core.PC = BOOT2;
  }
}

// CRC-32 as the boot ROM has it: the highest bit first, nothing inverted (2.8.1.3.1).
export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let i = 0; i < 8; i++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}

function ones(word) {
  let count = 0;
  for (let rest = word; rest; rest &= rest - 1) count++;
  return count;
}

function reversed(word) {
  let result = 0;
  for (let i = 0; i < 32; i++) result = (result << 1) | ((word >>> i) & 1);
  return result >>> 0;
}

function trailingZeros(word) {
  return word ? 31 - Math.clz32(word & -word) : 32;
}

// r0: a table, r1: a code; the entry's address to r0, or 0.
function lookUp(chip) {
  const { registers } = chip.core;
  const code = registers[1] & 0xffff;
  for (let at = registers[0]; ; at += 4) {
    const found = chip.readUint16(at);
    if (found === code || !found) {
      registers[0] = found ? chip.readUint16(at + 2) : 0;
      return;
    }
  }
}

// Where in the SRAM `count` bytes at `address` are, or -1.
function inSram(chip, address, count) {
  const offset = address - SRAM;
  return offset >= 0 && offset + count <= chip.sram.length ? offset : -1;
}

function fill(chip) {
  const [address, byte, count] = chip.core.registers;
  const to = inSram(chip, address, count);
  if (to >= 0) chip.sram.fill(byte & 255, to, to + count);
  else for (let i = 0; i < count; i++) chip.writeUint8(address + i, byte & 255);
}

function copy(chip) {
  const [address, source, count] = chip.core.registers;
  const to = inSram(chip, address, count);
  const from = inSram(chip, source, count);
  const offset = source - XIP;
  if (to >= 0 && from >= 0) {
    chip.sram.copyWithin(to, from, from + count);
  } else if (to >= 0 && offset >= 0 && offset + count <= chip.flash.length) {
    chip.sram.set(chip.flash.subarray(offset, offset + count), to);
  } else {
    for (let i = 0; i < count; i++) chip.writeUint8(address + i, chip.readUint8(source + i));
  }
}
