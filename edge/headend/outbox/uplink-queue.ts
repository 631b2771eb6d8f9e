/** The outbox as the uplink uses it: what waits for central, and what central did with it. */
import type { Log } from "../../../shared/log.ts";
import type { Database } from "../../../shared/runtime/database.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Outbox } from "./contract.ts";
import type { Kept } from "./kept.ts";
import type { AnswerLog } from "./log/answer-log.ts";
import { countFromRow } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";

export type UplinkQueue = Pick<
  Outbox,
  "take" | "takeCounts" | "countsSent" | "acknowledge" | "rewind" | "setAside"
>;

export function createUplinkQueue(ports: {
  database: Database;
  kept: Kept;
  answers: AnswerLog;
  clock: Clock;
  log: Log;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}): UplinkQueue {
  const { database, kept, answers, clock, log, exclusive } = ports;

  async function moveCursor(number: number) {
    await database.batch([{ sql: "UPDATE state SET acknowledged = ? WHERE id = 1", args: [number] }]);
    kept.acknowledged = number;
    if (kept.setAside > 0) await kept.readSetAside();
    kept.oldestAtMs = await answers.oldestAtMs(number);
  }

  return {
    take: (answersMax, bytesMax) =>
      exclusive(async () => {
        let after = kept.acknowledged;
        for (;;) {
          const taken = await answers.take(after, answersMax, bytesMax);
          const last = taken.at(-1);
          if (kept.setAsideAhead.size === 0 || !last) return taken;
          const rest = taken.filter(({ number }) => !kept.setAsideAhead.has(number));
          if (rest.length > 0) return rest;
          after = last.number;
        }
      }),
    takeCounts: (most) =>
      exclusive(async () => {
        const airings = await database.all(
          "SELECT * FROM airing_count WHERE change > sent ORDER BY change LIMIT ?",
          [most],
        );
        kept.unsentAirings = airings.length > 0;
        return {
          airings: airings.map(countFromRow),
          tallies: kept.unsentTallies(most),
          talliedTo: answers.lastNumber(),
          mark: kept.change,
        };
      }),
    countsSent: (counts) =>
      exclusive(async () => {
        for (const tally of counts.tallies) kept.tallySent(tally, counts.mark);
        if (counts.airings.length === 0) return;
        const ids = counts.airings.map(({ cue, interaction, version }) => [cue, interaction, version]);
        await database.batch([{ sql: sql.MARK_AIRINGS_SENT, args: [JSON.stringify(ids), counts.mark] }]);
        await kept.readUnsentAirings();
      }),
    acknowledge: (number) =>
      exclusive(async () => {
        if (number > kept.acknowledged) await moveCursor(Math.min(number, answers.lastNumber()));
      }),
    rewind: (number) =>
      exclusive(async () => {
        if (number < kept.acknowledged) await moveCursor(Math.max(0, number));
      }),
    setAside: (number, reason) =>
      exclusive(async () => {
        const [answer] = await answers.take(number - 1, 1, Number.MAX_SAFE_INTEGER);
        if (answer?.number !== number) return;
        await database.batch([
          {
            sql: "INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?, ?)",
            args: [number, clock.wallMs(), reason.slice(0, 500), JSON.stringify(answer)],
          },
        ]);
        await kept.readSetAside();
        log.error("answer-set-aside", { number, reason });
      }),
  };
}
