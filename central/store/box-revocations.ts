/**
 * Which tokens of boxes are void: every one of a box that was issued until a moment. They go to edges as a part of
 * every publication, by the hash of the box's pseudonym, so an edge that is cut off holds to what it has.
 */
import { createHash } from "node:crypto";
import { CuecastError } from "../../shared/errors.ts";
import { BOX_REVOCATIONS_MAX } from "../../shared/publication/box-revocations.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import type { Part } from "../../shared/publication/part.ts";
import type { Database } from "../../shared/runtime/database.ts";
import { BOX_TOKEN_MS } from "../air-server/tokens.ts";

export function createBoxRevocations(database: Database) {
  return {
    /** @throws {CuecastError} 409 `too-many-revocations` */
    async revoke(box: string, by: string, nowMs: number): Promise<void> {
      const hash = createHash("sha256").update(box).digest("hex");
      await database.batch([
        { sql: "DELETE FROM box_revocation WHERE at_ms < ?", args: [nowMs - BOX_TOKEN_MS] },
      ]);
      const [count] = await database.all("SELECT count(*) AS rows FROM box_revocation WHERE hash <> ?", [
        hash,
      ]);
      if (Number(count?.rows) >= BOX_REVOCATIONS_MAX) {
        throw new CuecastError(
          `Cannot revoke this box's tokens: ${BOX_REVOCATIONS_MAX} boxes are revoked already; each goes a year after`,
          { code: "too-many-revocations", status: 409 },
        );
      }
      await database.batch([
        {
          sql: "INSERT OR REPLACE INTO box_revocation (hash, at_ms, by_whom) VALUES (?, ?, ?)",
          args: [hash, nowMs, by],
        },
      ]);
    },
    /** As it is published: hash of the box → since when its tokens are good. */
    async part(): Promise<Part> {
      const rows = await database.all("SELECT hash, at_ms FROM box_revocation ORDER BY hash");
      return new Map(
        rows.map((row) => [String(row.hash), canonicalJson({ revokedAtMs: Number(row.at_ms) })]),
      );
    },
    /** @param before a `next` of the page before */
    async list(before: string | undefined, most: number) {
      const [atMs = "", hash = ""] = (before ?? "").split("-");
      const rows = await database.all(
        `SELECT hash, at_ms, by_whom FROM box_revocation WHERE (?1 = '' OR (at_ms, hash) < (CAST(?1 AS INTEGER), ?2))
         ORDER BY at_ms DESC, hash DESC LIMIT ?3`,
        [atMs, hash, most + 1],
      );
      const page = rows.slice(0, most);
      const last = page.at(-1);
      return {
        most: BOX_REVOCATIONS_MAX,
        revocations: page.map((row) => ({
          box: String(row.hash),
          atMs: Number(row.at_ms),
          by: String(row.by_whom),
        })),
        ...(rows.length > most && last && { next: `${last.at_ms}-${last.hash}` }),
      };
    },
  };
}
export type BoxRevocations = ReturnType<typeof createBoxRevocations>;
