/**
 * What `outbox.db` says of an outbox, held against what is written down beside the answers (`answers/outbox.json`): SQLite
 * takes a damaged log, or another edge's database, without a word. Changes nothing; the edge may run meanwhile.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { MARK_NAME, OUTBOX_ANOTHER, parseMark, standingOf } from "../../edge/headend/outbox/mark.ts";
import { bad, type Finding } from "./finding.ts";

const CHECK = "outbox.db";
export const PUT_BACK =
  "Put it back if it was moved. Without it the edge begins a new one at its start, and its answers go up again; counts of airings and refused answers were in it alone";

export interface OutboxRow {
  id: string;
  lastNumber: number;
  acknowledged: number;
  change: number;
  /** Up to where tallies are counted: the file, and the place in it. */
  countedSequence: number;
  countedAt: number;
}

/** @returns "empty": whole, and no outbox in it; undefined when it is missing or cannot be read, which is told elsewhere */
export async function readOutboxRow(folder: string): Promise<OutboxRow | "empty" | undefined> {
  const path = join(folder, "outbox.db");
  if (!(await stat(path).catch(() => undefined))) return undefined;
  try {
    const client = createClient({ url: pathToFileURL(path).href, concurrency: 1, intMode: "number" });
    try {
      await client.execute("PRAGMA query_only=1");
      const tables = await client.execute("SELECT 1 FROM sqlite_schema WHERE name = 'state'");
      if (tables.rows.length === 0) return "empty";
      const [row] = (await client.execute("SELECT * FROM state WHERE id = 1")).rows;
      if (!row) return "empty";
      return {
        id: String(row.outbox),
        lastNumber: Number(row.last_number),
        acknowledged: Number(row.acknowledged),
        change: Number(row.change),
        countedSequence: Number(row.counted_sequence ?? 0),
        countedAt: Number(row.counted_at ?? 0),
      };
    } finally {
      client.close();
    }
  } catch {
    return undefined;
  }
}

/** Whether answers were ever taken in this folder. */
export async function hasAnswers(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, "answers")).catch(() => []);
  return names.some((name) => name.endsWith(".log"));
}

/** @returns its row, and what is wrong with it; read what is beside it first, for the edge may write to it */
export async function checkOutboxRow(
  folder: string,
): Promise<{ row: OutboxRow | undefined; found: Finding[] }> {
  const text = await readFile(join(folder, "answers", MARK_NAME), "utf8").catch(() => "");
  const row = await readOutboxRow(folder);
  if (row === undefined) return { row, found: [] };
  if (row === "empty") {
    const what = "it holds nothing beside answers; its log (outbox.db-wal) was damaged or taken away";
    return { row: undefined, found: (await hasAnswers(folder)) ? [bad(CHECK, what, PUT_BACK)] : [] };
  }
  const standing = standingOf(row, parseMark(text));
  if (standing === "another") {
    const action =
      "Put this edge's own back. Else the edge sets this one aside at its start and begins a new one, and its answers go up again";
    return { row: undefined, found: [bad(CHECK, OUTBOX_ANOTHER, action)] };
  }
  if (standing !== "older") return { row, found: [] };
  const what =
    "it is older than it was: its log (outbox.db-wal) was damaged or taken away, or an older copy put in its place";
  const action =
    "Check the disk, and put outbox.db-wal back if it was moved. Else the edge goes on with what is there; counts of airings since then are lost";
  return { row, found: [bad(CHECK, what, action)] };
}
