/** The outbox as the uplink uses it: what waits for central, and what central did with it. */
import type { Log } from "../../../shared/log.ts";
import type { Database } from "../../../shared/runtime/database.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { AiringCount, Tally } from "../../../shared/uplink/batch.ts";
import type { Outbox } from "./contract.ts";
import type { Kept } from "./kept.ts";
import { countFromRow, tallyFromRow } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";

export type UplinkQueue = Pick<
  Outbox,
  "take" | "takeCounts" | "countsSent" | "acknowledge" | "rewind" | "adopt" | "setAside"
>;

export function createUplinkQueue(ports: {
  database: Database;
  kept: Kept;
  clock: Clock;
  log: Log;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  onPending(): void;
}): UplinkQueue {
  const { database, kept, clock, log, exclusive } = ports;

  async function moveCursor(number: number) {
    await database.batch([{ sql: "UPDATE state SET acknowledged = ? WHERE id = 1", args: [number] }]);
    kept.acknowledged = number;
    await kept.readQueue();
  }

  return {
    take: (answersMax, bytesMax) =>
      exclusive(async () => {
        const rows = await database.all("SELECT body FROM queued WHERE number > ? ORDER BY number LIMIT ?", [
          kept.acknowledged,
          answersMax,
        ]);
        let bytes = 0;
        const bodies = rows.map((row) => String(row.body));
        // Ids and UUIDs are ASCII, so characters are bytes. One answer goes whatever its size.
        const fit = bodies.filter((body, index) => {
          bytes += body.length + 1;
          return index === 0 || bytes <= bytesMax;
        });
        return fit.map((body) => JSON.parse(body));
      }),
    takeCounts: (most) =>
      exclusive(async () => {
        const select = (table: string) =>
          database.all(`SELECT * FROM ${table} WHERE change > sent ORDER BY change LIMIT ?`, [most]);
        const [airings, tallies] = [await select("airing_count"), await select("tally")];
        kept.unsentCounts = airings.length > 0 || tallies.length > 0;
        return {
          airings: airings.map(countFromRow),
          tallies: tallies.map(tallyFromRow),
          mark: kept.change,
        };
      }),
    countsSent: (counts) =>
      exclusive(async () => {
        const ids = (of: readonly (AiringCount | Tally)[]) =>
          JSON.stringify(of.map(({ cue, interaction, version }) => [cue, interaction, version]));
        await database.batch([
          { sql: sql.markSent("airing_count"), args: [ids(counts.airings), counts.mark] },
          { sql: sql.markSent("tally"), args: [ids(counts.tallies), counts.mark] },
        ]);
        await kept.readUnsent();
      }),
    acknowledge: (number) =>
      exclusive(async () => {
        if (number > kept.acknowledged) await moveCursor(Math.min(number, kept.lastNumber));
      }),
    rewind: (number) =>
      exclusive(async () => {
        if (number < kept.acknowledged) await moveCursor(Math.max(0, number));
      }),
    adopt: (answers) =>
      exclusive(async () => {
        if (answers.length === 0) return;
        const first = kept.lastNumber + 1;
        const rows = answers.map((answer, index) => [
          ...[first + index, answer.receivedAtMs, { ...answer, number: first + index }],
        ]);
        const lastNumber = kept.lastNumber + answers.length;
        await database.batch([
          { sql: sql.PUT_QUEUED, args: [JSON.stringify(rows)] },
          { sql: sql.PUT_STATE, args: [lastNumber, kept.change, 0] },
        ]);
        kept.lastNumber = lastNumber;
        await kept.readQueue();
        ports.onPending();
      }),
    setAside: (number, reason) =>
      exclusive(async () => {
        await database.batch([
          {
            sql: "INSERT OR IGNORE INTO set_aside SELECT number, ?, ?, body FROM queued WHERE number = ?",
            args: [clock.wallMs(), reason.slice(0, 500), number],
          },
          { sql: "DELETE FROM queued WHERE number = ?", args: [number] },
        ]);
        await kept.readQueue();
        log.error("answer-set-aside", { number, reason });
      }),
  };
}
