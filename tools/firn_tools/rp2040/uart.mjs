// The first UART as a stream of bytes, at the speed that the program sets.

const [DATA, TRANSMITTED, RECEIVE_TIMEOUT] = [0x00, 1 << 5, 1 << 6];
const BITS = 10; // on the line for each byte: start, eight, stop
const AT_ONCE = 16; // bytes: half of the chip's FIFO
const FIFO = 32;

// Let the library's `uart` say that it has room when it has sent something, and not for ever.
export function mendUart(uart) {
  uart.checkInterrupts = function () {
    this.rp2040.setInterrupt(this.irq, (this.interruptStatus & this.interruptMask) !== 0);
  };
  const write = uart.writeUint32.bind(uart);
  uart.writeUint32 = function (offset, value) {
    write(offset, value);
    if (offset === DATA) {
      this.interruptStatus |= TRANSMITTED;
      this.checkInterrupts();
    }
  };
}

export class UartLine {
  // sent(byte): called with every byte that the chip sends.
  constructor(uart, clock, sent) {
    this.uart = uart;
    this.pending = [];
    this.size = 0; // bytes of them
    this.running = false;
    this.alarm = clock.createAlarm(() => this.feed());
    uart.onByte = sent;
  }

  // Send `bytes` (a Buffer) to the chip. None is lost: the line waits for room, as with RTS/CTS.
  write(bytes) {
    this.pending.push(bytes);
    this.size += bytes.length;
    if (!this.running) this.schedule(1);
  }

  schedule(bytes) {
    const { baudDivider, baudRate } = this.uart;
    this.running = true;
    this.alarm.schedule((bytes * BITS * 1e9) / (baudDivider ? baudRate : 9600));
  }

  feed() {
    const { uart, pending } = this;
    this.running = false;
    const ready = uart.enabled && uart.rxEnabled;
    const count = ready ? Math.min(AT_ONCE, FIFO - uart.rxFIFO.itemCount, this.size) : 0;
    for (let i = 0; i < count; i++) {
      uart.feedByte(pending[0][0]);
      pending[0] = pending[0].subarray(1);
      if (!pending[0].length) pending.shift();
    }
    this.size -= count;
    if (this.size) {
      this.schedule(AT_ONCE);
    } else if (count) {
      uart.interruptStatus |= RECEIVE_TIMEOUT;
      uart.checkInterrupts();
    }
  }
}
