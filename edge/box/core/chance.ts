/**
 * Chance as plain data: numbers from a seed that lives in the state, keys, and draws that never change.
 *
 * The generator is sfc32 (public domain, by Chris Doty-Humphrey): four words, adds and shifts alone, since
 * ES5 has no Math.imul. The seed comes in through the random port at start.
 */

/** Four whole numbers, 32 bits each. */
export type Seed = readonly number[];

/** A number from 0 up to, not including, 1, and the seed for the next one. */
export function nextChance(seed: Seed): [number, Seed] {
  const a = seed[0] as number;
  const b = seed[1] as number;
  const c = seed[2] as number;
  const d = ((seed[3] as number) + 1) | 0;
  const sum = (a + b + (seed[3] as number)) | 0;
  const turned = ((c << 21) | (c >>> 11)) + sum;
  return [(sum >>> 0) / 4_294_967_296, [b ^ (b >>> 9), (c + (c << 3)) | 0, turned | 0, d]];
}

/** FNV-1a of UTF-16 units, by shifts. */
function hash(text: string, start: number): number {
  let word = start;
  for (let at = 0; at < text.length; at++) {
    word ^= text.charCodeAt(at);
    word = (word + (word << 1) + (word << 4) + (word << 7) + (word << 8) + (word << 24)) | 0;
  }
  return word;
}

/** Rounds after which every word of the seed has touched every bit of the output. */
const WARM_UP = 12;

/**
 * A draw that stays the same for ever: the box's stored secret and a name decide it, so that nothing needs to
 * be kept per cue and no reboot draws again.
 *
 * @param secret drawn once per box and stored
 * @param name what is drawn for: `<what>/<cue>`
 * @returns from 0 up to, not including, 1; independent between names and between boxes
 */
export function drawFor(secret: Seed, name: string): number {
  const first = hash(name, 0x811c9dc5 | 0);
  const second = hash(name, first ^ 0x5bd1e995);
  let seed: Seed = [
    (secret[0] as number) ^ first,
    (secret[1] as number) ^ second,
    secret[2] as number,
    (secret[3] as number) ^ name.length,
  ];
  for (let round = 0; round < WARM_UP; round++) seed = nextChance(seed)[1];
  return nextChance(seed)[0];
}

/** A UUID of version 4, and the seed for what is drawn next. */
export function nextKey(seed: Seed): [string, Seed] {
  let left = seed;
  // RFC 9562: the version is 4, the variant's two upper bits are 10; the two below them are not drawn.
  const key = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => {
    const [chance, next] = nextChance(left);
    left = next;
    return Math.floor(chance * 16).toString(16);
  });
  return [key, left];
}
