/**
 * What a changed guide does to the cues that are on air: which move, vanish or appear. Pure; by the same
 * expansion as the edges', so what is told here is what boxes would get.
 */
import type { Cue } from "../../shared/protocol/schedule.ts";
import { expandProgrammes } from "../../shared/schedule/expand.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";

export type CueEffectKind = "moved" | "vanished" | "appeared";

export interface CueEffect {
  kind: CueEffectKind;
  cue: string;
  channel: string;
  /** Of its programme; after the change, where it is still there. */
  title: string;
  /** The moment on air; absent when it appears. */
  fromMs?: number;
  /** The moment after the change; absent when it vanishes. */
  toMs?: number;
  /** Until when it may begin to be shown, as it is on air; absent when it appears. */
  fromUntilMs?: number;
}

/**
 * @param placements on air on this channel, of any kind
 * @param before the channel's programmes on air
 * @param after the same once the change is on air
 * @param nowMs cues whose time was over before it are left out, unless they come again
 * @returns by placement, then in the order of the schedule
 */
export function cueEffects(
  channel: string,
  placements: readonly Placement[],
  before: readonly ProgrammeTimes[],
  after: readonly ProgrammeTimes[],
  nowMs: number,
): CueEffect[] {
  const effects: CueEffect[] = [];
  const titles = new Map<string, string>();
  for (const { id, title } of [...before, ...after]) titles.set(id, title);
  const titleOf = ({ programme }: Cue) => titles.get(programme ?? "") ?? "";
  for (const placement of placements) {
    if (placement.when.kind !== "programme") continue;
    const fromBefore = new Map(cuesIn(placement, before).map((cue) => [cue.id, cue]));
    for (const cue of cuesIn(placement, after)) {
      const old = fromBefore.get(cue.id);
      fromBefore.delete(cue.id);
      if (Math.max(cue.untilMs, old?.untilMs ?? 0) < nowMs || old?.atMs === cue.atMs) continue;
      const both = { cue: cue.id, channel, title: titleOf(cue), toMs: cue.atMs };
      effects.push(
        old === undefined
          ? { kind: "appeared", ...both }
          : { kind: "moved", ...both, fromMs: old.atMs, fromUntilMs: old.untilMs },
      );
    }
    for (const old of fromBefore.values()) {
      if (old.untilMs < nowMs) continue;
      const { id, atMs, untilMs } = old;
      const title = titleOf(old);
      effects.push({ kind: "vanished", cue: id, channel, title, fromMs: atMs, fromUntilMs: untilMs });
    }
  }
  return effects;
}

const cuesIn = (placement: Placement, programmes: readonly ProgrammeTimes[]) =>
  expandProgrammes(placement, programmes, 0, Number.MAX_SAFE_INTEGER);
