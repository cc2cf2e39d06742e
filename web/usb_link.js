// The browser's end of the line to a device: sessions, channels, credits (docs/usb.md).

import {Decoder, KIND, NUMBERS, TO_DEVICE, VERSION, encode} from "./usb_frames.js";

const CREDIT = 0x2020;  // bytes that a channel may send to us
const LONGEST = 2048;
const HELLO_EVERY = 1000, PING_AFTER = 1000, SUSPECT = 2000, SILENT_AFTER = 15000;  // ms
const QUIET = 300;  // ms after which a line that was printed is whole
const PROMPT = ">>> ";
const TAIL = 256;  // characters of what was printed last
const CUT_OFF = 3000;  // ms after which nothing more of a frame is to come
const REASONS = {f: "the device has no free connection", b: "the serial line has lost bytes"};
const GONE = "the device is restarting, or at its REPL";
const little = (value) => [value & 255, value >> 8];

export class Channel {
  constructor(link, number, credit) {
    Object.assign(this, {link, number, credit, coming: 0, going: 0, consumed: 0});
    this.outgoing = new Uint8Array(0);
    this.opened = this.saidLast = this.heardLast = false;
    this.failure = null;
    this.incoming = [];
    this.wake = null;
  }

  send(data) {
    const joined = new Uint8Array(this.outgoing.length + data.length);
    joined.set(this.outgoing);
    joined.set(data, this.outgoing.length);
    this.outgoing = joined;
    this.link.pump();
  }

  // The next bytes, null at the end; throws where the channel has failed.
  async receive() {
    while (!this.incoming.length) {
      if (this.failure) throw new Error(this.failure);
      if (this.heardLast) return null;
      await new Promise((resolve) => { this.wake = resolve; });
    }
    const data = this.incoming.shift();
    this.consumed += data.length;
    if (this.consumed >= CREDIT / 4 && !this.heardLast && !this.saidLast) {
      this.link.send(KIND.CREDIT, this.number, little(this.consumed));
      this.consumed = 0;
    }
    return data;
  }

  changed() {
    if (this.wake) this.wake();
    this.wake = null;
  }

  fail(reason) {
    this.failure ??= reason;
    this.outgoing = new Uint8Array(0);
    this.changed();
  }

  close() {
    this.link.reset(this, "closed");
  }
}

// write(bytes) sends to the device, text(string) gets what it prints, noticed(state) hears of
// "silent", "prompt" and "up".
export class Link {
  constructor(write, text, noticed) {
    Object.assign(this, {write, text, noticed, state: "silent", board: "", tail: ""});
    this.letters = null;
    this.channels = new Map();
    this.waiting = [];  // who waits for a free channel
    this.words = new TextDecoder();
    this.decoder = new Decoder(LONGEST, (frame) => this.frame(frame), (data) => this.printed(data));
    this.limits = {most: 0, credit: 0, window: 240};
    this.nextHello = this.suspected = this.fedAt = this.turn = 0;
    this.heardAt = this.pingedAt = Date.now();
    this.begin();
  }

  begin() {
    this.number = 0;
    this.acknowledged = NUMBERS - 1;
    this.sentFor = new Array(NUMBERS).fill(0);
    this.underWay = [];
  }

  tick() {
    const now = Date.now(), quiet = now - this.fedAt, silent = now - this.heardAt;
    if (quiet > CUT_OFF) this.decoder.giveUp();
    if (this.state === "prompt" && quiet > QUIET && !this.atPrompt()) this.become("silent");
    if (this.state === "silent") {
      if (now >= this.nextHello) this.hello(now);
    } else if (this.state === "up") {
      if (this.suspected && now - this.suspected > SUSPECT) this.become("prompt");
      else if (silent > SILENT_AFTER) this.become("silent");
      else if (silent > PING_AFTER && now - this.pingedAt > PING_AFTER) this.ping(now);
    }
  }

  hello(now) {
    this.nextHello = now + HELLO_EVERY;
    this.begin();
    const [wire, nonce] = this.audible(KIND.HELLO, [VERSION], little(CREDIT));
    this.nonce = nonce;
    this.count(0);
    this.write(wire);
  }

  ping(now) {
    this.pingedAt = now;
    this.put(this.audible(KIND.PING, [], [])[0], 0);
  }

  // A frame with letters that a prompt echoes, so that we know it for one, and nothing in it that a
  // prompt would act upon.
  audible(kind, before, after) {
    for (;;) {
      const letters = Array.from({length: 4}, () => 97 + Math.floor(Math.random() * 26));
      const wire = this.encode(kind, 0, [...before, ...letters, ...after]);
      if (wire.every((byte) => byte >= 0x20 && byte !== 0x7f)) {
        this.letters = String.fromCharCode(...letters);
        return [wire, letters];
      }
    }
  }

  atPrompt() {
    return this.tail.slice(this.tail.lastIndexOf("\n") + 1).startsWith(PROMPT)
      || this.tail.includes("raw REPL; CTRL-B to exit");
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.suspected = this.nextHello = 0;
    if (state !== "up") this.fail(GONE);
    this.noticed(state);
    this.free();
  }

  fail(reason) {
    for (const channel of this.channels.values()) channel.fail(reason);
    this.channels.clear();
    this.free();
  }

  free() {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  // What comes

  feed(data) {
    this.fedAt = Date.now();
    this.decoder.feed(data);
    this.pump();
  }

  printed(data) {
    const text = this.words.decode(data, {stream: true});
    this.text(text);
    this.keep(text);
    if (this.tail.includes("MPY: soft reboot") && this.state !== "silent") {
      this.tail = "";
      this.become("silent");
    }
    if (this.letters && this.tail.includes(this.letters)) {  // it echoes
      if (this.atPrompt()) this.write(Uint8Array.of(3));  // so that its line is empty again
      this.tail = PROMPT;
      this.letters = null;
      this.become("prompt");
    }
    if (!this.atPrompt()) return;
    if (this.state === "silent") {
      this.become("prompt");
    } else if (this.state === "up" && !this.suspected) {
      this.suspected = Date.now();
      this.ping(this.suspected);
    }
  }

  // Keeps what was printed last, and how a line longer than that begins: with a prompt?
  keep(text) {
    const all = this.tail + text, line = all.lastIndexOf("\n") + 1;
    this.tail = (all.length - line > TAIL ? all.slice(line, line + PROMPT.length) : "") + all.slice(-TAIL);
  }

  frame(frame) {
    if (!frame) {
      if (this.state === "up") this.ping(Date.now());
    } else {
      this.received(frame);
    }
  }

  received(frame) {
    this.heardAt = Date.now();
    this.suspected = 0;
    if (frame.kind === KIND.WELCOME) {
      if (String([...frame.payload.subarray(1, 5)]) === String(this.nonce)) this.welcomed(frame);
      return;
    }
    if (frame.kind === KIND.NOBODY) return this.become("silent");
    if (this.state !== "up") return;
    this.acknowledge(frame.acknowledged);
    for (let lost = (this.acknowledged + 1) % NUMBERS; lost !== frame.number;
      lost = (lost + 1) % NUMBERS) this.send(KIND.LOST, 0, [lost]);
    this.acknowledged = frame.number;
    if (frame.channel === 0) {
      if (frame.kind === KIND.LOST) this.lost(this.sentFor[frame.payload[0] % NUMBERS]);
      return;
    }
    const channel = this.channels.get(frame.channel);
    if (channel) this.ofChannel(channel, frame);
  }

  welcomed({payload, number}) {
    this.limits = {
      most: payload[5], credit: payload[6] + 256 * payload[7], window: payload[8] + 256 * payload[9],
    };
    this.board = new TextDecoder().decode(payload.subarray(10));
    this.nonce = null;
    this.acknowledged = number;
    this.underWay = [];
    this.fail(GONE);
    this.become("up");
  }

  acknowledge(number) {
    const at = this.underWay.findIndex((one) => one.number === number);
    this.underWay.splice(0, at + 1);
  }

  ofChannel(channel, {kind, place, payload}) {
    if (kind === KIND.RESET) {
      channel.heardLast = true;
      channel.fail(REASONS[String.fromCharCode(payload[0])] ?? GONE);
      this.sayLast(channel, KIND.RESET);
    } else if (kind === KIND.CREDIT) {
      channel.credit += payload[0] + 256 * payload[1];
    } else if (place !== channel.coming % NUMBERS && !channel.failure) {
      this.reset(channel, REASONS.b);
    } else if (kind === KIND.CLOSE) {
      channel.heardLast = true;
      this.sayLast(channel, KIND.CLOSE);
      channel.changed();
    } else if (!channel.failure) {
      channel.coming++;
      channel.incoming.push(payload.slice());
      channel.changed();
    }
  }

  lost(number) {
    const channel = this.channels.get(number);
    if (channel) this.reset(channel, REASONS.b);
  }

  sayLast(channel, kind) {
    if (!channel.saidLast) {
      channel.saidLast = true;
      this.send(kind, channel.number, [], channel.going);
    }
    if (channel.heardLast) this.forget(channel);
  }

  forget(channel) {
    if (this.channels.get(channel.number) !== channel) return;
    this.channels.delete(channel.number);
    this.free();
  }

  reset(channel, reason) {
    channel.fail(reason);
    if (!channel.opened) return this.forget(channel);
    if (this.channels.get(channel.number) !== channel) return;
    channel.saidLast = false;  // also where CLOSE was said: that may be what was lost
    this.sayLast(channel, KIND.RESET);
  }

  // What goes

  // A Channel, as soon as there is a free one; throws where the device does not serve.
  async open(patience) {
    const end = Date.now() + patience;
    while (Date.now() < end) {
      for (let number = 1; this.state === "up" && number <= this.limits.most; number++) {
        if (this.channels.has(number)) continue;
        const channel = new Channel(this, number, this.limits.credit);
        this.channels.set(number, channel);
        return channel;
      }
      if (this.state === "prompt") break;
      await new Promise((resolve) => { this.waiting.push(resolve); setTimeout(resolve, 500); });
    }
    throw new Error(this.state === "up" ? REASONS.f : GONE);
  }

  encode(kind, channel, payload, place = 0) {
    return encode(kind, channel, this.number, this.acknowledged, place, payload, TO_DEVICE);
  }

  send(kind, channel, payload = [], place = 0) {
    this.put(this.encode(kind, channel, payload, place), channel);
  }

  count(channel) {
    const number = this.number;
    this.sentFor[number] = channel;
    this.number = (number + 1) % NUMBERS;
    return number;
  }

  put(wire, channel) {
    this.underWay.push({number: this.count(channel), size: wire.length});
    this.write(wire);
  }

  room() {
    if (this.underWay.length > NUMBERS - 8) return 0;
    const used = this.underWay.reduce((sum, one) => sum + one.size, 0);
    return Math.min(this.limits.window - used, this.limits.window >> 1);
  }

  // Send what may be sent, the channels in turn.
  pump() {
    let sent = this.state === "up";
    while (sent) {
      const numbers = [...this.channels.keys()].sort((a, b) => a - b);
      const turns = [...numbers.filter((n) => n > this.turn), ...numbers.filter((n) => n <= this.turn)];
      const number = turns.find((one) => this.pumpOne(this.channels.get(one)));
      sent = number !== undefined;
      if (sent) this.turn = number;
    }
  }

  pumpOne(channel) {
    if (channel.saidLast || channel.failure || !channel.outgoing.length) return false;
    const room = this.room(), kind = channel.opened ? KIND.DATA : KIND.OPEN;
    let count = Math.min(channel.outgoing.length, channel.credit, (this.limits.window >> 1) - 16);
    while (count > 0) {
      const piece = channel.outgoing.subarray(0, count);
      const wire = this.encode(kind, channel.number, piece, channel.going);
      if (wire.length <= room) {
        this.put(wire, channel.number);
        channel.opened = true;
        channel.going++;
        channel.credit -= count;
        channel.outgoing = channel.outgoing.slice(count);
        return true;
      }
      count = room > 100 ? Math.floor(count * 3 / 4) : 0;
    }
    return false;
  }
}
