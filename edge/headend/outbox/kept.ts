/**
 * What the outbox keeps in memory of its database, so that a group reads little and asking costs nothing. Whoever
 * writes changes it after the write; after a failed write it is read again from the disk, which alone is right.
 *
 * Tallies are counted here and written now and then with the place in the log up to which they are counted; at the
 * start what the log has beyond that place is counted again.
 */
import type { Database, Statement } from "../../../shared/runtime/database.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import { tallyId } from "./ledger.ts";
import type { LogPlace } from "./log/answer-log.ts";
import { tallyFromRow } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";

export interface KeptTally {
  tally: Tally;
  /** Of the group that changed it last. */
  change: number;
  /** The change that central has. */
  sent: number;
  updatedMs: number;
}

export interface Kept {
  /** The outbox id. */
  id: string;
  /** Last number that central has. */
  acknowledged: number;
  /** The last number that was given when the tallies were written. */
  lastNumber: number;
  /** Rises with each group; counts carry it. */
  change: number;
  /** Keys of airings remembered. */
  airingKeys: number;
  /** Answers that central refused; the numbers of those beyond `acknowledged`. */
  setAside: number;
  setAsideAhead: Set<number>;
  /** When the oldest answer that waits came in. */
  oldestAtMs: number | undefined;
  /** Whether counts of airings changed since they were sent. */
  unsentAirings: boolean;
  /** Up to where the tallies on disk are counted. */
  counted: LogPlace;
  /** By `tallyId`. */
  tallies: ReadonlyMap<string, KeptTally>;
  /** Of several versions the highest. */
  tallyOfCue(cue: string): Tally | undefined;
  /** Changed by a group. */
  mirror(tally: Tally, change: number, nowMs: number): void;
  /** Sent up, unless it changed since `change`. */
  tallySent(of: { cue: string; interaction: string; version: number }, change: number): void;
  forget(tally: { cue: string; interaction: string; version: number }): void;
  /** Tallies that changed since they were sent, the longest ago first. */
  unsentTallies(most: number): Tally[];
  unsentCounts(): boolean;
  /** What writes the changed tallies, counted up to there; call `written` after it. */
  tallyStatements(counted: LogPlace, lastNumber: number): { statements: Statement[]; written(): void };
  /** Everything, from the disk. */
  load(): Promise<void>;
  /** What depends on what was set aside. */
  readSetAside(): Promise<void>;
  readUnsentAirings(): Promise<void>;
}

export function createKept(database: Database): Kept {
  const tallies = new Map<string, KeptTally>();
  const idOfCue = new Map<string, string>();
  /** Ids of tallies that changed since they were sent; since they were written. */
  const unsent = new Set<string>();
  const unwritten = new Set<string>();

  function put(kept: KeptTally): string {
    const { tally } = kept;
    const id = tallyId(tally);
    tallies.set(id, kept);
    const known = tallies.get(idOfCue.get(tally.cue) ?? "");
    if (!known || tally.version >= known.tally.version) idOfCue.set(tally.cue, id);
    if (kept.change > kept.sent) unsent.add(id);
    return id;
  }

  const kept: Kept = {
    ...{ id: "", lastNumber: 0, acknowledged: 0, change: 0, airingKeys: 0, counted: { sequence: 0, at: 0 } },
    ...{ setAside: 0, setAsideAhead: new Set(), oldestAtMs: undefined, unsentAirings: false },
    tallies,
    tallyOfCue: (cue) => tallies.get(idOfCue.get(cue) ?? "")?.tally,
    mirror(tally, change, nowMs) {
      const sent = tallies.get(tallyId(tally))?.sent ?? 0;
      unwritten.add(put({ tally, change, sent, updatedMs: nowMs }));
    },
    tallySent(of, change) {
      const id = tallyId(of);
      const found = tallies.get(id);
      if (!found) return;
      found.sent = Math.max(found.sent, change);
      unwritten.add(id);
      if (found.change <= found.sent) unsent.delete(id);
    },
    forget(tally) {
      const id = tallyId(tally);
      tallies.delete(id);
      unsent.delete(id);
      unwritten.delete(id);
      if (idOfCue.get(tally.cue) === id) idOfCue.delete(tally.cue);
    },
    unsentTallies(most) {
      const found: Tally[] = [];
      for (const id of unsent) {
        if (found.length >= most) break;
        const { tally } = tallies.get(id) ?? {};
        if (tally) found.push(tally);
      }
      return found;
    },
    unsentCounts: () => kept.unsentAirings || unsent.size > 0,
    tallyStatements(counted, lastNumber) {
      const ids = [...unwritten];
      const rows = ids.flatMap((id) => {
        const { tally: t, change, sent, updatedMs } = tallies.get(id) ?? {};
        return t
          ? [[t.cue, t.interaction, t.version, t.total, t.options, updatedMs, change, sent, t.others ?? null]]
          : [];
      });
      const statements: Statement[] = [
        { sql: sql.PUT_COUNTED, args: [counted.sequence, counted.at, lastNumber, kept.change] },
      ];
      if (rows.length > 0) statements.push({ sql: sql.PUT_TALLIES, args: [JSON.stringify(rows)] });
      return {
        statements,
        written() {
          for (const id of ids) unwritten.delete(id);
          kept.counted = counted;
        },
      };
    },
    async load() {
      const [state] = await database.all("SELECT * FROM state WHERE id = 1");
      if (!state) throw new Error("Cannot read the outbox: its state is missing");
      kept.id = String(state.outbox);
      kept.lastNumber = Number(state.last_number);
      kept.acknowledged = Number(state.acknowledged);
      kept.change = Number(state.change);
      kept.airingKeys = Number(state.rows);
      kept.counted = { sequence: Number(state.counted_sequence), at: Number(state.counted_at) };
      tallies.clear();
      idOfCue.clear();
      unsent.clear();
      unwritten.clear();
      for (const row of await database.all("SELECT * FROM tally")) {
        const [change, sent, updatedMs] = [Number(row.change), Number(row.sent), Number(row.updated_ms)];
        put({ tally: tallyFromRow(row), change, sent, updatedMs });
      }
      await kept.readUnsentAirings();
      await kept.readSetAside();
    },
    async readSetAside() {
      const [aside] = await database.all("SELECT count(*) AS n FROM set_aside");
      kept.setAside = Number(aside?.n ?? 0);
      const ahead = await database.all("SELECT number FROM set_aside WHERE number > ?", [kept.acknowledged]);
      kept.setAsideAhead = new Set(ahead.map((row) => Number(row.number)));
    },
    async readUnsentAirings() {
      kept.unsentAirings =
        (await database.all("SELECT 1 FROM airing_count WHERE change > sent LIMIT 1")).length > 0;
    },
  };
  return kept;
}
