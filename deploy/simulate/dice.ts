/** What one seed decides. Every part of the world has dice of its own: a change in one moves no other. */
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import type { Random } from "../../shared/time/random.ts";

export interface Dice {
  random: Random;
  /** From `least` up to, not including, `most`. */
  between(least: number, most: number): number;
  /** Both ends included. */
  whole(least: number, most: number): number;
  chance(part: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Dice for a part of this part. */
  fork(name: string): Dice;
}

const MINUTE_MS = 60_000;

/** FNV-1a: mixes a name into a seed. */
export function mix(seed: number, name: string): number {
  let word = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < name.length; at++) word = Math.imul(word ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return word;
}

export function createDice(seed: number): Dice {
  const random = createSeededRandom(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1));
  return {
    random,
    between,
    whole,
    chance: (part) => random() < part,
    pick: (from) => from[whole(0, from.length - 1)] as (typeof from)[number],
    fork: (name) => createDice(mix(seed, name)),
  };
}

/** When something next happens that happens `perDay` times on average: from 0.1 to 1.9 times the mean apart. */
export function nextAfterMs(dice: Dice, perDay: number): number {
  return Math.max(MINUTE_MS / 60, dice.between(0.1, 1.9) * (86_400_000 / perDay));
}
