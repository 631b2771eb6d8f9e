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

const LENGTH_BYTES = 4;
/** Hashed in pieces of about so many bytes: a call for each entry costs more than hashing it. */
const PIECE_BYTES = 65_536;
/** UTF-8 of one UTF-16 code unit, at most. */
const UNIT_BYTES_MAX = 3;

/** The room for a piece: one for all, since a hash is made without a pause, and most parts are far smaller. */
const room = new Uint8Array(PIECE_BYTES * 2);
const encoder = new TextEncoder();

/** Bytes one after the other into a hash. */
function createHashFeed() {
  const hash = createHash("sha256");
  let piece = room;
  let view = new DataView(piece.buffer);
  let filled = 0;
  const makeRoom = (bytes: number) => {
    if (filled + bytes <= piece.length) return;
    hash.update(piece.subarray(0, filled));
    filled = 0;
    if (bytes <= piece.length) return;
    piece = new Uint8Array(bytes);
    view = new DataView(piece.buffer);
  };
  /** Behind its length. */
  const put = (value: Body) => {
    const text = typeof value === "string";
    makeRoom(LENGTH_BYTES + value.length * (text ? UNIT_BYTES_MAX : 1));
    const from = filled + LENGTH_BYTES;
    let written = value.length;
    if (text) written = encoder.encodeInto(value, piece.subarray(from)).written;
    else piece.set(value, from);
    view.setUint32(filled, written);
    filled = from + written;
  };
  return {
    put,
    kind(letter: "t" | "b") {
      makeRoom(1);
      piece[filled++] = letter.charCodeAt(0);
    },
    digest: () => hash.update(piece.subarray(0, filled)).digest("hex"),
  };
}

/**
 * SHA-256 over the entries in the order of their keys (by UTF-16 code unit), each key and body behind its
 * length and each body behind its kind, so that no two contents share a hash by running together.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function hashPart(part: Part): string {
  const feed = createHashFeed();
  for (const key of [...part.keys()].sort()) {
    const body = part.get(key) as Body;
    feed.put(key);
    feed.kind(typeof body === "string" ? "t" : "b");
    feed.put(body);
  }
  return feed.digest();
}

/** Hashes of parts that nobody changes any more, by the part itself. */
const known = new WeakMap<Part, string>();

/** As `hashPart`, once for a part: only for one that nobody changes any more. */
export function hashPartOnce(part: Part): string {
  const found = known.get(part) ?? hashPart(part);
  known.set(part, found);
  return found;
}

const samePart = (a: Part, b: Part) => {
  if (a.size !== b.size) return false;
  for (const [key, body] of a) if (!sameBody(body, b.get(key))) return false;
  return true;
};

/** The same content, with the very parts of another one where they are equal: those are hashed and compared already. */
export function sharingParts(content: Content, other: Content): Map<string, Part> {
  return new Map(
    [...content].map(([name, part]) => {
      const there = other.get(name);
      return [name, there && samePart(part, there) ? there : part];
    }),
  );
}

export const sameBody = (a: Body, b: Body | undefined) => {
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
    if (before === part) continue;
    for (const [key, body] of part) {
      if (!sameBody(body, before?.get(key))) difference.put.push({ part: name, key, body });
    }
  }
  for (const [name, part] of from) {
    const after = to.get(name);
    if (after === part) continue;
    for (const key of part.keys()) {
      if (!after?.has(key)) difference.remove.push({ part: name, key });
    }
  }
  return difference;
}
