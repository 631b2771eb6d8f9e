/** What a channel group or rule that is not saved yet does to the cues that are drafted. Pure. */
import * as v from "valibot";
import { countSchema } from "../../shared/protocol/primitives.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { channelGroupSchema } from "../../shared/schedule/channel-group.ts";
import { channelRuleSchema } from "../../shared/schedule/channel-rule.ts";
import { CUE_CHANGES, type CueChangeKind, cueChangeSchema, cueChanges } from "./cue-changes.ts";
import { DIFFERENCE_SPAN_MS } from "./difference.ts";
import type { Work } from "./work.ts";

/** Cues told one by one; all are counted. */
export const EFFECT_TOLD_MAX = 200;

export const effectQuestionSchema = v.pipe(
  v.object({ group: v.optional(channelGroupSchema), rule: v.optional(channelRuleSchema) }),
  v.check(
    ({ group, rule }) => (group === undefined) !== (rule === undefined),
    "Cannot tell an effect: send a group or a rule, one of them",
  ),
);
export type EffectQuestion = v.InferOutput<typeof effectQuestionSchema>;

export const effectSchema = v.object({
  counts: v.object(
    Object.fromEntries(CUE_CHANGES.map((change) => [change, countSchema])) as Record<
      CueChangeKind,
      typeof countSchema
    >,
  ),
  /** By moment. */
  told: v.array(cueChangeSchema),
  /** Channels that were not compared: there are too many cues. */
  uncompared: countSchema,
});
export type Effect = v.InferOutput<typeof effectSchema>;

const NO_PART: Part = new Map();

/** The content with one entry of a part put in; without it when there is none. A part is absent rather than empty. */
function withEntry(content: Content, name: string, id: string, entry: object | undefined): Content {
  const part = new Map(content.get(name) ?? NO_PART);
  if (entry) part.set(id, canonicalJson(entry));
  else part.delete(id);
  const next = new Map(content);
  if (part.size > 0) next.set(name, part);
  else next.delete(name);
  return next;
}

/**
 * A group is compared with itself as it is drafted. A rule is compared with there being no such rule: an editor
 * asks what it keeps away, saved or not.
 */
export function* effectOf(drafted: Content, { group, rule }: EffectQuestion, nowMs: number): Work<Effect> {
  const from = rule ? withEntry(drafted, "channel-rules", rule.id, undefined) : drafted;
  const to = rule
    ? withEntry(drafted, "channel-rules", rule.id, rule)
    : withEntry(drafted, "channel-groups", group?.id ?? "", group);
  const { changes, uncompared } = yield* cueChanges(from, to, nowMs, nowMs + DIFFERENCE_SPAN_MS);
  const counts = Object.fromEntries(CUE_CHANGES.map((change) => [change, 0])) as Record<
    CueChangeKind,
    number
  >;
  // A cue that regions settle otherwise is told once for each of them.
  for (const { change } of changes) counts[change]++;
  const told = changes.slice(0, EFFECT_TOLD_MAX).map(({ region: _, ...change }) => change);
  return { counts, told, uncompared };
}
