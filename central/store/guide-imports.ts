/** Imports of guides: what was decided, what is held back for a person, and what is still to be put on air. */
import * as v from "valibot";
import type { Database, Row, Statement } from "../../shared/runtime/database.ts";
import { type ImportReport, type ImportState, importReportSchema } from "../guide/import-report.ts";
import { createRowSpool, type RowSpool } from "../guide/row-spool.ts";

/** Imports remembered, those that are held back left aside. */
const REMEMBERED_MAX = 100;

export interface StoredImport {
  id: string;
  state: ImportState;
  source?: string | undefined;
  atMs: number;
  decidedBy?: string | undefined;
  report: ImportReport;
  heldBytes: number;
}

const fromRow = (row: Row): StoredImport => ({
  id: String(row.id),
  state: row.state as ImportState,
  ...(row.source !== null && { source: String(row.source) }),
  atMs: Number(row.at_ms),
  ...(row.decided_by !== null && { decidedBy: String(row.decided_by) }),
  report: v.parse(importReportSchema, JSON.parse(String(row.report))),
  heldBytes: Number(row.held_bytes),
});

const HELD_STATES = "('pending', 'partly')";

export function createGuideImports(database: Database) {
  const numberOf = (id: string) => (/^[1-9]\d{0,14}$/.test(id) ? Number(id) : -1);

  return {
    /** Newest first; with those held back. @param before an id; behind it they begin */
    async list(most: number, before?: string): Promise<StoredImport[]> {
      const rows = await database.all("SELECT * FROM guide_import WHERE id < ? ORDER BY id DESC LIMIT ?", [
        before === undefined ? Number.MAX_SAFE_INTEGER : numberOf(before),
        most,
      ]);
      return rows.map(fromRow);
    },
    /** Those that wait for a person, the oldest first. */
    async held(): Promise<StoredImport[]> {
      const rows = await database.all(
        `SELECT * FROM guide_import WHERE state IN ${HELD_STATES} AND held_bytes > 0 ORDER BY id`,
      );
      return rows.map(fromRow);
    },
    async one(id: string): Promise<StoredImport | undefined> {
      const [row] = await database.all("SELECT * FROM guide_import WHERE id = ?", [numberOf(id)]);
      return row && fromRow(row);
    },
    /** Writes one down, with the rows of the channels that are held back. @returns its id */
    async add(
      entry: Omit<StoredImport, "id" | "heldBytes">,
      rows: RowSpool,
      held: readonly string[],
    ): Promise<string> {
      const bodies = held.map((channel) => ({ channel, body: rows.bytesOf(channel) ?? new Uint8Array(0) }));
      const heldBytes = bodies.reduce((sum, { body }) => sum + body.length, 0);
      return await database.transaction(async (run) => {
        const [row] = await run({
          sql: `INSERT INTO guide_import (state, source, at_ms, report, decided_by, held_bytes)
                VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
          args: [
            entry.state,
            entry.source ?? null,
            entry.atMs,
            JSON.stringify(entry.report),
            entry.decidedBy ?? null,
            heldBytes,
          ],
        });
        const id = Number(row?.id);
        for (const { channel, body } of bodies) {
          await run({
            sql: "INSERT INTO guide_held (import, channel, body) VALUES (?, ?, ?)",
            args: [id, channel, body as Uint8Array<ArrayBuffer>],
          });
        }
        await run({
          sql: `DELETE FROM guide_import WHERE state NOT IN ${HELD_STATES} AND id <= ?`,
          args: [id - REMEMBERED_MAX],
        });
        return String(id);
      });
    },
    /** The rows that are held back. */
    async rowsOf(id: string): Promise<RowSpool> {
      const spool = createRowSpool();
      const rows = await database.all("SELECT channel, body FROM guide_held WHERE import = ?", [
        numberOf(id),
      ]);
      for (const row of rows) spool.addBytes(String(row.channel), new Uint8Array(row.body as ArrayBuffer));
      return spool;
    },
    /** @param report replaces the one kept, when it says something new */
    async settle(id: string, state: ImportState, decidedBy?: string, report?: ImportReport): Promise<void> {
      await database.batch([
        {
          sql: `UPDATE guide_import SET state = ?, decided_by = ?, held_bytes = 0,
                  report = coalesce(?, report) WHERE id = ?`,
          args: [state, decidedBy ?? null, report ? JSON.stringify(report) : null, numberOf(id)],
        },
        { sql: "DELETE FROM guide_held WHERE import = ?", args: [numberOf(id)] },
      ]);
    },
    /** Of those, the channels that a guide changed after an instant. */
    async touchedSince(channels: readonly string[], atMs: number): Promise<string[]> {
      const rows = await database.all(
        "SELECT channel FROM guide_touched WHERE at_ms > ? AND channel IN (SELECT value FROM json_each(?))",
        [atMs, JSON.stringify(channels)],
      );
      return rows.map((row) => String(row.channel));
    },
    /** Channels whose stored guide is to be put on air. */
    async due(): Promise<string[]> {
      const rows = await database.all("SELECT channel FROM guide_touched WHERE due = 1 ORDER BY channel");
      return rows.map((row) => String(row.channel));
    },
    async clearDue(channels: readonly string[]): Promise<void> {
      await database.batch([
        {
          sql: "UPDATE guide_touched SET due = 0 WHERE channel IN (SELECT value FROM json_each(?))",
          args: [JSON.stringify(channels)],
        },
      ]);
    },
  };
}
export type GuideImports = ReturnType<typeof createGuideImports>;

/** For writing down what a guide changed within the transaction that changes it. */
export function touchedStatement(channels: readonly string[], atMs: number, due: boolean): Statement {
  return {
    sql: `INSERT INTO guide_touched (channel, at_ms, due) SELECT value, ?, ? FROM json_each(?) WHERE true
          ON CONFLICT (channel) DO UPDATE SET at_ms = excluded.at_ms, due = max(due, excluded.due)`,
    args: [atMs, due ? 1 : 0, JSON.stringify(channels)],
  };
}
