/**
 * What a changed guide does to the cues that are on air: which move, vanish or appear. Pure. Cues are settled by
 * the same code as the edges', so what is told here is what boxes would get: one that loses to another, or
 * falls into a blackout, vanishes.
 */
import type { Cue } from "../../shared/protocol/schedule.ts";
import type { Content } from "../../shared/publication/part.ts";
import { compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import { indexProgrammes, type ProgrammeIndex } from "../../shared/schedule/programme-index.ts";
import { createTitleKeys, type ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { planOf } from "../publish/plan.ts";
import { MOVE_MAX_MS } from "./identity.ts";

export type CueEffectKind = "moved" | "vanished" | "appeared";

export interface CueEffect {
  kind: CueEffectKind;
  cue: string;
  channel: string;
  /** Of its programme; empty for one that needs none. */
  title: string;
  /** The moment on air; absent when it appears. */
  fromMs?: number;
  /** The moment after the change; absent when it vanishes. */
  toMs?: number;
  /** Until when it may begin to be shown, as it is on air; absent when it appears. */
  fromUntilMs?: number;
}

/** Farthest ahead that is looked; guides reach two weeks. */
const AHEAD_MAX_MS = 62 * 86_400_000;
const DAY_MS = 86_400_000;

/** Whether anything is placed on the channel: without, no guide changes a cue of it. */
export function isWatched(content: Content, channel: string): boolean {
  const plan = planOf(content);
  return (
    plan.hasChannel(channel) &&
    plan.variants(channel).some((region) => plan.planner(region).on(channel).length > 0)
  );
}

/**
 * @param content what is on air
 * @param after the channel's programmes once the change is on air
 * @returns in the order of the schedule; cues whose time was over before now are left out, unless they come again
 */
export function cueEffects(
  content: Content,
  channel: string,
  after: readonly ProgrammeTimes[],
  nowMs: number,
): CueEffect[] {
  const plan = planOf(content);
  const variants = plan.variants(channel);
  if (!isWatched(content, channel)) return [];
  const before = plan.programmes(channel);
  const lastMs = [...before.programmes, ...after].reduce((last, { endMs }) => Math.max(last, endMs), nowMs);
  const untilMs = Math.min(nowMs + AHEAD_MAX_MS, lastMs + DAY_MS);
  // Far enough back to know one that was on and comes again.
  const fromMs = Math.max(0, nowMs - MOVE_MAX_MS);
  const cuesWith = (programmes: ProgrammeIndex) => {
    const cues = new Map<string, Cue>();
    for (const region of variants) {
      const horizon = compileHorizon(plan.planner(region), channel, programmes, fromMs, untilMs);
      for (const cue of horizon.cues(fromMs, untilMs)) if (!cues.has(cue.id)) cues.set(cue.id, cue);
    }
    return cues;
  };
  const titles = new Map([...before.programmes, ...after].map(({ id, title }) => [id, title]));
  const titleOf = ({ programme }: Cue) => titles.get(programme ?? "") ?? "";
  return differences(cuesWith(before), cuesWith(indexProgrammes(after, createTitleKeys())), nowMs).map(
    ([old, cue]) => {
      const either = (cue ?? old) as Cue;
      const both = { cue: either.id, channel, title: titleOf(either) };
      if (old === undefined) return { kind: "appeared", ...both, toMs: either.atMs };
      const was = { fromMs: old.atMs, fromUntilMs: old.untilMs };
      if (cue === undefined) return { kind: "vanished", ...both, ...was };
      return { kind: "moved", ...both, ...was, toMs: cue.atMs };
    },
  );
}

/** Pairs of before and after that differ in their moment. */
function differences(
  before: Map<string, Cue>,
  after: ReadonlyMap<string, Cue>,
  nowMs: number,
): [old: Cue | undefined, cue: Cue | undefined][] {
  const found: [Cue | undefined, Cue | undefined][] = [];
  for (const cue of after.values()) {
    const old = before.get(cue.id);
    before.delete(cue.id);
    if (Math.max(cue.untilMs, old?.untilMs ?? 0) < nowMs || old?.atMs === cue.atMs) continue;
    found.push([old, cue]);
  }
  for (const old of before.values()) if (old.untilMs >= nowMs) found.push([old, undefined]);
  return found;
}
