/** What editors allow on a channel, whatever is placed on it: gap, most per hour, blackouts. docs/schedule.md. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../protocol/primitives.ts";
import { type ChannelGroups, channelsOf } from "./channel-group.ts";
import { NAMED_MAX, programmeMatchSchema } from "./placement.ts";

/** Widest gap that can be asked for, ms: REACH_MAX_MS of contest.ts, which says why. */
export const GAP_MAX_MS = 43_200_000;
/** Most that can be allowed per hour; more is no limit. */
export const PER_HOUR_MAX = 3600;
/** Most blackouts of one rule. */
export const BLACKOUTS_MAX = 500;
/** Farthest that a programme's blackout reaches beyond it, ms. */
export const MARGIN_MAX_MS = 21_600_000;

const marginSchema = v.optional(
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MARGIN_MAX_MS)),
  0,
);

export const blackoutSchema = v.union(
  [
    /** From an instant, before another. */
    v.pipe(
      v.strictObject({ fromMs: instantSchema, untilMs: instantSchema }),
      v.check(({ fromMs, untilMs }) => fromMs < untilMs, "Cannot take this period: it ends before it begins"),
    ),
    /** During programmes; a category is compared as titles are. */
    v.strictObject({
      match: v.union(
        [
          v.strictObject({ category: v.pipe(v.string(), v.minLength(1), v.maxLength(100)) }),
          ...programmeMatchSchema.options,
        ],
        'Cannot read which programmes: write {"category": "news"}, or what a placement matches: {"title": title}',
      ),
      /** Also so long before and after it, ms. */
      beforeMs: marginSchema,
      afterMs: marginSchema,
    }),
  ],
  'Cannot read this blackout: write {"fromMs": …, "untilMs": …} or {"match": {"category": "news"}}',
);
export type Blackout = v.InferOutput<typeof blackoutSchema>;

export const channelRuleSchema = v.object({
  id: idSchema,
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  /** With neither channels nor groups it holds on every channel. */
  channels: v.optional(v.pipe(v.array(idSchema), v.maxLength(5000))),
  groups: v.optional(v.pipe(v.array(idSchema), v.maxLength(NAMED_MAX))),
  /** Least time between the moments of two cues, ms. */
  gapMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(GAP_MAX_MS))),
  /** Most cues whose moments lie within any 60 minutes. */
  perHourMost: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(PER_HOUR_MAX))),
  blackouts: v.optional(v.pipe(v.array(blackoutSchema), v.maxLength(BLACKOUTS_MAX))),
});
export type ChannelRule = v.InferOutput<typeof channelRuleSchema>;

/** All rules of one channel, taken together: the widest gap, the smallest number, every blackout. */
export interface ChannelLimits {
  gapMs: number;
  gapRule?: string;
  perHourMost: number;
  perHourRule?: string;
  blackouts: readonly { rule: string; blackout: Blackout }[];
}

export const NO_LIMITS: ChannelLimits = { gapMs: 0, perHourMost: Number.POSITIVE_INFINITY, blackouts: [] };

/** Whether a rule holds on a channel. */
export function rulesOn(
  channel: string,
  rules: readonly ChannelRule[],
  groups: ChannelGroups,
): ChannelRule[] {
  return rules.filter(
    (rule) =>
      (rule.channels === undefined && rule.groups === undefined) ||
      channelsOf(rule, groups).includes(channel),
  );
}

/** @param rules of the channel; of equally strict ones the first by id is named as the reason */
export function limitsOf(rules: readonly ChannelRule[]): ChannelLimits {
  const limits: ChannelLimits = { ...NO_LIMITS };
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, gapMs, perHourMost } of sorted) {
    if (gapMs !== undefined && gapMs > limits.gapMs) Object.assign(limits, { gapMs, gapRule: id });
    if (perHourMost !== undefined && perHourMost < limits.perHourMost) {
      Object.assign(limits, { perHourMost, perHourRule: id });
    }
  }
  const blackouts = sorted.flatMap(({ id, blackouts = [] }) =>
    blackouts.map((blackout) => ({ rule: id, blackout })),
  );
  return { ...limits, blackouts };
}
