// Boots a UF2 file: its USB console is this process's standard input and output.
//
// node run.mjs --library DIR --uf2 FILE [--keep FILE --at OFFSET] [--uart PATH] [--stats]
//   --library  the folder whose node_modules has rp2040js
//   --keep     what the flash has from --at (a number of bytes) on, changed when the flash is
//   --uart     a UNIX socket to listen on: the bytes of UART 0
//   --stats    say at the end how fast the emulator was
// Ends with 0 by SIGTERM, SIGINT or the end of its input, 1 for a mistake in the above, 3 when the board waits for a
// UF2 file, 4 when its processor has stopped; what happens is told on standard error.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Flash } from './flash.mjs';
import { Pace } from './pace.mjs';
import { Pico, Stopped } from './pico.mjs';

const HELD = 64 * 1024; // bytes that wait for the board before no more are read
const CHECKED = 5; // milliseconds until that is looked at again

const say = (text) => fs.writeSync(2, `rp2040: ${text}\n`);

// Give a stream's bytes to a line of the board (the function says which: a reset makes new ones).
function feed(stream, line, pace) {
  stream.on('data', (bytes) => {
    line().write(bytes);
    pace.wake();
    if (line().size < HELD) return;
    stream.pause();
    const timer = setInterval(() => {
      if (line().size >= HELD) return;
      clearInterval(timer);
      stream.resume();
    }, CHECKED);
  });
}

// UART 0 for one program at a time, on a UNIX socket.
class UartSocket {
  constructor(where) {
    this.bytes = [];
    this.client = null;
    this.server = net.createServer((socket) => this.accept(socket)).listen(where);
  }

  attach(pico, pace) {
    this.connect = (socket) => feed(socket, () => pico.uart, pace);
  }

  accept(socket) {
    this.client?.destroy();
    this.client = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.client === socket) this.client = null;
    });
    this.connect(socket);
  }

  send(byte) {
    if (!this.client) return;
    if (!this.bytes.length) setImmediate(() => this.flush());
    this.bytes.push(byte);
  }

  flush() {
    this.client?.write(Buffer.from(this.bytes));
    this.bytes = [];
  }
}

function arguments_() {
  const text = { type: 'string' };
  const options = { library: text, uf2: text, keep: text, at: text, uart: text };
  const { values } = parseArgs({ options: { ...options, stats: { type: 'boolean' } } });
  for (const name of ['library', 'uf2']) {
    if (!values[name]) throw new Error(`expected --${name}`);
  }
  return values;
}

function boot(values) {
  const require = createRequire(path.resolve(values.library, 'package.json'));
  const flash = new Flash();
  flash.load(fs.readFileSync(values.uf2));
  if (values.keep) flash.keep(values.keep, Number(values.at));
  const socket = values.uart && new UartSocket(values.uart);
  const pico = new Pico(require('rp2040js'), flash, {
    console: (bytes) => process.stdout.write(bytes),
    uart: (byte) => socket && socket.send(byte),
    say,
  });
  const began = process.hrtime.bigint();
  const end = (status) => {
    if (values.stats) {
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      const millions = (pico.instructions / 1e6).toFixed(1);
      const { user, system } = process.cpuUsage();
      const busy = ((user + system) / 1e6).toFixed(2);
      say(`${millions} million instructions in ${seconds.toFixed(2)} s, ${busy} s of processor time`);
    }
    if (values.uart) fs.rmSync(values.uart, { force: true });
    process.exit(status);
  };
  const pace = new Pace(pico, (error) => {
    if (!(error instanceof Stopped)) {
      say(error.stack);
      end(1);
    }
    say(`the board has stopped: ${error.message}`);
    end(error.status);
  });
  socket?.attach(pico, pace);
  feed(process.stdin, () => pico.usb, pace);
  // Who has started us is gone.
  process.stdin.on('end', () => end(0));
  process.stdout.on('error', () => end(0));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => end(0));
  pace.start();
}

console.warn = () => {}; // parts of the library write there what they lack
try {
  boot(arguments_());
} catch (error) {
  say(error.message);
  process.exit(1);
}
