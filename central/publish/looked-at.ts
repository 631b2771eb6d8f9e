/**
 * What an editor was shown before publishing, as a hash: of all that would change of what is on air. Who sends it back
 * publishes that, or nothing. Pure.
 */
import { createHash } from "node:crypto";
import { BOX_REVOCATIONS_PART } from "../../shared/publication/box-revocations.ts";
import { type Content, hashPartOnce, sharingParts } from "../../shared/publication/part.ts";
import type { Work } from "./work.ts";

/** Made while publishing; and images, which interactions name by hash. */
const NOT_LOOKED_AT = ["history", "schedules", "images", BOX_REVOCATIONS_PART];
const NOTHING: Content = new Map();

/** @returns the same for the same change, whatever else has gone on air meanwhile that is also drafted */
export function* changeHash(from: Content = NOTHING, to: Content): Work<string> {
  const shared = sharingParts(to, from);
  const names = [...new Set([...from.keys(), ...shared.keys()])].sort();
  const hash = createHash("sha256");
  for (const name of names) {
    const [before, after] = [from.get(name), shared.get(name)];
    if (before === after || NOT_LOOKED_AT.includes(name)) continue;
    hash.update(`${name} ${before ? hashPartOnce(before) : "-"} ${after ? hashPartOnce(after) : "-"}\n`);
    yield;
  }
  return hash.digest("hex");
}
