/** What is on every channel now and next, and the cues to come, from the publication on air. */

import type { Cue } from "../../shared/protocol/schedule.ts";
import { guidePart } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { compareCues } from "../../shared/schedule/cue.ts";
import { expandProgrammes, expandTimed } from "../../shared/schedule/expand.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { placementsOf } from "./assemble.ts";

export interface PlacedCue extends Cue {
  channels: string[];
}
/** Most cues told at once. */
export const CUES_MAX = 500;

/** Parsed once per part: a publication shares what it did not change with the one before. */
const parsedGuides = new WeakMap<Part, ProgrammeTimes[]>();
const parsedPlacements = new WeakMap<Part, Placement[]>();

export function programmesOn(content: Content, channel: string): ProgrammeTimes[] {
  const part = content.get(guidePart(channel));
  if (!part) return [];
  let parsed = parsedGuides.get(part);
  if (!parsed) {
    parsed = [...part.values()]
      .map((body) => JSON.parse(String(body)) as ProgrammeTimes)
      .sort((a, b) => a.startMs - b.startMs);
    parsedGuides.set(part, parsed);
  }
  return parsed;
}

export function placementsIn(content: Content): Placement[] {
  const part = content.get("placements");
  if (!part) return [];
  let parsed = parsedPlacements.get(part);
  if (!parsed) {
    parsed = placementsOf(content);
    parsedPlacements.set(part, parsed);
  }
  return parsed;
}

/** What is placed on each channel. */
export function placementsByChannel(content: Content): Map<string, Placement[]> {
  const byChannel = new Map<string, Placement[]>();
  for (const placement of placementsIn(content)) {
    for (const channel of placement.channels) {
      const on = byChannel.get(channel);
      if (on) on.push(placement);
      else byChannel.set(channel, [placement]);
    }
  }
  return byChannel;
}

/**
 * The firings of one placement over a span, the same one on several channels told once.
 *
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

/** @returns cues of everything on air over a span, at most CUES_MAX, in the order of a schedule */
export function cuesOnAir(content: Content, fromMs: number, untilMs: number): PlacedCue[] {
  return placementsIn(content)
    .flatMap((placement) =>
      firings(placement, (channel) => programmesOn(content, channel), fromMs, untilMs, CUES_MAX),
    )
    .sort(compareCues)
    .slice(0, CUES_MAX);
}
