/**
 * Every publication that was intended or went on air, with its content: for roll back, for reconciling after
 * a crash, and for judging answers to cues that are no longer on air.
 */

import * as v from "valibot";
import {
  type Manifest,
  manifestSchema,
  type Position,
  type SignedManifest,
} from "../../shared/publication/manifest.ts";
import { type Content, hashPart, type Part } from "../../shared/publication/part.ts";
import type { Database, Row, Statement } from "../../shared/runtime/database.ts";
import { packPart, unpackPart } from "./part-pack.ts";

export type PublicationState = "intended" | "on-air" | "abandoned";
export type PublicationKind = "publish" | "withdraw" | "rollback" | "guide" | "revocation" | "new-epoch";

/** `on-air`: it went on air; the highest of them is what is on air now. */
/** What was withdrawn, or gone back to. */
export interface PublicationAbout {
  placement?: string;
  cue?: string;
  epoch?: number;
  revision?: number;
}

export interface Publication extends Position {
  signed: SignedManifest;
  manifest: Manifest;
  /** Hash of what was in `air` before it; undefined when that was empty. */
  predecessor: string | undefined;
  state: PublicationState;
  kind: PublicationKind;
  comment: string | undefined;
  about: PublicationAbout | undefined;
  publishedAtMs: number;
}

export type PublicationName = Pick<
  Publication,
  "epoch" | "revision" | "hash" | "kind" | "comment" | "about" | "publishedAtMs"
>;

export interface Past {
  /** What is on air now, as far as `authoring` knows. */
  latest(): Promise<Publication | undefined>;
  /** One that was begun and whose outcome is not known. */
  intended(): Promise<Publication | undefined>;
  at(epoch: number, revision: number): Promise<Publication | undefined>;
  /** Newest first; those on air or past only. */
  list(most: number): Promise<Publication[]>;
  /** The same without what they hold. @param before a place; behind it they begin */
  names(most: number, before?: { epoch: number; revision: number }): Promise<PublicationName[]>;
  /** Writes the intent, the parts not yet kept, and `also`, in one transaction. */
  intend(publication: Omit<Publication, "state">, content: Content, also?: Statement[]): Promise<void>;
  setState(epoch: number, revision: number, state: PublicationState): Promise<void>;
  /** Forgets the history part of a publication that was followed by another: each new one holds it all again. */
  dropHistory(manifest: Manifest): Promise<void>;
  /** @throws {Error} when a part is not kept: a broken invariant. A dropped history is empty. */
  content(publication: Publication): Promise<Content>;
  part(hash: string): Promise<Part>;
}

const EMPTY_PART = hashPart(new Map());
/** Parsed parts kept at hand while old cues are looked up. */
const PARTS_AT_HAND_MAX = 64;

const nameFromRow = (row: Row): PublicationName => ({
  epoch: Number(row.epoch),
  revision: Number(row.revision),
  hash: String(row.hash),
  kind: row.kind as PublicationKind,
  comment: row.comment === null ? undefined : String(row.comment),
  about: row.about === null ? undefined : (JSON.parse(String(row.about)) as PublicationAbout),
  publishedAtMs: Number(row.published_at_ms),
});

function fromRow(row: Row): Publication {
  const body = String(row.manifest);
  return {
    ...nameFromRow(row),
    signed: { body, hash: String(row.hash), signature: String(row.signature) },
    manifest: v.parse(manifestSchema, JSON.parse(body)),
    predecessor: row.predecessor === null ? undefined : String(row.predecessor),
    state: row.state as PublicationState,
  };
}

export function createPast(database: Database): Past {
  const atHand = new Map<string, Part>();
  const one = async (where: string, args: (string | number)[] = []) => {
    const [row] = await database.all(
      `SELECT * FROM publication WHERE ${where} ORDER BY epoch DESC, revision DESC LIMIT 1`,
      args,
    );
    return row && fromRow(row);
  };

  async function part(hash: string): Promise<Part> {
    const found = atHand.get(hash);
    if (found) return found;
    const [row] = await database.all("SELECT body FROM part WHERE hash = ?", [hash]);
    if (!row) throw new Error(`Cannot read part ${hash}: it is not kept`);
    const read = await unpackPart(new Uint8Array(row.body as ArrayBuffer));
    if (atHand.size >= PARTS_AT_HAND_MAX) atHand.delete(atHand.keys().next().value as string);
    atHand.set(hash, read);
    return read;
  }

  return {
    latest: () => one("state = 'on-air'"),
    intended: () => one("state = 'intended'"),
    at: (epoch, revision) => one("epoch = ? AND revision = ?", [epoch, revision]),
    part,
    async list(most) {
      const rows = await database.all(
        "SELECT * FROM publication WHERE state = 'on-air' ORDER BY epoch DESC, revision DESC LIMIT ?",
        [most],
      );
      return rows.map(fromRow);
    },
    async names(most, before = { epoch: Number.MAX_SAFE_INTEGER, revision: 0 }) {
      const rows = await database.all(
        `SELECT epoch, revision, hash, kind, comment, about, published_at_ms FROM publication
         WHERE state = 'on-air' AND (epoch, revision) < (?, ?) ORDER BY epoch DESC, revision DESC LIMIT ?`,
        [before.epoch, before.revision, most],
      );
      return rows.map(nameFromRow);
    },
    async intend(publication, content, also = []) {
      const { manifest, signed } = publication;
      const wanted = [...new Set(Object.values(manifest.parts))];
      const kept = await database.all(
        "SELECT hash FROM part WHERE hash IN (SELECT value FROM json_each(?))",
        [JSON.stringify(wanted)],
      );
      const keptHashes = new Set(kept.map((row) => String(row.hash)));
      const statements: Statement[] = [];
      for (const [name, hash] of Object.entries(manifest.parts)) {
        if (keptHashes.has(hash)) continue;
        keptHashes.add(hash);
        const body = await packPart(content.get(name) ?? new Map());
        statements.push({ sql: "INSERT OR IGNORE INTO part (hash, body) VALUES (?, ?)", args: [hash, body] });
      }
      statements.push({
        // An abandoned one never went on air: its place is free.
        sql: `INSERT INTO publication (epoch, revision, hash, manifest, signature, predecessor, state, kind,
                comment, about, published_at_ms) VALUES (?, ?, ?, ?, ?, ?, 'intended', ?, ?, ?, ?)
              ON CONFLICT (epoch, revision) DO UPDATE SET hash = excluded.hash, manifest = excluded.manifest,
                signature = excluded.signature, predecessor = excluded.predecessor, state = 'intended',
                kind = excluded.kind, comment = excluded.comment, about = excluded.about,
                published_at_ms = excluded.published_at_ms
              WHERE publication.state = 'abandoned'`,
        args: [
          manifest.epoch,
          manifest.revision,
          signed.hash,
          signed.body,
          signed.signature,
          publication.predecessor ?? null,
          publication.kind,
          publication.comment ?? null,
          publication.about ? JSON.stringify(publication.about) : null,
          publication.publishedAtMs,
        ],
      });
      await database.batch([...statements, ...also]);
    },
    async setState(epoch, revision, state) {
      await database.batch([
        {
          sql: "UPDATE publication SET state = ? WHERE epoch = ? AND revision = ?",
          args: [state, epoch, revision],
        },
      ]);
    },
    async dropHistory({ parts }) {
      // The empty part is shared by whatever is empty in any publication.
      if (parts.history === undefined || parts.history === EMPTY_PART) return;
      await database.batch([{ sql: "DELETE FROM part WHERE hash = ?", args: [parts.history] }]);
    },
    async content(publication) {
      const content = new Map<string, Part>();
      for (const [name, hash] of Object.entries(publication.manifest.parts)) {
        const kept =
          name !== "history" || (await database.all("SELECT 1 FROM part WHERE hash = ?", [hash])).length > 0;
        content.set(name, kept ? await part(hash) : new Map());
      }
      return content;
    },
  };
}
