/**
 * `POST /uplink/v1/batch`: what an edge's outbox sends up. Answers are numbered within the outbox's id;
 * numbers only move the cursor. Airings and tallies are absolute counts per outbox, so any may be sent again.
 */
import * as v from "valibot";
import { answerSchema } from "../protocol/answers.ts";
import { boxIdSchema, countSchema, idSchema, instantSchema, ordinalSchema } from "../protocol/primitives.ts";

/** Most answers in one batch. */
export const UPLINK_ANSWERS_MAX = 1_000;
/** Most cues whose counts go in one batch. */
export const UPLINK_COUNTS_MAX = 200;
/** Largest body, bytes. */
export const UPLINK_BODY_BYTES_MAX = 2_097_152;
/** Upper bounds of the firing-error histogram, ms; a last bucket holds what is above. */
export const FIRING_ERROR_BOUNDS_MS = [5, 10, 20, 50, 100, 250, 1000, 10_000] as const;

export const uplinkAnswerSchema = v.object({
  ...answerSchema.entries,
  /** 1, 2, 3 … within the outbox. */
  number: ordinalSchema,
  box: boxIdSchema,
  receivedAtMs: instantSchema,
});
export const airingCountSchema = v.object({
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  /** By outcome, or `outcome:reason` for those that have one. */
  outcomes: v.record(v.pipe(v.string(), v.maxLength(250)), countSchema),
  /** One count per bound of FIRING_ERROR_BOUNDS_MS and one above. */
  firingErrors: v.pipe(v.array(countSchema), v.length(FIRING_ERROR_BOUNDS_MS.length + 1)),
});
export const OTHER_VERDICTS = ["duplicate", "late", "rejected"] as const;
export type OtherVerdict = (typeof OTHER_VERDICTS)[number];
export const tallySchema = v.object({
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  total: countSchema,
  options: v.record(v.string(), countSchema),
  /** What the edge judged itself and sends no further; absent from older edges. Of tallies of an edge alone. */
  others: v.optional(
    v.object({ duplicate: countSchema, late: countSchema, rejected: countSchema } satisfies Record<
      OtherVerdict,
      typeof countSchema
    >),
  ),
});
export const batchRequestSchema = v.object({
  /** A UUID made with the outbox: a rebuilt disk starts a new one. */
  outbox: v.pipe(v.string(), v.uuid()),
  /** By number, without gaps. */
  answers: v.pipe(v.array(uplinkAnswerSchema), v.maxLength(UPLINK_ANSWERS_MAX)),
  airings: v.pipe(v.array(airingCountSchema), v.maxLength(UPLINK_COUNTS_MAX)),
  tallies: v.pipe(v.array(tallySchema), v.maxLength(UPLINK_COUNTS_MAX)),
  /** The tallies count the answers up to this number; absent from older edges. */
  talliedTo: v.optional(countSchema),
});
export const batchReplySchema = v.object({
  /** Every answer of this outbox up to this number is on central's disk. */
  taken: countSchema,
  /** National tallies of the cues in the batch, once central has raw answers. */
  national: v.pipe(v.array(tallySchema), v.maxLength(UPLINK_COUNTS_MAX)),
});

export type UplinkAnswer = v.InferOutput<typeof uplinkAnswerSchema>;
export type AiringCount = v.InferOutput<typeof airingCountSchema>;
export type Tally = v.InferOutput<typeof tallySchema>;
export type BatchRequest = v.InferOutput<typeof batchRequestSchema>;
export type BatchReply = v.InferOutput<typeof batchReplySchema>;
