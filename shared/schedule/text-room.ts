/**
 * Text put together as UTF-8, in room that is used again. A schedule is a hundred kilobytes of numbers and ids: written
 * as characters it would leave five times as much for the next collection of garbage, and that would fall into a reply.
 */

export interface TextRoom {
  /** Forgets what was written and not taken: whoever wrote it failed. */
  clear(): void;
  /** @param text ASCII alone, of any length */
  ascii(text: string): void;
  /** @param value a whole number from 0 to 2^53 - 1 */
  digits(value: number): void;
  /** Any text. */
  text(text: string): void;
  /** What was written, copied out once at its own size; the room is empty then. */
  take(): Uint8Array<ArrayBuffer>;
}

/** To begin with; it grows with what is written. */
const BYTES = 16_384;
/** Bytes that a UTF-16 code unit can take. */
const BYTES_PER_UNIT = 3;
/** Of the largest whole number. */
const DIGITS_MAX = 16;
const ZERO = 48;

export function createTextRoom(): TextRoom {
  const encoder = new TextEncoder();
  let room = new Uint8Array(BYTES);
  let at = 0;

  function makeRoom(more: number): void {
    if (at + more <= room.length) return;
    const wider = new Uint8Array(Math.max(at + more, 2 * room.length));
    wider.set(room.subarray(0, at));
    room = wider;
  }

  return {
    clear() {
      at = 0;
    },
    ascii(text) {
      const { length } = text;
      makeRoom(length);
      const [to, from] = [room, at];
      for (let place = 0; place < length; place++) to[from + place] = text.charCodeAt(place);
      at = from + length;
    },
    digits(value) {
      makeRoom(DIGITS_MAX);
      const [to, from] = [room, at];
      let length = 1;
      for (let power = 10; length < DIGITS_MAX && value >= power; power *= 10) length++;
      let rest = value;
      for (let place = from + length - 1; place >= from; place--) {
        const above = Math.floor(rest / 10);
        to[place] = ZERO + (rest - 10 * above);
        rest = above;
      }
      at = from + length;
    },
    text(text) {
      makeRoom(BYTES_PER_UNIT * text.length);
      at += encoder.encodeInto(text, room.subarray(at)).written;
    },
    take() {
      const taken = room.slice(0, at);
      at = 0;
      return taken;
    },
  };
}
