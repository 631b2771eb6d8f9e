/**
 * What a publication adds to what it is made of: `schedules` and `history`. Pure.
 *
 * `schedules` holds, per channel, the place (epoch, revision) that boxes see. It is kept from the previous
 * publication while the hash of everything the schedule is made from stays, so that a publication which does
 * not touch a channel changes no byte of its schedule.
 */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import {
  guidePart,
  HISTORY_MAX,
  historyKey,
  interactionKey,
  type ScheduleEntry,
  type SchedulePlace,
  scheduleEntrySchema,
} from "../../shared/publication/entries.ts";
import { hashParts, type Position } from "../../shared/publication/manifest.ts";
import { type Content, hashPartOnce, type Part } from "../../shared/publication/part.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { limitsOf, rulesOn } from "../../shared/schedule/channel-rule.ts";
import { channelRulesOf, DERIVED_PARTS, groupsOf, placementsOf, without } from "./assemble.ts";
import { atOnce, type Work } from "./work.ts";

/** What was on air, as the next one needs it. */
export interface Previous extends Position {
  publishedAtMs: number;
  content: Content;
}

/** Hash of everything that a channel's schedule is made from. */
interface Inputs {
  /** In regions that no placement names. */
  base: string;
  /** In a region. */
  of(region: string): string;
  /** Regions that placements on this channel are limited to. */
  regions: ReadonlySet<string>;
}

interface CarriedInput {
  regions: readonly string[] | undefined;
  input: unknown;
}

const NO_PROGRAMMES: Part = new Map();

function* inputsByChannel(content: Content): Work<Map<string, Inputs>> {
  const carried = new Map<string, CarriedInput[]>();
  const interactions = content.get("interactions");
  const groups = groupsOf(content);
  const rules = channelRulesOf(content);
  const placements = placementsOf(content).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const placement of placements) {
    // Which other channels and regions it is on, and by which group, makes no difference to this one.
    const { channels: _channels, groups: _groups, regions, ...rest } = placement;
    const input = [rest, interactions?.get(interactionKey(placement.interaction, placement.version)) ?? null];
    for (const channel of channelsOf(placement, groups)) {
      const inputs = carried.get(channel);
      if (inputs) inputs.push({ regions, input });
      else carried.set(channel, [{ regions, input }]);
    }
    yield;
  }
  const found = new Map<string, Inputs>();
  for (const channel of (content.get("channels") ?? new Map()).keys()) {
    const programmes = hashPartOnce(content.get(guidePart(channel)) ?? NO_PROGRAMMES);
    const inputs = carried.get(channel) ?? [];
    const { gapMs, perHourMost, blackouts } = limitsOf(rulesOn(channel, rules, groups));
    const limited = gapMs > 0 || Number.isFinite(perHourMost) || blackouts.length > 0;
    const limits = {
      gapMs,
      ...(Number.isFinite(perHourMost) && { perHourMost }),
      blackouts: blackouts.map(({ blackout }) => blackout),
    };
    const hashed = (held: readonly CarriedInput[]) => {
      const all = { programmes, placements: held.map(({ input }) => input), ...(limited && { limits }) };
      return createHash("sha256").update(canonicalJson(all)).digest("hex");
    };
    found.set(channel, {
      base: hashed(inputs.filter(({ regions }) => regions === undefined)),
      of: (region) => hashed(inputs.filter(({ regions }) => regions?.includes(region) ?? true)),
      regions: new Set(inputs.flatMap(({ regions }) => regions ?? [])),
    });
    yield;
  }
  return found;
}

/**
 * Where boxes last saw a channel's schedule change. A region that placements were limited to once keeps its own
 * place from then on: falling back to the common one would be a step back, which boxes refuse.
 */
function scheduleEntry(
  inputs: Inputs,
  before: ScheduleEntry | undefined,
  place: { epoch: number; revision: number },
): ScheduleEntry {
  const held = (kept: SchedulePlace | undefined, hash: string): SchedulePlace =>
    kept?.inputs === hash
      ? { epoch: kept.epoch, revision: kept.revision, inputs: hash }
      : { ...place, inputs: hash };
  const regions = [...new Set([...inputs.regions, ...Object.keys(before?.regions ?? {})])].sort();
  const entry: ScheduleEntry = held(before, inputs.base);
  if (regions.length > 0) {
    entry.regions = Object.fromEntries(
      regions.map((region) => [region, held(before?.regions?.[region], inputs.of(region))]),
    );
  }
  return entry;
}

/**
 * The whole content: with `schedules` and `history`.
 *
 * @param base every other part
 * @param previous what is on air; undefined for the first
 * @param place of the new publication; in a new epoch every schedule gets it, since boxes may hold higher ones
 */
export const completeContent = (
  base: Content,
  previous: Previous | undefined,
  place: { epoch: number; revision: number },
): Content => atOnce(complete(base, previous, place));

export function* complete(
  base: Content,
  previous: Previous | undefined,
  place: { epoch: number; revision: number },
): Work<Content> {
  const content = without(base, DERIVED_PARTS);
  const before = previous?.epoch === place.epoch ? previous.content.get("schedules") : undefined;
  const schedules = new Map<string, string>();
  for (const [channel, inputs] of yield* inputsByChannel(content)) {
    const body = before?.get(channel);
    const kept = body === undefined ? undefined : v.parse(scheduleEntrySchema, JSON.parse(String(body)));
    schedules.set(channel, canonicalJson(scheduleEntry(inputs, kept, place)));
  }
  content.set("schedules", schedules);
  const history = new Map(previous?.content.get("history"));
  if (previous) {
    const { epoch, revision, hash, publishedAtMs } = previous;
    history.set(historyKey(epoch, revision), canonicalJson({ hash, publishedAtMs }));
  }
  const keys = [...history.keys()].sort();
  for (const key of keys.slice(0, Math.max(0, keys.length - HISTORY_MAX))) history.delete(key);
  return content.set("history", history);
}

/** Whether two publications say the same, their history apart. */
export function sameContent(parts: Record<string, string>, content: Content): boolean {
  const now = hashParts(without(content, ["history"]), hashPartOnce);
  const { history: _, ...before } = parts;
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => now[name] === before[name]);
}
