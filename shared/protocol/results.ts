/** `GET /v1/cues/{id}/results`: tallies of a cue. WIRE.md, "Results". */
import * as v from "valibot";
import { countSchema, durationSchema, idSchema, instantSchema, ordinalSchema } from "./primitives.ts";

export const resultsSchema = v.object({
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  /** `edge`: what this edge took, provisional; `national`: what central counted. */
  scope: v.picklist(["edge", "national"]),
  closed: v.boolean(),
  total: countSchema,
  /** By option id; for a rating by its number. */
  options: v.record(v.string(), countSchema),
  /** Only for a quiz, only after the close. */
  correct: v.optional(v.array(idSchema)),
  asOfMs: instantSchema,
  refreshMs: durationSchema,
});
export type Results = v.InferOutput<typeof resultsSchema>;

export const resultsSample: Results = {
  cue: "pl7:p1.0",
  interaction: "int-42",
  version: 3,
  scope: "edge",
  closed: true,
  total: 1234,
  options: { a: 800, b: 434 },
  correct: ["b"],
  asOfMs: 1795431960000,
  refreshMs: 5000,
};
