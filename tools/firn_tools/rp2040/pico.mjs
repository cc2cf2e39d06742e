// A board with an RP2040: the library's chip, with what it needs to boot, to reset and to stop.
import { randomInt } from 'node:crypto';
import { BootRom } from './boot_rom.mjs';
import { mendUart, UartLine } from './uart.mjs';
import { mendFrames, UsbSerial } from './usb_cdc.mjs';

const [WATCHDOG, OSCILLATOR] = [0x40058, 0x40060]; // the library's keys of peripherals
const RANDOM_BIT = 0x1c;
const NANOSECONDS = 8; // of a cycle, at 125 MHz
// What the real chip answers with a HardFault, the library only tells the log.
const FAULTS = ['RP2040', 'CortexM0Core'];

// Have the ring oscillator give the random bits that programs make their keys of.
function mendOscillator(oscillator) {
  const read = oscillator.readUint32.bind(oscillator);
  oscillator.readUint32 = (offset) => (offset === RANDOM_BIT ? randomInt(2) : read(offset));
}

// Why a board does not go on; `status`: for the process.
export class Stopped extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}
export const WAITS_FOR_UF2 = 3;
export const LOCKED_UP = 4;

export class Pico {
  // library: of rp2040js; flash: a Flash; output: {console(bytes), uart(byte), say(text)}.
  constructor(library, flash, output) {
    this.library = library;
    this.flash = flash;
    this.output = output;
    this.rom = new BootRom(flash, (reason) => this.stop(reason, WAITS_FOR_UF2));
    this.instructions = 0;
    this.started = 0; // nanoseconds of the boards before this one, which a reset has ended
    this.powerOn(null);
  }

  // Nanoseconds that the board has lived, through all resets.
  get nanoseconds() {
    return this.started + this.chip.clock.nanos;
  }

  // before: the chip that a watchdog has reset. It keeps what a watchdog does not touch.
  powerOn(before) {
    const chip = new this.library.RP2040();
    this.chip = chip;
    chip.flash = this.flash.bytes;
    chip.flashView = new DataView(chip.flash.buffer);
    chip.flash16 = new Uint16Array(chip.flash.buffer);
    chip.bootrom.set(this.rom.words);
    chip.core.reset();
    if (before) {
      const [kept, old] = [chip.peripherals[WATCHDOG], before.peripherals[WATCHDOG]];
      kept.scratchData.set(old.scratchData);
      kept.reason = old.reason;
      chip.sram.set(before.sram);
    }
    chip.logger = this.logger();
    chip.onBreak = (number) => this.atBreakpoint(number);
    const watchdog = chip.peripherals[WATCHDOG];
    watchdog.onWatchdogTrigger = () => {
      watchdog.alarm.enable = false; // or it would ring again at once, and for ever
      this.resetting = true;
    };
    chip.uart.forEach(mendUart);
    mendOscillator(chip.peripherals[OSCILLATOR]);
    mendFrames(chip.usbCtrl, chip.clock);
    this.resetting = false;
    this.stopped = null;
    this.usb = new UsbSerial(chip.usbCtrl, this.output.console, () => {
      this.output.say('the console is connected');
    });
    this.uart = new UartLine(chip.uart[0], chip.clock, this.output.uart);
  }

  logger() {
    const nothing = () => {};
    const fault = (part, message) => {
      if (FAULTS.includes(part)) this.stop(`${message}: a HardFault`, LOCKED_UP);
    };
    return { debug: nothing, info: nothing, warn: fault, error: fault };
  }

  atBreakpoint(number) {
    if (this.rom.call(this.chip, number)) return;
    this.stop(`breakpoint ${number}`, LOCKED_UP);
  }

  // Remember the first reason; run() throws it.
  stop(reason, status) {
    if (this.stopped) return;
    const { registers } = this.chip.core;
    const [link, counter] = [...registers.slice(14)].map((value) => '0x' + value.toString(16));
    const where = status === LOCKED_UP ? ` (PC ${counter}, LR ${link})` : '';
    this.stopped = new Stopped(reason + where, status);
  }

  // Run until `limit` (nanoseconds, see above) or `count` instructions are reached; true if the
  // processor waits for something that does not come before the limit.
  run(count, limit) {
    for (let left = count; left > 0; ) {
      const { core, clock } = this.chip;
      if (core.waiting) {
        const rest = limit - this.nanoseconds;
        if (rest <= 0) return true;
        const next = clock.nanosToNextAlarm; // 0 where there is none
        clock.tick(clock.nextAlarm ? Math.min(next, rest) : rest);
      } else {
        left -= this.execute(Math.min(left, 1000));
      }
      if (this.stopped) throw this.stopped;
      if (this.resetting) this.reset();
    }
    return false;
  }

  execute(count) {
    const { core, clock } = this.chip;
    let done = 0;
    while (done < count && !core.waiting && !this.resetting && !this.stopped) {
      clock.tick(core.executeInstruction() * NANOSECONDS);
      done++;
    }
    this.instructions += done;
    return done;
  }

  reset() {
    this.output.say('reset');
    this.started += this.chip.clock.nanos;
    this.powerOn(this.chip);
  }

  // When (nanoseconds) the next alarm rings, or null.
  get nextAlarm() {
    const alarm = this.chip.clock.nextAlarm;
    return alarm && this.started + alarm.nanos;
  }
}
