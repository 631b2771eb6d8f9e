/**
 * Where in a log file the entry of a hash begins: a table of a fixed size with open addressing, 12 bytes a slot,
 * never more than half full. The same bytes are written beside the file when it is full, and read there in place.
 */

/** High half, low half, place + 1; 0 in an empty slot. */
const WORDS = 3;
export const SLOT_BYTES = WORDS * 4;

/** Slots for so many hashes, at most half of them taken. A power of two. */
export const slotsFor = (hashes: number): number => 2 ** Math.ceil(Math.log2(Math.max(8, hashes * 2)));

export class PlaceTable {
  readonly words: Uint32Array;
  readonly #mask: number;
  /** @param slots a power of two */
  constructor(slots: number) {
    this.words = new Uint32Array(slots * WORDS);
    this.#mask = slots - 1;
  }

  /** @param replaces the place that it takes over, of the same hash; it is added when there is none */
  put(high: number, low: number, place: number, replaces = -1): void {
    const { words } = this;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      const held = words[at + 2] as number;
      if (held === 0 || (held === replaces + 1 && words[at] === high && words[at + 1] === low)) {
        words[at] = high;
        words[at + 1] = low;
        words[at + 2] = place + 1;
        return;
      }
    }
  }

  /** Places of a hash; most often none or one. */
  *places(high: number, low: number): Generator<number, void> {
    const { words } = this;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      const held = words[at + 2] as number;
      if (held === 0) return;
      if (words[at] === high && words[at + 1] === low) yield held - 1;
    }
  }

  /** Whether there is any place of it: cheaper than asking for them. */
  has(high: number, low: number): boolean {
    const { words } = this;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (words[at + 2] === 0) return false;
      if (words[at] === high && words[at + 1] === low) return true;
    }
  }

  clear(): void {
    this.words.fill(0);
  }
}

/** Most slots read at once. */
const SLOTS_READ = 256;

/**
 * As `places`, in a table that lies in a file.
 *
 * @param read bytes of the table from an offset
 */
export function* placesOnDisk(
  slots: number,
  high: number,
  low: number,
  read: (at: number, bytes: number) => Uint8Array,
): Generator<number, void> {
  let slot = low & (slots - 1);
  for (let seen = 0; seen < slots; ) {
    const most = Math.min(SLOTS_READ, slots - slot);
    const bytes = read(slot * SLOT_BYTES, most * SLOT_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const got = Math.floor(bytes.byteLength / SLOT_BYTES);
    if (got === 0) return;
    for (let index = 0; index < got; index++) {
      const at = index * SLOT_BYTES;
      const held = view.getUint32(at + 8, true);
      if (held === 0) return;
      if (view.getUint32(at, true) === high && view.getUint32(at + 4, true) === low) yield held - 1;
    }
    seen += got;
    slot = (slot + got) & (slots - 1);
  }
}
