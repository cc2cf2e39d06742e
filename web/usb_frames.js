// Frames on a device's serial line (docs/usb.md); the counterpart of frozen/firn/usb_frames.py.

const BEGIN = 0xf8, END = 0xf9, ESCAPE = 0xfa, TURN = 0x40, BASE = 0x30, HEAD = 5;

export const NUMBERS = 64;
export const VERSION = "1".charCodeAt(0);
export const KIND = Object.fromEntries(
  Object.entries({
    HELLO: "H", WELCOME: "W", OPEN: "O", DATA: "D", CREDIT: "C", CLOSE: "E", RESET: "R",
    ACK: "A", PING: "P", LOST: "L", NOBODY: "N",
  }).map(([name, letter]) => [name, letter.charCodeAt(0)]));

export const TO_HOST = [BEGIN, END, ESCAPE];
export const TO_DEVICE = [BEGIN, END, ESCAPE, 1, 2, 3, 4, 5, 10, 13];

const TABLE = Uint32Array.from({length: 256}, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 255];
  return (crc ^ 0xffffffff) >>> 0;
}

export function encode(kind, channel, number, acknowledged, place, payload, escaped = TO_DEVICE) {
  const body = new Uint8Array(HEAD + payload.length + 4);
  body.set([kind, BASE + channel, BASE + number, BASE + acknowledged, BASE + place % NUMBERS]);
  body.set(payload, HEAD);
  new DataView(body.buffer).setUint32(body.length - 4, crc32(body.subarray(0, -4)), true);
  const wire = [BEGIN];
  for (const byte of body) {
    if (escaped.includes(byte)) wire.push(ESCAPE, byte ^ TURN);
    else wire.push(byte);
  }
  wire.push(END);
  return Uint8Array.from(wire);
}

// The frame in an escaped body (an array of bytes), or null if it is broken.
export function decode(escaped) {
  const plain = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] !== ESCAPE) plain.push(escaped[at]);
    else if (++at < escaped.length) plain.push(escaped[at] ^ TURN);
    else return null;
  }
  const body = Uint8Array.from(plain), end = body.length - 4;
  if (end < HEAD) return null;
  if (new DataView(body.buffer).getUint32(end, true) !== crc32(body.subarray(0, end))) return null;
  const head = Array.from(body.subarray(1, HEAD), (value) => value - BASE);
  if (head.some((value) => value < 0 || value >= NUMBERS)) return null;
  const [channel, number, acknowledged, place] = head;
  return {kind: body[0], channel, number, acknowledged, place, payload: body.subarray(HEAD, end)};
}

// Finds frames among text: frame(the decoded one, null for a broken one) and text(Uint8Array) are
// called for what comes.
export class Decoder {
  constructor(longest, frame, text) {
    Object.assign(this, {longest, frame, text, held: null});
  }

  feed(data) {
    let from = 0;
    for (let at = 0; at < data.length; at++) {
      const byte = data[at];
      if (this.held === null) {
        if (byte < BEGIN) continue;
        if (at > from) this.text(data.subarray(from, at));
        from = at + 1;
        if (byte === BEGIN) this.held = [];
        else if (byte === END) this.frame(null);
      } else if (byte === BEGIN) {
        this.frame(null);
        this.held = [];
      } else if (byte === END) {
        const body = this.held;
        this.held = null;
        from = at + 1;
        this.frame(body.length > this.longest ? null : decode(body));
      } else {
        this.held.push(byte);
        if (this.held.length > this.longest) {
          this.held = null;
          from = at + 1;
          this.frame(null);
        }
      }
    }
    if (this.held === null && from < data.length) this.text(data.subarray(from));
  }

  giveUp() {
    this.held = null;
  }
}
