// Calls functions of the emulated boot ROM, found as a program finds them: by the ROM's tables.
//
// Standard input: JSON, [[name, registers], ...]; a name is a code such as "P3", or that of a
// table and an offset in it, such as "SF+0". Standard output: [[registers, flags], ...].
import fs from 'node:fs';
import { BootRom } from '../../tools/firn_tools/rp2040/boot_rom.mjs';
import { Flash } from '../../tools/firn_tools/rp2040/flash.mjs';

const SRAM = 0x20000000;
const flash = new Flash();
const rom = new BootRom(flash, (reason) => {
  chip.ended = reason;
});
const chip = {
  core: { registers: new Uint32Array(16), N: false, Z: false, C: false, V: false, PC: 0, LR: 0 },
  sram: new Uint8Array(264 * 1024),
  flash: flash.bytes,
  peripherals: { 0x40058: { scratchData: new Uint32Array(8) } },
  ended: null,
  readUint8: (at) => (at < 0x4000 ? rom.bytes[at] : chip.sram[at - SRAM]),
  readUint16: (at) => chip.readUint8(at) | (chip.readUint8(at + 1) << 8),
};

function callAt(address, registers) {
  chip.core.registers.set(registers);
  chip.core.PC = address + 1;
  const instruction = rom.view.getUint16(address & ~1, true);
  if (instruction >> 8 !== 0xbe) throw new Error(`expected a breakpoint at ${address}`);
  if (!rom.call(chip, instruction & 255)) throw new Error(`the ROM has nothing at ${address}`);
}

function find(pointer, code) {
  const [low, high] = [code.charCodeAt(0), code.charCodeAt(1)];
  callAt(rom.view.getUint16(0x18, true), [rom.view.getUint16(pointer, true), low | (high << 8)]);
  return chip.core.registers[0];
}

function address(name) {
  const [code, offset] = name.split('+');
  if (offset === undefined) return find(0x14, code);
  return rom.view.getUint32(find(0x16, code) + Number(offset), true);
}

for (let i = 0; i < 256; i++) chip.sram[i] = i;
const results = JSON.parse(fs.readFileSync(0, 'utf8')).map(([name, registers]) => {
  const entry = address(name);
  if (!entry) return null;
  chip.core.registers.fill(0);
  callAt(entry, registers);
  const { N, Z, C, V } = chip.core;
  return [[...chip.core.registers.slice(0, 4)], [N, Z, C, V].map(Number).join('')];
});
// What copying, filling and the flash have left.
const memory = [...chip.sram.slice(256, 512)];
const program = [...flash.bytes.slice(0, 16), ...flash.bytes.slice(4096, 4100)];
console.log(JSON.stringify({ results, memory, program, ended: chip.ended }));
