/** `POST /v1/airings`: what a box really did with its cues. WIRE.md, "Answers and airings". */
import * as v from "valibot";
import { BATCH_MAX } from "./answers.ts";
import {
  boxIdSchema,
  countSchema,
  durationSchema,
  idSchema,
  instantSchema,
  keySchema,
  ordinalSchema,
} from "./primitives.ts";

/** Shown more than this after `atMs` is `late`. */
export const LATE_AFTER_MS = 1_000;

export const outcomeSchema = v.picklist(["shown", "late", "dismissed", "suppressed", "missed"]);

export const airingSchema = v.object({
  key: keySchema,
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  outcome: outcomeSchema,
  reason: v.optional(v.pipe(v.string(), v.maxLength(200))),
  dueMs: instantSchema,
  firedMs: v.optional(instantSchema),
  clockErrorMs: v.optional(durationSchema),
  source: v.optional(v.picklist(["store", "network"])),
});

export const airingsRequestSchema = v.object({
  box: boxIdSchema,
  airings: v.pipe(v.array(airingSchema), v.minLength(1), v.maxLength(BATCH_MAX)),
});
export const airingsReplySchema = v.object({ accepted: countSchema });

export type Outcome = v.InferOutput<typeof outcomeSchema>;
export type Airing = v.InferOutput<typeof airingSchema>;
export type AiringsRequest = v.InferOutput<typeof airingsRequestSchema>;
export type AiringsReply = v.InferOutput<typeof airingsReplySchema>;

export const airingsSample: AiringsRequest = {
  box: "box-7f3a",
  airings: [
    {
      key: "0b7c9d1e-5a2f-4f6b-8c3d-2e1f0a9b8c7d",
      cue: "pl7:p1.0",
      interaction: "int-42",
      version: 3,
      outcome: "shown",
      dueMs: 1795431900000,
      firedMs: 1795431900012,
      clockErrorMs: 18,
      source: "store",
    },
  ],
};
export const airingsReplySample: AiringsReply = { accepted: 1 };
