/**
 * A part as the bytes that its hash is made of, as they come from the database: an entry is read when somebody
 * asks for it. A guide of 120,000 programmes as strings, let alone objects, is what a collector of garbage then
 * walks through again and again; as bytes it is nothing to it, and a start reads none of them.
 */
import { createHash } from "node:crypto";
import type { Body, Part } from "./part.ts";

/** A key behind its length, the kind of the body, the body behind its length: as `hashPart()` has it. */
const LENGTH_BYTES = 4;
const TEXT = "t".charCodeAt(0);

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** An entry's bytes, within those of its part. */
export interface PackedEntry {
  key: Uint8Array;
  body: Uint8Array;
  isText: boolean;
}

export interface PackedPart extends Part {
  /** SHA-256 of all bytes, as `hashPart()` gives it, if the entries are in the order of their keys. */
  readonly streamHash: string;
  /** All bytes, one piece after the other. */
  readonly pieces: readonly Uint8Array[];
  /** In the order in which they were packed. */
  packed(): Generator<PackedEntry>;
  /**
   * The same for who looks at every entry of a large publication: without an object for each.
   *
   * @param visit key from `keyAt` before `kindAt`, body from `bodyAt` before `end`, within `bytes`
   */
  scan(visit: (bytes: Uint8Array, keyAt: number, kindAt: number, bodyAt: number, end: number) => void): void;
}

export interface PartPacker {
  /** Whole entries, as the database gives them. */
  add(bytes: Uint8Array): void;
  end(): PackedPart;
}

export const isPacked = (part: Part): part is PackedPart => "streamHash" in part;

export const textOf = (bytes: Uint8Array) => decoder.decode(bytes);

export function createPartPacker(): PartPacker {
  const hash = createHash("sha256");
  const chunks: Uint8Array[] = [];
  return {
    add(bytes) {
      hash.update(bytes);
      chunks.push(bytes);
    },
    end: () => packedPart(chunks, hash.digest("hex")),
  };
}

/** The same part, packed in the order of its keys. */
export function packPart(part: Part): PackedPart {
  if (isPacked(part)) return part;
  const packer = createPartPacker();
  for (const key of [...part.keys()].sort()) packer.add(packEntry(key, part.get(key) as Body));
  return packer.end();
}

function packEntry(key: string, body: Body): Uint8Array {
  const keyBytes = encoder.encode(key);
  const bodyBytes = typeof body === "string" ? encoder.encode(body) : body;
  const bytes = new Uint8Array(2 * LENGTH_BYTES + 1 + keyBytes.length + bodyBytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, keyBytes.length);
  bytes.set(keyBytes, LENGTH_BYTES);
  const kindAt = LENGTH_BYTES + keyBytes.length;
  bytes[kindAt] = (typeof body === "string" ? "t" : "b").charCodeAt(0);
  view.setUint32(kindAt + 1, bodyBytes.length);
  bytes.set(bodyBytes, kindAt + 1 + LENGTH_BYTES);
  return bytes;
}

function packedPart(chunks: readonly Uint8Array[], streamHash: string): PackedPart {
  const bodyOf = ({ body, isText }: PackedEntry): Body => (isText ? textOf(body) : body);
  let size: number | undefined;
  /** Made for the first who asks for one entry. */
  let index: Map<string, PackedEntry> | undefined;
  const find = (key: string) => {
    index ??= new Map(Array.from(part.packed(), (entry) => [textOf(entry.key), entry]));
    return index.get(key);
  };

  function* each<T>(of: (entry: PackedEntry) => T): Generator<T, undefined> {
    for (const entry of part.packed()) yield of(entry);
    return undefined;
  }

  const part: PackedPart = {
    streamHash,
    pieces: chunks,
    scan(visit) {
      for (const chunk of chunks) {
        const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        for (let at = 0; at < chunk.length; ) {
          const keyAt = at + LENGTH_BYTES;
          const kindAt = keyAt + view.getUint32(at);
          const bodyAt = kindAt + 1 + LENGTH_BYTES;
          at = bodyAt + view.getUint32(kindAt + 1);
          visit(chunk, keyAt, kindAt, bodyAt, at);
        }
      }
    },
    *packed() {
      for (const chunk of chunks) {
        const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        for (let at = 0; at < chunk.length; ) {
          const keyAt = at + LENGTH_BYTES;
          const kindAt = keyAt + view.getUint32(at);
          const bodyAt = kindAt + 1 + LENGTH_BYTES;
          at = bodyAt + view.getUint32(kindAt + 1);
          yield {
            key: chunk.subarray(keyAt, kindAt),
            isText: chunk[kindAt] === TEXT,
            body: chunk.subarray(bodyAt, at),
          };
        }
      }
    },
    get size() {
      if (size === undefined) {
        let counted = 0;
        part.scan(() => {
          counted++;
        });
        size = counted;
      }
      return size;
    },
    get(key) {
      const entry = find(key);
      return entry && bodyOf(entry);
    },
    has: (key) => find(key) !== undefined,
    entries: () => each((entry) => [textOf(entry.key), bodyOf(entry)]),
    keys: () => each(({ key }) => textOf(key)),
    values: () => each(bodyOf),
    forEach(call) {
      for (const [key, body] of part) call(body, key, part);
    },
    [Symbol.iterator]: () => part.entries(),
  };
  return part;
}
