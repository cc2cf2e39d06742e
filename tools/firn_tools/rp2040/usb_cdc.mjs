// The host's side of the chip's USB: finds its serial line, and moves bytes over it.
//
// The library's own host polls the chip with empty packets as fast as it can; this one answers a
// read of the chip only when there is something to say.

const [SET_ADDRESS, GET_DESCRIPTOR, SET_CONFIGURATION] = [5, 6, 9]; // USB 2.0, table 9-4
const SET_CONTROL_LINE_STATE = 0x22; // CDC PSTN 6.3.12
const TO_DEVICE = 0x00;
const FROM_DEVICE = 0x80;
const TO_INTERFACE = 0x21; // of a class
const DTR_AND_RTS = 0x03;
const [CONFIGURATION, INTERFACE, ENDPOINT] = [2, 4, 5]; // descriptors
const DATA_CLASS = 10;
const COMMUNICATION_CLASS = 2;
const BULK = 2;
const PACKET = 64; // bytes of a full-speed bulk packet
const SHORT_DESCRIPTOR = 9; // bytes of a configuration's own descriptor, which has the whole length

const [FRAME_NUMBER, INTERRUPTS_ENABLED] = [0x48, 0x90]; // registers of the chip's USB controller
const START_OF_FRAME = 1 << 17; // an interrupt
const FRAME = 1e6; // nanoseconds

// Have the library's controller `usb` count frames while the program wants to know of them.
export function mendFrames(usb, clock) {
  const alarm = clock.createAlarm(() => {
    usb.sofFrameNumber = (usb.sofFrameNumber + 1) & 0x7ff;
    usb.intRaw |= START_OF_FRAME;
    usb.checkInterrupts();
    next();
  });
  const next = () => {
    if (usb.intEnable & START_OF_FRAME) alarm.schedule(FRAME);
  };
  const [read, write] = [usb.readUint32.bind(usb), usb.writeUint32.bind(usb)];
  usb.readUint32 = (offset) => {
    if (offset === FRAME_NUMBER) {
      usb.intRaw &= ~START_OF_FRAME; // RP2040 datasheet, INTR: cleared by reading SOF_RD
      usb.checkInterrupts();
    }
    return read(offset);
  };
  usb.writeUint32 = (offset, value) => {
    const before = usb.intEnable;
    write(offset, value);
    if (offset === INTERRUPTS_ENABLED && !(before & START_OF_FRAME)) next();
  };
}

export class UsbSerial {
  // usb: the library's controller; received(bytes): called with what the chip sends; connected():
  // called once the serial line is there.
  constructor(usb, received, connected) {
    this.usb = usb;
    this.received = received;
    this.connected = connected;
    this.steps = null;
    this.answer = [];
    this.line = null; // {input, output, control}: two endpoints' numbers and the interface's
    this.pending = []; // Buffers for the chip
    this.size = 0; // bytes of them
    this.wanted = 0; // bytes that the chip has room for
    usb.onUSBEnabled = () => usb.resetDevice();
    usb.onResetReceived = () => this.enumerate();
    usb.onEndpointWrite = (endpoint, bytes) => this.fromChip(endpoint, bytes);
    usb.onEndpointRead = (endpoint, size) => this.toChip(endpoint, size);
  }

  // Send `bytes` (a Buffer) to the chip when it wants them.
  write(bytes) {
    this.pending.push(bytes);
    this.size += bytes.length;
    this.pump();
  }

  enumerate() {
    this.line = null;
    this.wanted = 0;
    this.steps = this.conversation();
    this.steps.next();
  }

  // What is asked of the chip, one request after the other; each yield gives the answer's bytes.
  *conversation() {
    yield this.request(TO_DEVICE, SET_ADDRESS, 1, 0, 0);
    const short = yield this.ask(SHORT_DESCRIPTOR);
    const whole = yield this.ask(short[2] | (short[3] << 8));
    const line = serialLine(whole);
    if (!line) throw new Error('the USB device has no serial line');
    yield this.request(TO_DEVICE, SET_CONFIGURATION, 1, 0, 0);
    yield this.request(TO_INTERFACE, SET_CONTROL_LINE_STATE, DTR_AND_RTS, line.control, 0);
    this.line = line;
    this.connected();
    this.pump();
  }

  ask(length) {
    this.request(FROM_DEVICE, GET_DESCRIPTOR, CONFIGURATION << 8, 0, length);
  }

  request(type, request, value, index, length) {
    const packet = new DataView(new ArrayBuffer(8));
    packet.setUint8(0, type);
    packet.setUint8(1, request);
    packet.setUint16(2, value, true);
    packet.setUint16(4, index, true);
    packet.setUint16(6, length, true);
    this.answer = [];
    this.awaited = length;
    this.usb.sendSetupPacket(new Uint8Array(packet.buffer));
  }

  fromChip(endpoint, bytes) {
    if (endpoint === 0 && this.steps) {
      this.answer.push(...bytes);
      if (this.answer.length >= this.awaited) this.steps.next(this.answer);
    } else if (this.line && endpoint === this.line.input) {
      this.received(bytes);
    }
  }

  // The chip has room for `size` bytes.
  toChip(endpoint, size) {
    if (endpoint === 0) return;
    this.wanted = size;
    this.output = endpoint;
    this.pump();
  }

  pump() {
    if (!this.line || !this.wanted || !this.size || this.output !== this.line.output) return;
    const count = Math.min(this.wanted, this.size, PACKET);
    const packet = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      const part = this.pending[0].subarray(0, count - done);
      packet.set(part, done);
      done += part.length;
      if (part.length === this.pending[0].length) this.pending.shift();
      else this.pending[0] = this.pending[0].subarray(part.length);
    }
    this.size -= count;
    this.wanted = 0;
    this.usb.endpointReadDone(this.line.output, packet);
  }
}

// The serial line of a configuration's descriptors (bytes), or null.
export function serialLine(descriptors) {
  const line = { input: -1, output: -1, control: -1 };
  let kind = null;
  for (let at = 0; at + 2 <= descriptors.length && descriptors[at] >= 2; at += descriptors[at]) {
    const type = descriptors[at + 1];
    if (type === INTERFACE) {
      kind = descriptors[at + 5];
      if (kind === COMMUNICATION_CLASS && line.control < 0) line.control = descriptors[at + 2];
    } else if (type === ENDPOINT && kind === DATA_CLASS && (descriptors[at + 3] & 3) === BULK) {
      const address = descriptors[at + 2];
      const name = address & 0x80 ? 'input' : 'output';
      if (line[name] < 0) line[name] = address & 0x0f;
    }
  }
  return line.input < 0 || line.output < 0 || line.control < 0 ? null : line;
}
