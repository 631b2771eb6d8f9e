/** Why a cue that a rule gives does not appear. What loses is told with its reason, never dropped in silence. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../protocol/primitives.ts";

/**
 * | reason | because |
 * | --- | --- |
 * | `withdrawn` | an editor withdrew this one |
 * | `outside-programme` | the programme was shortened to before it |
 * | `blackout` | its moment lies in a blackout of the channel |
 * | `gap` | too close to a cue that outranks it |
 * | `hour-limit` | the cues that outrank it fill an hour around it |
 */
export const REASONS = ["withdrawn", "outside-programme", "blackout", "gap", "hour-limit"] as const;
export type Reason = (typeof REASONS)[number];

export const suppressionSchema = v.object({
  reason: v.picklist(REASONS),
  /** The channel rule that asks for it. */
  rule: v.optional(idSchema),
  /** `gap`, `hour-limit`: the cue that it lost to. */
  to: v.optional(idSchema),
  /** `blackout`: which span, and for which programme. */
  fromMs: v.optional(v.number()),
  untilMs: v.optional(v.number()),
  programme: v.optional(idSchema),
  /** `blackout` and others: since when something else is known. */
  toAtMs: v.optional(instantSchema),
});
export type Suppression = v.InferOutput<typeof suppressionSchema>;
