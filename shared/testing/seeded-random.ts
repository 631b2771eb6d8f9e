/** Random numbers that a seed replays (mulberry32). For tests, simulation and samples, never for secrets. */
import type { Random } from "../time/random.ts";

/** @param seed any whole number; equal seeds give equal sequences on every runtime */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
