// The boot ROM's floating point (RP2040 datasheet 2.8.3.2): arithmetic of the host's processor.
//
// A table's order is that of the datasheet, an entry every four bytes; the library of doubles has
// the same order. Unlike the chip's, the results are right for denormals and NaN.
const scratch = new DataView(new ArrayBuffer(8));

// How numbers of one width are in registers: words (1 or 2) starting at a register.
const single = {
  words: 1,
  get(registers, at) {
    scratch.setUint32(0, registers[at]);
    return scratch.getFloat32(0);
  },
  set(registers, value, at = 0) {
    scratch.setFloat32(0, value);
    registers[at] = scratch.getUint32(0);
  },
};
const double = {
  words: 2,
  get(registers, at) {
    scratch.setUint32(0, registers[at + 1]);
    scratch.setUint32(4, registers[at]);
    return scratch.getFloat64(0);
  },
  set(registers, value, at = 0) {
    scratch.setFloat64(0, value);
    registers[at] = scratch.getUint32(4);
    registers[at + 1] = scratch.getUint32(0);
  },
};

function integer64(registers, signed) {
  const value = (BigInt(registers[1]) << 32n) | BigInt(registers[0]);
  return Number(signed ? BigInt.asIntN(64, value) : value);
}

function clamped(value, bits, signed) {
  if (Number.isNaN(value)) return 0n;
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  if (value <= Number(low)) return low;
  return value >= Number(high) ? high : BigInt(Math.floor(value));
}

function table(kind, other) {
  const { words, get, set } = kind;
  const unary = (compute) => ({ core: { registers } }) => set(registers, compute(get(registers, 0)));
  const binary = (compute) => ({ core: { registers } }) =>
    set(registers, compute(get(registers, 0), get(registers, words)));
  // Rounded down, and to the nearest there is; `scaled`: by the power of two in the next register.
  const toInteger = (bits, signed, scaled) => ({ core: { registers } }) => {
    const value = get(registers, 0) * (scaled ? 2 ** (registers[words] | 0) : 1);
    const result = BigInt.asUintN(64, clamped(value, bits, signed));
    registers[0] = Number(result & 0xffffffffn);
    if (bits === 64) registers[1] = Number(result >> 32n);
  };
  const fromInteger = (bits, signed, scaled) => ({ core: { registers } }) => {
    const word = signed ? registers[0] | 0 : registers[0];
    const value = bits === 64 ? integer64(registers, signed) : word;
    set(registers, scaled ? value / 2 ** (registers[bits / 32] | 0) : value);
  };
  const compare = ({ core }) => {
    const [x, y] = [get(core.registers, 0), get(core.registers, words)];
    core.registers[0] = x < y ? -1 : x > y ? 1 : 0;
    core.N = x < y;
    core.Z = x === y;
    core.C = x >= y;
    core.V = false;
  };
  const sineAndCosine = ({ core: { registers } }) => {
    const angle = get(registers, 0);
    set(registers, Math.sin(angle));
    set(registers, Math.cos(angle), words);
  };
  return [
    binary((x, y) => x + y),
    binary((x, y) => x - y),
    binary((x, y) => x * y),
    binary((x, y) => x / y),
    compare,
    compare, // for the flags, which the first sets, too
    unary(Math.sqrt),
    toInteger(32, true, false),
    toInteger(32, true, true),
    toInteger(32, false, false),
    toInteger(32, false, true),
    fromInteger(32, true, false),
    fromInteger(32, true, true),
    fromInteger(32, false, false),
    fromInteger(32, false, true),
    unary(Math.cos),
    unary(Math.sin),
    unary(Math.tan),
    sineAndCosine,
    unary(Math.exp),
    unary(Math.log),
    compare,
    binary(Math.atan2),
    fromInteger(64, true, false),
    fromInteger(64, true, true),
    fromInteger(64, false, false),
    fromInteger(64, false, true),
    toInteger(64, true, false),
    toInteger(64, true, true),
    toInteger(64, false, false),
    toInteger(64, false, true),
    ({ core: { registers } }) => other.set(registers, get(registers, 0)),
  ];
}

export const floats = table(single, double);
export const doubles = table(double, single);
