/** What a publication consists of, from drafts, or from what is or was on air; `complete.ts` adds the rest. Pure. */

import * as v from "valibot";
import { BOX_REVOCATIONS_PART } from "../../shared/publication/box-revocations.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import {
  type ChannelEntry,
  guidePart,
  type InteractionEntry,
  interactionKey,
  type RegionEntry,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { type ChannelGroup, channelGroupSchema } from "../../shared/schedule/channel-group.ts";
import { type ChannelRule, channelRuleSchema } from "../../shared/schedule/channel-rule.ts";
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

/** What `complete.ts` makes. */
export const DERIVED_PARTS = ["schedules", "history"];

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
export function without(content: Content, names: readonly string[]): Map<string, Part> {
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
