/**
 * `POST /uplink/v1/results`: what central counted of the cues whose results boxes ask an edge for. It changes
 * nothing. A central of an earlier release has no such path (404): the edge then learns national counts from the
 * replies to its own batches alone.
 */
import * as v from "valibot";
import { idSchema } from "../protocol/primitives.ts";
import { tallySchema, UPLINK_COUNTS_MAX } from "./batch.ts";

/** Most cues asked for at once. */
export const UPLINK_CUES_MAX = 100;

export const resultsRequestSchema = v.object({
  cues: v.pipe(v.array(idSchema), v.maxLength(UPLINK_CUES_MAX)),
});
export const resultsReplySchema = v.object({
  /** One for each cue and version that central has counted answers of; cues without any are absent. */
  national: v.pipe(v.array(tallySchema), v.maxLength(UPLINK_COUNTS_MAX)),
});

export type ResultsRequest = v.InferOutput<typeof resultsRequestSchema>;
export type ResultsReply = v.InferOutput<typeof resultsReplySchema>;
