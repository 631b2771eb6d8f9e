/** What is told of an import: the reply of the API, and what is kept of it. */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";

/** Moves of programmes told one by one; all are counted. */
export const MOVES_TOLD_MAX = 100;
/** Cues of one kind of effect told one by one; all are counted. */
export const CUES_TOLD_MAX = 100;
/** Channels told one by one. */
export const CHANNELS_TOLD_MAX = 1_000;

/** `dry-run`: only looked at. `accepted`: taken. `partly`: taken but for some channels. `pending`: held back. */
export const importStates = [
  "dry-run",
  "accepted",
  "partly",
  "pending",
  "refused",
  "superseded",
  "expired",
] as const;
export type ImportState = (typeof importStates)[number];

const changeCounts = {
  added: countSchema,
  moved: countSchema,
  changed: countSchema,
  removed: countSchema,
  unchanged: countSchema,
};
const cueEffectSchema = v.object({
  kind: v.picklist(["moved", "vanished", "appeared"]),
  cue: idSchema,
  channel: idSchema,
  title: v.string(),
  fromMs: v.optional(instantSchema),
  toMs: v.optional(instantSchema),
  fromUntilMs: v.optional(instantSchema),
});
const holdReasonSchema = v.object({ code: v.string(), message: v.string(), channels: v.array(idSchema) });

export const importReportSchema = v.object({
  /** Names a held import: to accept or refuse it. */
  id: v.optional(v.string()),
  state: v.picklist(importStates),
  /** Something of it is in the store; false for a dry run and when all of it is held back. */
  imported: v.boolean(),
  channels: v.object({ added: countSchema, changed: countSchema, unchanged: countSchema }),
  programmes: v.object(changeCounts),
  /** Channels with a difference, at most 1,000. */
  byChannel: v.array(v.object({ channel: idSchema, held: v.boolean(), ...changeCounts })),
  moves: v.array(
    v.object({
      id: idSchema,
      channel: idSchema,
      title: v.string(),
      fromMs: instantSchema,
      toMs: instantSchema,
    }),
  ),
  /** What becomes of cues that are on air; `told` has at most 100 of each kind. */
  cues: v.object({
    moved: countSchema,
    vanished: countSchema,
    appeared: countSchema,
    told: v.array(cueEffectSchema),
  }),
  /** Why channels are held back; empty when none is. */
  reasons: v.array(holdReasonSchema),
  defects: v.array(
    v.object({
      code: v.string(),
      count: countSchema,
      repaired: v.string(),
      examples: v.array(v.object({ line: countSchema, text: v.string() })),
    }),
  ),
  stats: v.object({
    bytes: countSchema,
    plainBytes: countSchema,
    channels: countSchema,
    programmes: countSchema,
    fromMs: v.optional(v.number()),
    untilMs: v.optional(v.number()),
    /** How many titles that name an hour ("Journal 20h00") agree with which clock, where a zone is known. */
    evidence: v.optional(v.object({ offset: countSchema, digits: countSchema, utc: countSchema })),
  }),
  /** The publication that put its changes on air. */
  published: v.optional(v.object({ epoch: ordinalSchema, revision: ordinalSchema })),
  /** Why it is not on air yet; it is tried again by itself. */
  publishing: v.optional(v.string()),
});
export type ImportReport = v.InferOutput<typeof importReportSchema>;

/** An import in the list. */
export const importSummarySchema = v.object({
  id: v.string(),
  state: v.picklist(importStates),
  /** The guide source that brought it; absent: a person or a tool sent it. */
  source: v.optional(idSchema),
  atMs: instantSchema,
  /** Held back until then. */
  expiresAtMs: v.optional(instantSchema),
  /** Who accepted or refused it. */
  decidedBy: v.optional(v.string()),
  report: importReportSchema,
});
export type ImportSummary = v.InferOutput<typeof importSummarySchema>;
