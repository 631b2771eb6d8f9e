/**
 * What the outbox keeps in memory of its file, so that a group reads little and asking costs nothing. Whoever
 * writes changes it after the write; after a failed write it is read again from the disk, which alone is right.
 */
import type { Database } from "../../../shared/runtime/database.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import { tallyId } from "./ledger.ts";
import { journalFromRow, tallyFromRow } from "./outbox-rows.ts";
import { createRecent, type Recent } from "./recent.ts";

export interface Kept {
  /** The outbox id. */
  id: string;
  /** Last number given to an answer. */
  lastNumber: number;
  /** Last number that central has. */
  acknowledged: number;
  /** Rises with each group; counts carry it. */
  change: number;
  /** Keys remembered. */
  rows: number;
  /** Last row of the journal. */
  journal: number;
  /** Answers that central refused; those of them beyond `acknowledged`. */
  setAside: number;
  setAsideAhead: number;
  /** When the oldest answer that waits came in. */
  oldestAtMs: number | undefined;
  /** Whether counts changed since they were sent. */
  unsentCounts: boolean;
  recent: Recent;
  /** By `tallyId`. */
  tallies: ReadonlyMap<string, Tally>;
  /** Of several versions the highest. */
  tallyOfCue(cue: string): Tally | undefined;
  mirror(tally: Tally): void;
  forget(tally: { cue: string; interaction: string; version: number }): void;
  /** Answers not yet acknowledged by central. */
  waiting(): number;
  /** Everything, from the disk. */
  load(): Promise<void>;
  /** What depends on which answers are queued. */
  readQueue(): Promise<void>;
  readUnsent(): Promise<void>;
}

export function createKept(database: Database): Kept {
  const tallies = new Map<string, Tally>();
  const idOfCue = new Map<string, string>();
  const kept: Kept = {
    ...{ id: "", lastNumber: 0, acknowledged: 0, change: 0, rows: 0, journal: 0 },
    ...{ setAside: 0, setAsideAhead: 0, oldestAtMs: undefined, unsentCounts: false },
    recent: createRecent(),
    tallies,
    tallyOfCue: (cue) => tallies.get(idOfCue.get(cue) ?? ""),
    mirror(tally) {
      const id = tallyId(tally);
      tallies.set(id, tally);
      const known = tallies.get(idOfCue.get(tally.cue) ?? "");
      if (!known || tally.version >= known.version) idOfCue.set(tally.cue, id);
    },
    forget(tally) {
      const id = tallyId(tally);
      tallies.delete(id);
      if (idOfCue.get(tally.cue) === id) idOfCue.delete(tally.cue);
    },
    waiting: () => Math.max(0, kept.lastNumber - kept.acknowledged - kept.setAsideAhead),
    async load() {
      const [state] = await database.all("SELECT * FROM state WHERE id = 1");
      if (!state) throw new Error("Cannot read the outbox: its state is missing");
      kept.id = String(state.outbox);
      kept.lastNumber = Number(state.last_number);
      kept.acknowledged = Number(state.acknowledged);
      kept.change = Number(state.change);
      kept.rows = Number(state.rows);
      tallies.clear();
      idOfCue.clear();
      for (const row of await database.all("SELECT * FROM tally")) kept.mirror(tallyFromRow(row));
      await kept.readUnsent();
      await kept.readQueue();
      kept.recent = createRecent();
      kept.journal = 0;
      for (const row of await database.all("SELECT * FROM journal ORDER BY id")) {
        const { id, keys, votes } = journalFromRow(row);
        kept.recent.add(keys, votes, id);
        kept.journal = id;
      }
    },
    async readQueue() {
      const [oldest] = await database.all(
        "SELECT received_ms FROM queued WHERE number > ? ORDER BY number LIMIT 1",
        [kept.acknowledged],
      );
      kept.oldestAtMs = oldest ? Number(oldest.received_ms) : undefined;
      const [aside] = await database.all("SELECT count(*) AS n, sum(number > ?) AS ahead FROM set_aside", [
        kept.acknowledged,
      ]);
      kept.setAside = Number(aside?.n ?? 0);
      kept.setAsideAhead = Number(aside?.ahead ?? 0);
    },
    async readUnsent() {
      kept.unsentCounts =
        (await database.all("SELECT 1 FROM tally WHERE change > sent LIMIT 1")).length > 0 ||
        (await database.all("SELECT 1 FROM airing_count WHERE change > sent LIMIT 1")).length > 0;
    },
  };
  return kept;
}
