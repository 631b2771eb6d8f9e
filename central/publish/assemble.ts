/**
 * What a publication consists of, from drafts, or from what is or was on air. Pure.
 *
 * `schedules` holds, per channel, the place (epoch, revision) that boxes see. It is kept from the previous
 * publication while the hash of everything the schedule is made from stays, so that a publication which does
 * not touch a channel changes no byte of its schedule.
 */

import { createHash } from "node:crypto";
import * as v from "valibot";
import { BOX_REVOCATIONS_PART } from "../../shared/publication/box-revocations.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import {
  type ChannelEntry,
  guidePart,
  HISTORY_MAX,
  historyKey,
  type InteractionEntry,
  interactionKey,
  type RegionEntry,
  regionEntrySchema,
  type ScheduleEntry,
  type SchedulePlace,
  scheduleEntrySchema,
} from "../../shared/publication/entries.ts";
import { hashParts, type Position } from "../../shared/publication/manifest.ts";
import { type Content, hashPartOnce, type Part } from "../../shared/publication/part.ts";
import { type ChannelGroup, channelGroupSchema, channelsOf } from "../../shared/schedule/channel-group.ts";
import {
  type ChannelRule,
  channelRuleSchema,
  limitsOf,
  rulesOn,
} from "../../shared/schedule/channel-rule.ts";
import { type Placement, placementSchema } from "../../shared/schedule/placement.ts";
import { atOnce, type Work } from "./work.ts";

export interface DraftContent {
  regions: readonly RegionEntry[];
  channels: readonly ChannelEntry[];
  /** Programme id → canonical JSON, by channel. */
  guide: ReadonlyMap<string, ReadonlyMap<string, string>>;
  placements: readonly Placement[];
  groups: readonly ChannelGroup[];
  rules: readonly ChannelRule[];
  /** At least those that the placements name. */
  interactions: readonly InteractionEntry[];
  /** Those that the interactions name, by hash. */
  images: ReadonlyMap<string, Uint8Array>;
  /** Edges that said at enrolment where boxes reach them. */
  edges: readonly { region: string; url: string }[];
}

/** What was on air, as the next one needs it. */
export interface Previous extends Position {
  publishedAtMs: number;
  content: Content;
}

const DERIVED_PARTS = ["schedules", "history"];

const partOf = <T>(items: readonly T[], key: (item: T) => string): Part =>
  new Map(items.map((item) => [key(item), canonicalJson(item)]));

/** By the part, which nobody changes: parsing a thousand takes longer than all else that a withdrawal does. */
const placementsRead = new WeakMap<Part, readonly Placement[]>();

/** The same, in steps. */
function* partInSteps<T>(items: readonly T[], key: (item: T) => string): Work<Part> {
  const part = new Map<string, string>();
  for (const item of items) {
    part.set(key(item), canonicalJson(item));
    yield;
  }
  return part;
}

/** @returns every part but `schedules` and `history` */
export const draftContent = (draft: DraftContent): Content => atOnce(assembleDrafts(draft));

export function* assembleDrafts(draft: DraftContent): Work<Content> {
  const content = new Map<string, Part>();
  const regions = draft.regions.map((region) => {
    const known = new Set(region.edges.map((edge) => edge.url));
    const enrolled = draft.edges.filter((edge) => edge.region === region.id && !known.has(edge.url));
    return {
      ...region,
      edges: [...region.edges, ...enrolled.map(({ url }) => ({ url, weight: 1 }))].slice(0, 64),
    };
  });
  content.set(
    "regions",
    partOf(regions, (region) => region.id),
  );
  content.set(
    "channels",
    partOf(draft.channels, (channel) => channel.id),
  );
  for (const { id } of draft.channels) {
    const programmes = draft.guide.get(id);
    if (programmes && programmes.size > 0) content.set(guidePart(id), programmes);
  }
  const placements = yield* partInSteps(draft.placements, (placement) => placement.id);
  placementsRead.set(placements, draft.placements);
  content.set("placements", placements);
  const used = new Set(draft.placements.map((each) => interactionKey(each.interaction, each.version)));
  const key = ({ interaction }: InteractionEntry) => interactionKey(interaction.id, interaction.version);
  content.set(
    "interactions",
    partOf(
      draft.interactions.filter((entry) => used.has(key(entry))),
      key,
    ),
  );
  if (draft.images.size > 0) content.set("images", draft.images);
  // Without any, no part: a publication is what it was before there were such things.
  if (draft.groups.length > 0) {
    content.set(
      "channel-groups",
      partOf(draft.groups, (group) => group.id),
    );
  }
  if (draft.rules.length > 0) {
    content.set(
      "channel-rules",
      partOf(draft.rules, (rule) => rule.id),
    );
  }
  return content;
}

/** The placements of a publication. */
export function placementsOf(content: Content): Placement[] {
  const part = content.get("placements");
  if (!part) return [];
  let found = placementsRead.get(part);
  if (!found) {
    found = [...part.values()].map((body) => v.parse(placementSchema, JSON.parse(String(body))));
    placementsRead.set(part, found);
  }
  return [...found];
}

const valuesOf = <T>(part: Part | undefined, schema: v.GenericSchema<unknown, T>): T[] =>
  [...(part ?? new Map()).values()].map((body) => v.parse(schema, JSON.parse(String(body))));

/** Channel groups by id, from the part `channel-groups`. */
export const readGroups = (part: Part | undefined): Map<string, ChannelGroup> =>
  new Map(valuesOf(part, channelGroupSchema).map((group) => [group.id, group]));

export const groupsOf = (content: Content) => readGroups(content.get("channel-groups"));

/** The channel rules of a publication. */
export const channelRulesOf = (content: Content): ChannelRule[] =>
  valuesOf(content.get("channel-rules"), channelRuleSchema);

/** The content without some parts. */
function without(content: Content, names: readonly string[]): Map<string, Part> {
  return new Map([...content].filter(([name]) => !names.includes(name)));
}

/** What is on air, with other placements. */
export function withPlacements(content: Content, placements: readonly Placement[]): Content {
  return without(content, DERIVED_PARTS).set(
    "placements",
    partOf(placements, (placement) => placement.id),
  );
}

/** What is on air, with the guide of some channels replaced; an empty part leaves none. */
export function withGuide(content: Content, guides: ReadonlyMap<string, Part>): Content {
  const next = without(content, DERIVED_PARTS);
  for (const [channel, part] of guides) {
    if (part.size > 0) next.set(guidePart(channel), part);
    else next.delete(guidePart(channel));
  }
  return next;
}

/** With what is revoked now; without any, no part. */
export function withRevocations(content: Content, revocations: Part): Content {
  const next = new Map(content);
  if (revocations.size > 0) next.set(BOX_REVOCATIONS_PART, revocations);
  else next.delete(BOX_REVOCATIONS_PART);
  return next;
}

/** A past publication to go back to; where boxes find their edges stays as it is now. */
export function rolledBack(past: Content, now: Content): Content {
  const content = without(past, DERIVED_PARTS);
  const read = (part: Part | undefined) =>
    [...(part ?? new Map()).values()].map((body) => v.parse(regionEntrySchema, JSON.parse(String(body))));
  const today = new Map(read(now.get("regions")).map((region) => [region.id, region]));
  const regions = read(past.get("regions")).map((region) => ({
    ...region,
    edges: today.get(region.id)?.edges ?? region.edges,
  }));
  return content.set(
    "regions",
    partOf(regions, (region) => region.id),
  );
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
