/**
 * Whether a full log file may have a hash: a Bloom filter (Bloom 1970) of 16 bits a hash, three of them looked at,
 * wrong in one of 200. Without it every answer would be looked for in every file.
 */
const BITS_PER_HASH = 16;

/** An empty one's words for so many hashes: a power of two of them. */
export const filterWordsFor = (hashes: number): Uint32Array =>
  new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(64, hashes * BITS_PER_HASH))) / 32);

export class HashFilter {
  readonly words: Uint32Array;
  readonly #mask: number;
  /** @param words all zero, or as they were kept; a power of two of them */
  constructor(words: Uint32Array) {
    this.words = words;
    this.#mask = words.length * 32 - 1;
  }

  add(high: number, low: number): void {
    this.#set(high & this.#mask);
    this.#set(Math.imul(low, 0x9e3779b1) & this.#mask);
    this.#set((high ^ Math.imul(low, 0x85ebca6b)) & this.#mask);
  }

  mayHave(high: number, low: number): boolean {
    return (
      this.#is(high & this.#mask) &&
      this.#is(Math.imul(low, 0x9e3779b1) & this.#mask) &&
      this.#is((high ^ Math.imul(low, 0x85ebca6b)) & this.#mask)
    );
  }

  #set(bit: number): void {
    this.words[bit >>> 5] = (this.words[bit >>> 5] as number) | (1 << (bit & 31));
  }
  #is(bit: number): boolean {
    return ((this.words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
  }
}
