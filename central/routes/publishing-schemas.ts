/** What is said of what is on air and of changing it, and what is asked of it. */
import * as v from "valibot";
import { idSchema, instantSchema, ordinalSchema, sha256Schema } from "../../shared/protocol/primitives.ts";
import { cueSchema, scheduleProgrammeSchema } from "../../shared/protocol/schedule.ts";
import { positionSchema } from "../../shared/uplink/hint.ts";
import { differenceSchema } from "../publish/difference.ts";
import type { Storm } from "../publish/storm.ts";
import { nextSchema } from "./paging.ts";

export const ordinalParam = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), ordinalSchema);
export const commentSchema = v.optional(v.pipe(v.string(), v.maxLength(500)));
export const publishedSchema = v.object({
  /** False: it would have been the same as what is on air. */
  changed: v.boolean(),
  position: positionSchema,
  /** It is kept, and goes on air by itself as soon as the server of air answers. */
  waits: v.optional(v.literal(true)),
});
export const placeSchema = { epoch: ordinalSchema, revision: ordinalSchema };
const publicationSchema = v.object({
  ...positionSchema.entries,
  kind: v.string(),
  comment: v.optional(v.string()),
  /** The placement or the cue that was withdrawn, or the publication that was gone back to; absent of older ones. */
  about: v.optional(
    v.object({
      placement: v.optional(idSchema),
      cue: v.optional(idSchema),
      epoch: v.optional(ordinalSchema),
      revision: v.optional(ordinalSchema),
    }),
  ),
  publishedAtMs: instantSchema,
});
export const publicationsSchema = v.object({ publications: v.array(publicationSchema), next: nextSchema });
export const onAirSchema = v.object({
  nowMs: instantSchema,
  channels: v.array(
    v.object({
      id: idSchema,
      number: v.number(),
      name: v.string(),
      now: v.optional(scheduleProgrammeSchema),
      next: v.optional(scheduleProgrammeSchema),
    }),
  ),
  cues: v.array(v.object({ ...cueSchema.entries, channels: v.array(idSchema) })),
});
const checksSchema = v.array(
  v.object({
    level: v.picklist(["refuse", "warn"]),
    path: v.string(),
    message: v.string(),
    /** What it is, and the facts of the message, for who says it in other words. */
    code: v.string(),
    facts: v.record(v.string(), v.union([v.string(), v.number()])),
    /** It holds of what is on air already, and publishing does not touch what it is about. */
    standing: v.boolean(),
  }),
);
export const planSchema = v.object({
  /** What it is compared with: on air now. */
  position: v.optional(positionSchema),
  /** Of all that would change: send it along, and it is this that goes on air, or nothing. */
  hash: sha256Schema,
  difference: differenceSchema,
  checks: checksSchema,
});
export type Plan = v.InferOutput<typeof planSchema>;
export type OnAirReply = v.InferOutput<typeof onAirSchema>;
export type PublicationReply = v.InferOutput<typeof publicationSchema>;
export type PublishedReply = v.InferOutput<typeof publishedSchema>;
export const airSchema = v.object({
  position: v.optional(positionSchema),
  publishedAtMs: v.optional(instantSchema),
  edges: v.array(
    v.object({
      id: idSchema,
      region: idSchema,
      serves: v.optional(positionSchema),
      landed: v.boolean(),
      lastSeenMs: v.optional(instantSchema),
      /** When its viewers first see something else than they should; only of an edge that is behind. */
      mattersAtMs: v.optional(instantSchema),
      /** Cues of the next days that it has not got as they should be. */
      missing: v.optional(v.number()),
    }),
  ),
  /** Edges that were revoked and heard of within two days: their boxes may be served still, what they served last. */
  revoked: v.array(
    v.object({
      id: idSchema,
      region: idSchema,
      url: v.optional(v.string()),
      revokedAtMs: instantSchema,
      /** When it asked last, in vain or not. */
      lastHeardMs: instantSchema,
      /** It asked within the last minute: it runs. */
      running: v.boolean(),
      /** What it said last that it serves. */
      serves: v.optional(positionSchema),
      landed: v.boolean(),
      mattersAtMs: v.optional(instantSchema),
      missing: v.optional(v.number()),
    }),
  ),
  /** Regions on air for which no edge is enrolled. */
  regionsWithoutEdge: v.array(idSchema),
});
export type StormReply = Storm;
export type AirReply = v.InferOutput<typeof airSchema>;
