/**
 * A publication's content: named parts, each a set of entries `key → body`.
 *
 * Everything published has this one shape, so that comparing, storing, hashing and verifying know nothing
 * of what the bodies mean, and a newer central's extra parts pass through an older edge unharmed.
 * `entries.ts` says which parts there are and what their bodies hold.
 */
import { createHash } from "node:crypto";

/** Text is canonical JSON; bytes are images. */
export type Body = string | Uint8Array;
/** Sorted by nothing in particular; keys are unique. */
export type Part = ReadonlyMap<string, Body>;
/** By part name. */
export type Content = ReadonlyMap<string, Part>;

const lengthPrefix = (length: number) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
};

/**
 * SHA-256 over the entries in the order of their keys (by UTF-16 code unit), each key and body behind its
 * length and each body behind its kind, so that no two contents share a hash by running together.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function hashPart(part: Part): string {
  const hash = createHash("sha256");
  const encoder = new TextEncoder();
  for (const key of [...part.keys()].sort()) {
    const body = part.get(key) as Body;
    const keyBytes = encoder.encode(key);
    const bodyBytes = typeof body === "string" ? encoder.encode(body) : body;
    hash.update(lengthPrefix(keyBytes.length)).update(keyBytes);
    hash.update(typeof body === "string" ? "t" : "b");
    hash.update(lengthPrefix(bodyBytes.length)).update(bodyBytes);
  }
  return hash.digest("hex");
}

const sameBody = (a: Body, b: Body | undefined) => {
  if (typeof a === "string" || typeof b === "string" || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
};

export interface Difference {
  /** Entries to write, new or with another body. */
  put: { part: string; key: string; body: Body }[];
  /** Entries to remove. */
  remove: { part: string; key: string }[];
}

/** What turns `from` into `to`, and nothing else. */
export function diffContent(from: Content, to: Content): Difference {
  const difference: Difference = { put: [], remove: [] };
  for (const [name, part] of to) {
    const before = from.get(name);
    for (const [key, body] of part) {
      if (!sameBody(body, before?.get(key))) difference.put.push({ part: name, key, body });
    }
  }
  for (const [name, part] of from) {
    const after = to.get(name);
    for (const key of part.keys()) {
      if (!after?.has(key)) difference.remove.push({ part: name, key });
    }
  }
  return difference;
}
