/**
 * `POST /uplink/v1/hint`: one long poll that carries the edge's report up and brings back central's place in
 * history as soon as it differs from `known`, or after `waitMs`.
 */
import * as v from "valibot";
import {
  countSchema,
  durationSchema,
  instantSchema,
  ordinalSchema,
  sha256Schema,
  webUrlSchema,
} from "../protocol/primitives.ts";

export const positionSchema = v.object({ epoch: ordinalSchema, revision: ordinalSchema, hash: sha256Schema });

/** Longest wait that central grants, ms. */
export const HINT_WAIT_MAX_MS = 30_000;

export const reportSchema = v.object({
  /** What the edge serves; absent when nothing yet. */
  serves: v.optional(positionSchema),
  /** Why a synced state was refused or syncing fails, in words for a technician. */
  trouble: v.optional(v.pipe(v.string(), v.maxLength(500))),
  /** Where boxes reach the edge now; absent: as it said at enrolment. In the line-up with the next publication. */
  url: v.optional(webUrlSchema),
  software: v.pipe(v.string(), v.maxLength(50)),
  /** tzdata release, like 2026b. */
  timeZoneData: v.optional(v.pipe(v.string(), v.maxLength(20))),
  outbox: v.object({ waiting: countSchema, oldestAtMs: v.optional(instantSchema) }),
  /** Boxes that ask it, as it estimates; absent while it is too early to tell. */
  boxes: v.optional(countSchema),
  /** Requests a second that one of its processes answered itself over loopback: rather too low than too high. */
  takesPerSecond: v.optional(countSchema),
  /** When the first guide of its line-up ends: programme cues reach no further. */
  guideUntilMs: v.optional(instantSchema),
  /** Whether a recurrence without an end is placed: such cues never run out. */
  recurrenceWithoutEnd: v.optional(v.boolean()),
  /** The edge's wall clock as it sends. */
  timeMs: instantSchema,
});
export const hintRequestSchema = v.object({
  /** The publication that the edge knows of, served or refused: central answers at once when it has another. */
  known: v.optional(positionSchema),
  waitMs: v.pipe(durationSchema, v.maxValue(HINT_WAIT_MAX_MS)),
  report: reportSchema,
});
export const hintReplySchema = v.object({
  /** Central's publication on air; absent before the first. */
  air: v.optional(positionSchema),
  /** Central's wall clock as it sends. */
  timeMs: instantSchema,
  /** How long central held the request before: the rest of the round trip bounds the clock's error. */
  waitedMs: v.optional(durationSchema),
  /** Central's tzdata release: rules may fire at other moments where it differs. */
  timeZoneData: v.optional(v.pipe(v.string(), v.maxLength(20))),
});

export type Report = v.InferOutput<typeof reportSchema>;
export type HintRequest = v.InferOutput<typeof hintRequestSchema>;
export type HintReply = v.InferOutput<typeof hintReplySchema>;
