/** What stands for a box where its pseudonym must not: the same box gives the same hash, and only central can make it. */
import { createHmac, hkdfSync } from "node:crypto";

/** @param privatePem a key of central's that is backed up and never changes */
export const hashingSecret = (privatePem: string): string =>
  Buffer.from(hkdfSync("sha256", privatePem, "", "cuecast box hashes", 32)).toString("hex");

export const hashBox = (secret: string, box: string): string =>
  `box-${createHmac("sha256", secret).update(box).digest("hex").slice(0, 16)}`;
