/** What differs from model to model and from home to home: all of it drawn at once, in an order that no caller moves. */
import type { Dice } from "./dice.ts";

export interface Hardware {
  /** Parts per million by which the oscillator runs fast, and the clock that runs while it is off. */
  ppm: number;
  rtcPpm: number;
  /** Its wall clock starts in 1970. */
  forgetsTime: boolean;
  wayMs: number;
  lossPart: number;
  /** The picture is so late. */
  delayMs: number;
  /** Edges that it was configured with. */
  edges: readonly string[];
  tags: readonly string[];
  languages: readonly string[];
  /** A storage that forgets everything with the power. */
  volatile: boolean;
  /** How far its wall clock is off at first, ms. */
  wallOffMs: number;
}

/**
 * @param urls all edges
 * @param faults false: a line without loss, 20 ms each way
 */
export function drawHardware(dice: Dice, urls: readonly string[], faults: boolean): Hardware {
  const ppm = dice.between(-92, 92);
  const rtcPpm = dice.between(-90, 90);
  const forgetsTime = dice.chance(0.1);
  const wayMs = faults ? dice.pick([1, 5, 20, 60, 250]) : 20;
  const lossPart = faults ? dice.pick([0, 0.002, 0.02, 0.1]) : 0;
  const delayMs = faults && dice.chance(0.3) ? dice.whole(-400, 5_000) : 0;
  const edges = dice.chance(0.5) ? urls : [dice.pick(urls)];
  const tags = dice.chance(0.5) ? ["hd"] : [];
  const languages = [faults ? dice.pick(["en", "en-GB", "zh-CN"]) : "en"];
  const volatile = faults && dice.chance(0.05);
  const wallOffMs = faults ? dice.whole(-30_000, 30_000) : 0;
  return {
    ppm,
    rtcPpm,
    forgetsTime,
    wayMs,
    lossPart,
    delayMs,
    edges,
    tags,
    languages,
    volatile,
    wallOffMs,
  };
}
