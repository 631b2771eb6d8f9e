/** Takes one group of airings in: counts each key once, in one transaction. */
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Database } from "../../../shared/runtime/database.ts";
import type { AiringCount } from "../../../shared/uplink/batch.ts";
import { emptyCount, withAiring } from "./airing-counts.ts";
import type { Kept } from "./kept.ts";
import { pairId, tallyId } from "./ledger.ts";
import { countFromRow } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";
import { outboxFull } from "./storage-trouble.ts";

export interface BroughtAirings {
  box: string;
  airings: readonly Airing[];
}

export interface TakeAirings {
  /** @throws {CuecastError} `outbox-full`; else the storage's own errors */
  commit(group: readonly BroughtAirings[], nowMs: number): Promise<void>;
  /** Airings taken since the process started. */
  taken(): number;
}

export function createTakeAirings(
  ports: { database: Database; kept: Kept; onWritten(): void },
  limits: { rowsMax: number; airingKeyKeptMs: number },
): TakeAirings {
  const { database, kept } = ports;
  let taken = 0;

  /** Those whose keys are new. */
  async function freshOf(group: readonly BroughtAirings[]) {
    const all = group.flatMap(({ box, airings }) => airings.map((airing) => ({ box, airing })));
    const asked = JSON.stringify(all.map(({ box, airing }) => [box, airing.key]));
    const rows = await database.all(sql.SELECT_AIRING_KEYS, [asked]);
    const seen = new Set(rows.map((row) => pairId(String(row.box), String(row.key))));
    return all.filter(({ box, airing }) => {
      const id = pairId(box, airing.key);
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    });
  }

  return {
    async commit(group, nowMs) {
      if (kept.airingKeys >= limits.rowsMax) throw outboxFull();
      const fresh = await freshOf(group);
      if (fresh.length === 0) return;
      const cues = JSON.stringify(
        fresh.map(({ airing }) => [airing.cue, airing.interaction, airing.version]),
      );
      const counts = new Map<string, AiringCount>();
      for (const row of await database.all(sql.SELECT_AIRING_COUNTS, [cues])) {
        const count = countFromRow(row);
        counts.set(tallyId(count), count);
      }
      for (const { airing } of fresh) {
        const id = tallyId(airing);
        counts.set(id, withAiring(counts.get(id) ?? emptyCount(airing), airing));
      }
      const forgetMs = nowMs + limits.airingKeyKeptMs;
      const keyRows = fresh.map(({ box, airing }) => [box, airing.key, forgetMs]);
      const countRows = [...counts.values()].map((c) => [
        ...[c.cue, c.interaction, c.version, c.outcomes, c.firingErrors],
      ]);
      const change = kept.change + 1;
      await database.batch([
        { sql: sql.PUT_AIRING_KEYS, args: [JSON.stringify(keyRows)] },
        { sql: sql.PUT_AIRING_COUNTS, args: [JSON.stringify(countRows), nowMs, change] },
        { sql: sql.PUT_AIRING_STATE, args: [change, fresh.length] },
      ]);
      kept.change = change;
      kept.airingKeys += fresh.length;
      kept.unsentAirings = true;
      taken += fresh.length;
      ports.onWritten();
    },
    taken: () => taken,
  };
}
