/** `POST /v1/answers` and its receipts. WIRE.md, "Answers and airings". */
import * as v from "valibot";
import { OPTIONS_MAX } from "./interaction.ts";
import { boxIdSchema, idSchema, instantSchema, keySchema, ordinalSchema } from "./primitives.ts";

/** Most answers or airings in one body. */
export const BATCH_MAX = 100;
/** Largest body of answers or airings. */
export const BODY_BYTES_MAX = 65_536;
/** How far an `answeredAtMs` may lie ahead of the edge's clock; up to that it is taken as now. */
export const AHEAD_MAX_MS = 5_000;

export const answerSchema = v.object({
  /** One per answer, the same for every try. */
  key: keySchema,
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  options: v.optional(v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(OPTIONS_MAX))),
  rating: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10))),
  answeredAtMs: instantSchema,
  /** The cue's moment by the schedule that the box showed it by. */
  dueMs: v.optional(instantSchema),
});

export const answersRequestSchema = v.object({
  box: boxIdSchema,
  answers: v.pipe(v.array(answerSchema), v.minLength(1), v.maxLength(BATCH_MAX)),
});

export const receiptSchema = v.object({
  key: keySchema,
  status: v.picklist(["accepted", "duplicate", "late", "rejected"]),
  reason: v.optional(v.string()),
});
export const receiptsSchema = v.object({ receipts: v.array(receiptSchema) });

export type Answer = v.InferOutput<typeof answerSchema>;
export type AnswersRequest = v.InferOutput<typeof answersRequestSchema>;
export type Receipt = v.InferOutput<typeof receiptSchema>;
export type ReceiptStatus = Receipt["status"];
export type Receipts = v.InferOutput<typeof receiptsSchema>;

export const answersSample: AnswersRequest = {
  box: "box-7f3a",
  answers: [
    {
      key: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d",
      cue: "pl7:p1.0",
      interaction: "int-42",
      version: 3,
      options: ["a"],
      answeredAtMs: 1795431907000,
      dueMs: 1795431900000,
    },
  ],
};
export const receiptsSample: Receipts = {
  receipts: [{ key: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d", status: "accepted" }],
};
