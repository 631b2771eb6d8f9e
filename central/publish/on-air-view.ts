/** Every channel now and next, and the cues to come, as a content has them. Pure. */
import type { Cue } from "../../shared/protocol/schedule.ts";
import type { Content } from "../../shared/publication/part.ts";
import { compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import { compareCues } from "../../shared/schedule/cue.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { planOf, programmesOn as programmesIn } from "./plan.ts";
import type { Work } from "./work.ts";

export interface PlacedCue extends Cue {
  channels: string[];
}
/** Most cues told at once. */
export const CUES_MAX = 500;

export const programmesOn = (content: Content, channel: string): readonly ProgrammeTimes[] =>
  programmesIn(content, channel).programmes;

/** @returns cues that appear on air over a span in any region, at most CUES_MAX, in the order of a schedule */
export function* cuesOnAir(content: Content, fromMs: number, untilMs: number): Work<PlacedCue[]> {
  const plan = planOf(content);
  const byId = new Map<string, PlacedCue>();
  for (const channel of plan.channels()) {
    for (const region of plan.variants(channel)) {
      const { planner, programmes } = plan;
      const horizon = compileHorizon(planner(region), channel, programmes(channel), fromMs, untilMs);
      for (const cue of horizon.cues(fromMs, untilMs)) {
        const found = byId.get(cue.id);
        if (!found) byId.set(cue.id, { ...cue, channels: [channel] });
        else if (found.channels.at(-1) !== channel) found.channels.push(channel);
      }
      yield;
    }
  }
  return [...byId.values()].sort(compareCues).slice(0, CUES_MAX);
}

/** Cues told: those still on the screen, and the next six hours. */
const CUES_BACK_MS = 600_000;
const CUES_AHEAD_MS = 6 * 3_600_000;

const brief = (programme: ProgrammeTimes | undefined) =>
  programme && {
    id: programme.id,
    title: programme.title,
    startMs: programme.startMs,
    endMs: programme.endMs,
  };

/** @param content undefined: nothing was published yet */
export function* onAirNow(content: Content | undefined, nowMs: number) {
  if (!content) return { nowMs, channels: [], cues: [] };
  const sorted = [...(content.get("channels") ?? new Map()).values()]
    .map((body) => JSON.parse(String(body)) as { id: string; number: number; name: string })
    .sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  const channels = [];
  for (const { id, number, name } of sorted) {
    const programmes = programmesOn(content, id);
    const now = programmes.find((each) => each.startMs <= nowMs && each.endMs > nowMs);
    const next = programmes.find((each) => each.startMs > nowMs);
    channels.push({ id, number, name, now: brief(now), next: brief(next) });
    yield;
  }
  return { nowMs, channels, cues: yield* cuesOnAir(content, nowMs - CUES_BACK_MS, nowMs + CUES_AHEAD_MS) };
}
