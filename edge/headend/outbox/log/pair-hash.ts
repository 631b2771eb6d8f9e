/**
 * A hash of 64 bits of two ids, in two halves. It finds a place to look at; what stands there decides, so one that
 * meets another's by chance or by design only costs a look. The seed is secret, so that nobody can design many.
 */

/** What the pair is: a box and a key, or a box and a cue. */
export type PairKind = "key" | "vote";
/** Its halves. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

export type HashSeed = readonly [number, number];

export class PairHash {
  readonly #seed: HashSeed;
  constructor(seed: HashSeed) {
    this.#seed = seed;
  }

  of(kind: PairKind, a: string, b: string): Hash {
    const salt = kind === "key" ? 0x9e3779b1 : 0x85ebca77;
    let high = this.#seed[0] ^ salt;
    let low = this.#seed[1] ^ salt;
    for (let at = 0; at < a.length; at++) {
      const code = a.charCodeAt(at);
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low ^ code, 0x5f356495);
    }
    high = Math.imul(high ^ 10, 0x9e3779b1);
    low = Math.imul(low ^ 10, 0x5f356495);
    for (let at = 0; at < b.length; at++) {
      const code = b.charCodeAt(at);
      high = Math.imul(high ^ code, 0x9e3779b1);
      low = Math.imul(low ^ code, 0x5f356495);
    }
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    return { high: (high ^ (high >>> 16)) >>> 0, low: (low ^ (low >>> 15)) >>> 0 };
  }
}
