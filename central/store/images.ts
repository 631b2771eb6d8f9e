/** Images as uploaded, by the hash of their bytes; a publication carries those that its interactions name. */
import { createHash } from "node:crypto";
import type { Database, Row } from "../../shared/runtime/database.ts";
import type { ImageFacts } from "../authoring/image-facts.ts";

export interface ImageRecord extends ImageFacts {
  sha256: string;
  /** As the editor's file was called. */
  name: string;
  bytes: number;
  createdAtMs: number;
}

const COLUMNS = "sha256, type, width, height, name, length(bytes) AS size, created_at_ms";

const fromRow = (row: Row): ImageRecord => ({
  sha256: String(row.sha256),
  type: row.type as ImageFacts["type"],
  width: Number(row.width),
  height: Number(row.height),
  name: String(row.name),
  bytes: Number(row.size),
  createdAtMs: Number(row.created_at_ms),
});

export function createImages(database: Database) {
  return {
    /** The same bytes again keep the record that is there. */
    async put(bytes: Uint8Array, facts: ImageFacts, name: string, nowMs: number): Promise<ImageRecord> {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      await database.batch([
        {
          sql: `INSERT OR IGNORE INTO image (sha256, type, width, height, name, bytes, created_at_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?)`,
          args: [sha256, facts.type, facts.width, facts.height, name, bytes, nowMs],
        },
      ]);
      const [row] = await database.all(`SELECT ${COLUMNS} FROM image WHERE sha256 = ?`, [sha256]);
      return fromRow(row as Row);
    },
    async get(sha256: string): Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | undefined> {
      const [row] = await database.all("SELECT type, bytes FROM image WHERE sha256 = ?", [sha256]);
      return row && { type: String(row.type), bytes: new Uint8Array(row.bytes as ArrayBuffer) };
    },
    /** The newest first. @param before moment and hash; behind them they begin */
    async list(
      most: number,
      before: [number, string] = [Number.MAX_SAFE_INTEGER, ""],
    ): Promise<ImageRecord[]> {
      const rows = await database.all(
        `SELECT ${COLUMNS} FROM image WHERE (created_at_ms, sha256) < (?, ?)
         ORDER BY created_at_ms DESC, sha256 DESC LIMIT ?`,
        [...before, most],
      );
      return rows.map(fromRow);
    },
  };
}
export type Images = ReturnType<typeof createImages>;
