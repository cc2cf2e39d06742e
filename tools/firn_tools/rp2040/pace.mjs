// When the board runs: at full speed while it is busy, with the wall clock while it is idle.

const SLICE = 100_000; // instructions between two looks at what has come in: some milliseconds
const LAG = 20e6; // nanoseconds; a board that is busy for longer lives slower than the wall clock
const NAP = 50; // milliseconds at most

export class Pace {
  // pico: a Pico; failed(error): called with what ended it.
  constructor(pico, failed) {
    this.pico = pico;
    this.failed = failed;
    this.timer = null;
    this.due = null;
    this.origin = process.hrtime.bigint(); // when the board's nanosecond 0 was
  }

  start() {
    this.due ??= setImmediate(() => this.slice());
  }

  // Something has come in: do not sleep on.
  wake() {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
      this.start();
    }
  }

  slice() {
    this.due = null;
    const { pico } = this;
    let now = Number(process.hrtime.bigint() - this.origin);
    if (now - pico.nanoseconds > LAG) {
      // Idle time that follows is to be as long as the program asks, not to make up for this.
      const lost = now - pico.nanoseconds - LAG;
      this.origin += BigInt(Math.round(lost));
      now -= lost;
    }
    let idle;
    try {
      idle = pico.run(SLICE, now);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (!idle) {
      this.start();
      return;
    }
    const until = pico.nextAlarm === null ? NAP : (pico.nextAlarm - now) / 1e6;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.slice();
    }, Math.max(1, Math.min(NAP, until)));
  }
}
