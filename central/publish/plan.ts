/**
 * A publication, or what would become one, as the schedule engine takes it: central previews, explains and draws
 * what edges will compile, with the same code and from the same content. Kept with the content it was made of.
 */
import * as v from "valibot";
import { guidePart, type RegionEntry, regionEntrySchema } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { type ChannelCues, compileCues } from "../../shared/schedule/channel-cues.ts";
import { type ChannelGroups, channelsOf } from "../../shared/schedule/channel-group.ts";
import type { ChannelRule } from "../../shared/schedule/channel-rule.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { createPlanner, type Planner } from "../../shared/schedule/planner.ts";
import { indexProgrammes, type ProgrammeIndex } from "../../shared/schedule/programme-index.ts";
import { createTitleKeys, type ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { channelRulesOf, groupsOf, placementsOf } from "./assemble.ts";

export interface Plan {
  readonly groups: ChannelGroups;
  readonly rules: readonly ChannelRule[];
  /** As authored, by id. */
  readonly placements: ReadonlyMap<string, Placement>;
  readonly regions: ReadonlyMap<string, RegionEntry>;
  hasChannel(channel: string): boolean;
  channels(): Iterable<string>;
  /** @param region undefined: where no placement is limited to */
  planner(region: string | undefined): Planner;
  programmes(channel: string): ProgrammeIndex;
  /** Settled cues of a channel with `fromMs` <= `atMs` < `untilMs`. */
  cues(region: string | undefined, channel: string, fromMs: number, untilMs: number): ChannelCues;
  /** The regions in which a channel's cues may differ; `[undefined]` when they are the same in all. */
  variants(channel: string): readonly (string | undefined)[];
}

const keysOf = createTitleKeys();
/** Made once per part: a publication shares what it did not change with the one before. */
const indexes = new WeakMap<Part, ProgrammeIndex>();
const NO_PROGRAMMES = indexProgrammes([], keysOf);
const EVERYWHERE = [undefined];
const plans = new WeakMap<Content, Plan>();

/** A channel's programmes, by start. */
export function programmesOn(content: Content, channel: string): ProgrammeIndex {
  const part = content.get(guidePart(channel));
  if (!part) return NO_PROGRAMMES;
  let index = indexes.get(part);
  if (!index) {
    const programmes = [...part.values()].map((body) => JSON.parse(String(body)) as ProgrammeTimes);
    index = indexProgrammes(programmes, keysOf);
    indexes.set(part, index);
  }
  return index;
}

export function planOf(content: Content): Plan {
  let plan = plans.get(content);
  if (!plan) {
    plan = createPlan(content, placementsOf(content));
    plans.set(content, plan);
  }
  return plan;
}

/** The same with one placement put in or replaced: before it is saved. */
export function planWith(content: Content, placement: Placement): Plan {
  const others = placementsOf(content).filter(({ id }) => id !== placement.id);
  return createPlan(content, [...others, placement]);
}

function createPlan(content: Content, authored: readonly Placement[]): Plan {
  const groups = groupsOf(content);
  const rules = channelRulesOf(content);
  const regions = new Map(
    [...(content.get("regions") ?? new Map()).values()].map((body) => {
      const region = v.parse(regionEntrySchema, JSON.parse(String(body)));
      return [region.id, region] as const;
    }),
  );
  /** Channels that something limited to regions stands on. */
  const limited = new Set(
    authored.flatMap((placement) => (placement.regions ? channelsOf(placement, groups) : [])),
  );
  const planners = new Map<string | undefined, Planner>();
  const planner = (region: string | undefined) => {
    let found = planners.get(region);
    if (!found) {
      found = createPlanner({ placements: authored, groups, rules, region });
      planners.set(region, found);
    }
    return found;
  };
  const programmes = (channel: string) => programmesOn(content, channel);

  return {
    groups,
    rules,
    placements: new Map(authored.map((placement) => [placement.id, placement])),
    regions,
    channels: () => content.get("channels")?.keys() ?? [],
    hasChannel: (channel) => content.get("channels")?.has(channel) ?? false,
    planner,
    programmes,
    cues: (region, channel, fromMs, untilMs) =>
      compileCues(planner(region), channel, programmes(channel), fromMs, untilMs),
    variants: (channel) => (limited.has(channel) && regions.size > 0 ? [...regions.keys()] : EVERYWHERE),
  };
}
