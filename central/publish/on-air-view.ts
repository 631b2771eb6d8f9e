/** The cues to come on every channel, as a content has them. Pure. */
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
