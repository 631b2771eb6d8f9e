/** What the serving process and the replica process say to each other: one JSON value per line. */
import * as v from "valibot";
import { positionSchema } from "../../../shared/uplink/hint.ts";

export const syncCommandSchema = v.object({
  do: v.literal("sync"),
  /** The libSQL server that holds `air`, and the token for it. */
  url: v.string(),
  token: v.string(),
  /** Central's key: Ed25519, SPKI, PEM. */
  publicationKey: v.string(),
  /** What is served now. */
  served: v.optional(positionSchema),
  /** Folder of the embedded replica, wiped as one when it is damaged. */
  replica: v.string(),
  /** Wipe the replica first. */
  fresh: v.optional(v.boolean()),
  /** Where the verified copy goes; replaced when it exists. */
  into: v.string(),
  /** Boxes ask a lot of this edge: from now on the replica process stands back further. */
  isAsked: v.optional(v.boolean()),
  /** How long the libSQL server may take to answer a word before it counts as unreachable; 5 s unless told. */
  probeMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

export const syncReplySchema = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    /** `same`: what is served is what central has. */
    result: v.picklist(["same", "candidate"]),
    position: positionSchema,
    /** The verified copy, for a candidate. */
    path: v.optional(v.string()),
    /** Why the replica was wiped on the way, when it was. */
    wiped: v.optional(v.string()),
  }),
  v.object({
    ok: v.literal(false),
    code: v.string(),
    message: v.string(),
    /** What was synced and refused, where it can be told. */
    position: v.optional(positionSchema),
  }),
]);

export type SyncCommand = v.InferOutput<typeof syncCommandSchema>;
export type SyncReply = v.InferOutput<typeof syncReplySchema>;

/** Codes of a synced state that is not to be served: asking again brings the same until central changes. */
export const REFUSALS: readonly string[] = [
  "publication-refused",
  "manifest-refused",
  "content-refused",
  "air-empty",
];
