/**
 * Everything published that decides when, ready to be compiled channel by channel: placements, groups, rules.
 *
 * What many channels share is made once: a rule's firings, a pattern, the keys of titles. Pure but for what it
 * remembers; central previews and explains with it, edges compile with it, for one region at a time.
 */
import { errorMessage } from "../errors.ts";
import { type Blackouts, createBlackouts, NO_BLACKOUTS } from "./blackouts.ts";
import { type ChannelGroups, channelsOf } from "./channel-group.ts";
import { type ChannelLimits, type ChannelRule, limitsOf, NO_LIMITS } from "./channel-rule.ts";
import { formatCueId } from "./cue-id.ts";
import { createRowDraft, type RowDraft } from "./cue-rows.ts";
import type { Placement } from "./placement.ts";
import { indexProgrammes, type ProgrammeIndex } from "./programme-index.ts";
import { createTitleKeys, type ProgrammeTimes } from "./programme-rule.ts";
import { createTimedFirings, type TimedFirings } from "./timed-firings.ts";

export interface PlanInputs {
  placements: Iterable<Placement>;
  groups: ChannelGroups;
  rules: Iterable<ChannelRule>;
  /** Placements limited to other regions are left out; undefined: all that are limited. */
  region: string | undefined;
}

export interface PlannedPlacement {
  readonly placement: Placement;
  /** Where its cues' ids stand among those of other placements. */
  readonly rank: number;
  readonly except: ReadonlySet<string>;
}

export interface Planner {
  readonly timed: TimedFirings;
  /** For whoever gathers rows, one at a time. */
  readonly draft: RowDraft;
  /** What a channel carries, each once. */
  on(channel: string): readonly PlannedPlacement[];
  /** The channel rules that hold there. */
  rulesOn(channel: string): readonly ChannelRule[];
  limits(channel: string): ChannelLimits;
  blackouts(channel: string, programmes: ProgrammeIndex): Blackouts;
  index(programmes: Iterable<ProgrammeTimes>): ProgrammeIndex;
  /** What a rule gives; nothing, and a trouble told, when it cannot be expanded. */
  guarded<T>(placement: Placement, expand: () => T): T | undefined;
  /** Placements whose rule cannot be expanded, in words. */
  troubles(): readonly string[];
}

const NONE: readonly PlannedPlacement[] = [];
const NO_RULES: readonly ChannelRule[] = [];
/** Shared: most placements have nothing withdrawn. */
const NO_EXCEPTIONS: ReadonlySet<string> = new Set();

export function createPlanner(inputs: PlanInputs): Planner {
  const { groups, region } = inputs;
  const placements = [...inputs.placements].filter(
    ({ regions }) => regions === undefined || (region !== undefined && regions.includes(region)),
  );
  const byChannel = placedByChannel(rank(placements), groups);
  const rules = [...inputs.rules].map((rule) => ({
    rule,
    channels: rule.channels || rule.groups ? new Set(channelsOf(rule, groups)) : undefined,
  }));
  const limits = new Map<string, ChannelLimits>();
  const keysOf = createTitleKeys();
  const troubles = new Map<string, string>();

  const rulesOn = (channel: string) =>
    rules.length === 0
      ? NO_RULES
      : rules.flatMap(({ rule, channels }) => ((channels?.has(channel) ?? true) ? [rule] : []));
  const limitsOn = (channel: string) => {
    if (rules.length === 0) return NO_LIMITS;
    let found = limits.get(channel);
    if (!found) {
      found = limitsOf(rulesOn(channel));
      limits.set(channel, found);
    }
    return found;
  };

  return {
    timed: createTimedFirings(),
    draft: createRowDraft(),
    on: (channel) => byChannel.get(channel) ?? NONE,
    rulesOn,
    limits: limitsOn,
    blackouts(channel, programmes) {
      const { blackouts } = limitsOn(channel);
      return blackouts.length === 0 ? NO_BLACKOUTS : createBlackouts(blackouts, programmes);
    },
    index: (programmes) => indexProgrammes(programmes, keysOf),
    guarded(placement, expand) {
      try {
        return expand();
      } catch (error) {
        troubles.set(placement.id, `placement ${placement.id}: ${errorMessage(error)}`);
        return undefined;
      }
    },
    troubles: () => [...troubles.values()],
  };
}

/** Ids of cues begin with their placement's; no such beginning begins another, so their order is that of all. */
function rank(placements: readonly Placement[]): PlannedPlacement[] {
  const beginnings = placements.map(({ id, generation }) =>
    formatCueId({ placement: id, generation, occurrence: "" }),
  );
  const order = [...beginnings].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ranks = new Map(order.map((beginning, place) => [beginning, place]));
  return placements.map((placement, place) => ({
    placement,
    rank: ranks.get(beginnings[place] as string) ?? 0,
    except: placement.except?.length ? new Set(placement.except) : NO_EXCEPTIONS,
  }));
}

function placedByChannel(
  planned: readonly PlannedPlacement[],
  groups: ChannelGroups,
): ReadonlyMap<string, readonly PlannedPlacement[]> {
  const byChannel = new Map<string, PlannedPlacement[]>();
  for (const each of planned) {
    const { placement } = each;
    const add = (channels: readonly string[]) => {
      for (const channel of channels) {
        const list = byChannel.get(channel);
        if (!list) byChannel.set(channel, [each]);
        // Named twice, by itself or by a group, it is carried once.
        else if (list.at(-1) !== each) list.push(each);
      }
    };
    add(placement.channels);
    for (const group of placement.groups ?? []) add(groups.get(group)?.channels ?? []);
  }
  return byChannel;
}
