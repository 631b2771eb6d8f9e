/** A hash of everything that happened, in order: equal for equal seeds, on every runtime. */

export interface Trace {
  add(what: string, value: number): void;
  /** 16 hexadecimal digits. */
  hash(): string;
}

export function createTrace(): Trace {
  let first = 0x811c9dc5;
  let second = 0x2545f491;
  const turn = (unit: number) => {
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul((second ^ unit) + 0x9e3779b9, 0x85ebca6b) ^ (second >>> 13);
  };
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, "0");
  return {
    add(what, value) {
      for (let at = 0; at < what.length; at++) turn(what.charCodeAt(at));
      // Microseconds: finer than anything that is compared.
      const fine = Math.floor(value * 1000);
      turn((fine % 4_294_967_296) | 0);
      turn(Math.floor(fine / 4_294_967_296) | 0);
    },
    hash: () => hex(first) + hex(second),
  };
}
