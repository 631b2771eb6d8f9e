/**
 * `POST /uplink/v1/enrol`: an edge gives the code that an operator made for it and gets what it needs.
 * `POST /uplink/v1/renew` (Bearer uplink token): a fresh token for `air`.
 */
import * as v from "valibot";
import { idSchema, instantSchema, webUrlSchema } from "../protocol/primitives.ts";

/** One use, valid for a day. */
export const enrolCodeSchema = v.pipe(v.string(), v.minLength(8), v.maxLength(100));

export const enrolRequestSchema = v.object({
  code: enrolCodeSchema,
  /** Where boxes reach this edge; central puts it into the region's line-up. */
  url: v.optional(webUrlSchema),
  /** The edge's software, for the landed-by view. */
  software: v.pipe(v.string(), v.maxLength(50)),
});

export const airAccessSchema = v.object({
  /** Address of the libSQL server, http or https. */
  url: webUrlSchema,
  /** Read-only, EdDSA JWT; an hour by default. */
  token: v.string(),
  expiresAtMs: instantSchema,
});

export const enrolReplySchema = v.object({
  edge: idSchema,
  region: idSchema,
  air: airAccessSchema,
  /** Opaque; sent as `Authorization: Bearer` on every other uplink request. */
  uplinkToken: v.string(),
  /** Ed25519, SPKI, PEM: what manifests are signed with. */
  publicationKey: v.string(),
  /** Ed25519, SPKI, PEM: what box tokens are signed with. */
  boxKey: v.string(),
});

export const renewReplySchema = v.object({ air: airAccessSchema });

export type EnrolRequest = v.InferOutput<typeof enrolRequestSchema>;
export type EnrolReply = v.InferOutput<typeof enrolReplySchema>;
export type AirAccess = v.InferOutput<typeof airAccessSchema>;
export type RenewReply = v.InferOutput<typeof renewReplySchema>;
