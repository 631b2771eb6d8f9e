/**
 * QR codes (ISO/IEC 18004) for what a television shows: bytes, correction level M, versions 1 to 15.
 *
 * Written for size and for old engines: the libraries cost twice as much in the bundle and want typed arrays
 * or a TextEncoder. A test holds every module of it against one of them.
 */

/** Rows of modules; true is dark. */
export type Modules = boolean[][];

/** Level M: correction codewords in each block, and blocks, by version from 1. ISO/IEC 18004, table 9. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/** Codewords of data that it has room for, likewise. Table 7. */
const ROOM = [16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415];
/** Which version it is, from 7 on, with the remainder that corrects it. Table D.1. */
const VERSION_MARKS = [31892, 34236, 39577, 42195, 48118, 51042, 55367, 58893, 63784];

/** What version 15 holds at level M. */
const BYTES_MAX = 412;

/**
 * One mask for all, the fourth of eight: (x + y) % 3. The norm has an encoder weigh them all, readers take any;
 * this one breaks up areas, stripes and chequers alike. What says so, and level M, is a constant then (table C.1).
 */
const FORMAT = 0x5b4b;

/** Product in the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--)
    product = (product << 1) ^ ((product >> 7) * 285) ^ (((b >> bit) & 1) * a);
  return product;
}

/** Reed-Solomon: the remainder of the data by the generator of that degree. */
function correctionOf(data: number[], degree: number): number[] {
  let generator = [1];
  /** A polynomial and a multiple of another, added. */
  const added = (to: number[], other: number[], factor: number) =>
    to.map((one, place) => one ^ times(other[place] as number, factor));
  for (let at = 0, root = 1; at < degree; at++, root = times(root, 2)) {
    generator = added(generator.concat([0]), [0].concat(generator), root);
  }
  const divisor = generator.slice(1);
  return data.reduce(
    (rest, byte) => added(rest.slice(1).concat([0]), divisor, byte ^ (rest[0] as number)),
    divisor.map(() => 0),
  );
}

/** Data in blocks, the shorter ones first, corrected, interleaved. */
function codewords(data: number[], version: number): number[] {
  const degree = CORRECTION[version - 1] as number;
  // More than any block has of either.
  const most = data.length;
  const columns: number[][] = [];
  const corrections: number[][] = [];
  for (let left = BLOCKS[version - 1] as number; left > 0; left--) {
    const part = data.splice(0, Math.floor(data.length / left));
    columns.push(part);
    corrections.push(correctionOf(part, degree));
  }
  const all: number[] = [];
  [columns, corrections].forEach((parts) => {
    for (let at = 0; at < most; at++) {
      parts.forEach((part) => {
        if (at < part.length) all.push(part[at] as number);
      });
    }
  });
  return all;
}

function draw(version: number, words: number[]): Modules {
  const size = 17 + 4 * version;
  const modules: (boolean | undefined)[][] = [];
  for (let y = 0; y < size; y++) modules.push(new Array(size));
  const set = (x: number, y: number, dark: boolean) => {
    const row = modules[y];
    if (row && x >= 0 && x < size) row[x] = dark;
  };
  /** Rings around a centre: finders have a light third ring, alignments end at the second. */
  const rings = (x: number, y: number, radius: number) => {
    for (let dx = -radius; dx <= radius; dx++) {
      for (let dy = -radius; dy <= radius; dy++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(x + dx, y + dy, ring !== radius / 2 && ring !== 4);
      }
    }
  };
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const last = size - 7;
  const gaps = Math.floor(version / 7) + 1;
  const stepping = Math.ceil((last - 6) / gaps / 2) * 2;
  const centres = [6];
  for (let at = gaps - 1; version > 1 && at >= 0; at--) centres.push(last - at * stepping);
  centres.forEach((x) => {
    centres.forEach((y) => {
      // Not where the finders stand, in three corners; no other product equals theirs.
      if (x * y > 36 && x * y !== 6 * last) rings(x, y, 2);
    });
  });
  rings(3, 3, 4);
  rings(size - 4, 3, 4);
  rings(3, size - 4, 4);

  for (let bit = 0; bit < 15; bit++) {
    const dark = ((FORMAT >> bit) & 1) === 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    set(bit < 8 ? size - 1 - bit : bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  set(8, size - 8, true);
  const mark = VERSION_MARKS[version - 7] || 0;
  for (let bit = 0; mark && bit < 18; bit++) {
    const dark = ((mark >> bit) & 1) === 1;
    const near = Math.floor(bit / 3);
    set(near, size - 11 + (bit % 3), dark);
    set(size - 11 + (bit % 3), near, dark);
  }

  let next = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let along = 0; along < size; along++) {
      const y = up ? size - 1 - along : along;
      [right, right - 1].forEach((x) => {
        const row = modules[y] as (boolean | undefined)[];
        if (row[x] !== undefined) return;
        const bit = ((words[next >> 3] as number) >> (7 - (next++ % 8))) & 1;
        row[x] = (bit === 1) !== ((x + y) % 3 === 0);
      });
    }
  }
  return modules as Modules;
}

/** Text as codewords: mode, length, bytes, end mark, and padding up to what the version has room for. */
function encoded(bytes: string, version: number): number[] {
  const hex = (value: number, digits: number) => `000${value.toString(16)}`.slice(-digits);
  let digits = `4${hex(bytes.length, lengthBytes(version) * 2)}`;
  for (let at = 0; at < bytes.length; at++) digits += hex(bytes.charCodeAt(at), 2);
  const data = (`${digits}0`.match(/../g) || []).map((pair) => parseInt(pair, 16));
  for (let pad = 236; data.length < (ROOM[version - 1] as number); pad ^= 253) data.push(pad);
  return codewords(data, version);
}

const lengthBytes = (version: number) => (version > 9 ? 2 : 1);

/** @returns a text's bytes in UTF-8, one a letter; null when no code holds them: over 412, or half a pair of letters */
export function qrBytes(text: string): string | null {
  try {
    const bytes = unescape(encodeURIComponent(text));
    return bytes.length > BYTES_MAX ? null : bytes;
  } catch {
    return null;
  }
}

/** @param bytes of `qrBytes` */
export function qrModules(bytes: string): Modules {
  let version = 1;
  // Mode and end mark share a byte.
  while (bytes.length + lengthBytes(version) + 1 > (ROOM[version - 1] as number)) version++;
  return draw(version, encoded(bytes, version));
}
