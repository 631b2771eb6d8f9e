/** The part `box-revocations` of a publication: tokens of boxes that edges must not take any more. */
import * as v from "valibot";
import { instantSchema } from "../protocol/primitives.ts";

export const BOX_REVOCATIONS_PART = "box-revocations";
/** 10,000 entries are 1 MB at an edge. */
export const BOX_REVOCATIONS_MAX = 10_000;
/** A token says that it was issued so long ago, ms, since an edge's clock may lie behind. */
export const TOKEN_ISSUED_EARLIER_MS = 60_000;

/** Every token of the box that was issued until then is void. The key is the SHA-256 of the box's pseudonym. */
export const boxRevocationSchema = v.object({ revokedAtMs: instantSchema });
export type BoxRevocation = v.InferOutput<typeof boxRevocationSchema>;
