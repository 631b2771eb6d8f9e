/** The cues to come of one placement or of everything, as a content has them. Pure. */
import type { Cue } from "../../shared/protocol/schedule.ts";
import type { Content } from "../../shared/publication/part.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import { compareCues } from "../../shared/schedule/cue.ts";
import { expandProgrammes, expandTimed } from "../../shared/schedule/expand.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { planOf, programmesOn as programmesIn } from "./plan.ts";

export interface PlacedCue extends Cue {
  channels: string[];
}
/** Most cues told at once. */
export const CUES_MAX = 500;

export const programmesOn = (content: Content, channel: string): readonly ProgrammeTimes[] =>
  programmesIn(content, channel).programmes;

/** Placements with the channels of their groups among their channels. */
export function placementsIn(content: Content): Placement[] {
  const { placements, groups } = planOf(content);
  return [...placements.values()].map((placement) =>
    placement.groups ? { ...placement, channels: channelsOf(placement, groups) } : placement,
  );
}

/**
 * The firings of one placement over a span, the same one on several channels told once; what other placements
 * and channel rules make of them is left out.
 *
 * @param placement with all its channels named: `placementsIn()`
 * @param programmes of a channel
 * @returns at most `most`, in the order of a schedule
 */
export function firings(
  placement: Placement,
  programmes: (channel: string) => readonly ProgrammeTimes[],
  fromMs: number,
  untilMs: number,
  most: number,
): PlacedCue[] {
  const timed = expandTimed(placement, fromMs, untilMs).map((cue) => ({
    ...cue,
    channels: placement.channels,
  }));
  const byId = new Map<string, PlacedCue>(timed.map((cue) => [cue.id, cue]));
  if (placement.when.kind === "programme") {
    for (const channel of placement.channels) {
      for (const cue of expandProgrammes(placement, programmes(channel), fromMs, untilMs)) {
        const found = byId.get(cue.id);
        if (found) found.channels.push(channel);
        else byId.set(cue.id, { ...cue, channels: [channel] });
      }
    }
  }
  return [...byId.values()].sort(compareCues).slice(0, most);
}

/** @returns cues that appear on air over a span in any region, at most CUES_MAX, in the order of a schedule */
export function cuesOnAir(content: Content, fromMs: number, untilMs: number): PlacedCue[] {
  const plan = planOf(content);
  const byId = new Map<string, PlacedCue>();
  for (const channel of content.get("channels")?.keys() ?? []) {
    for (const region of plan.variants(channel)) {
      const { planner, programmes } = plan;
      const horizon = compileHorizon(planner(region), channel, programmes(channel), fromMs, untilMs);
      for (const cue of horizon.cues(fromMs, untilMs)) {
        const found = byId.get(cue.id);
        if (!found) byId.set(cue.id, { ...cue, channels: [channel] });
        else if (found.channels.at(-1) !== channel) found.channels.push(channel);
      }
    }
  }
  return [...byId.values()].sort(compareCues).slice(0, CUES_MAX);
}
