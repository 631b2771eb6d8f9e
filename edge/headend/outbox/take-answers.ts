/** Takes one group of answers in: judges each, writes them as one record of the log, counts them. */
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Known, OutboxState } from "./contract.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Kept } from "./kept.ts";
import { createLedger } from "./ledger.ts";
import type { AnswerLog } from "./log/answer-log.ts";
import { type CentralClock, nowSpan } from "./now-span.ts";
import { outboxFull } from "./storage-trouble.ts";

/** What one request of a box brings. */
export interface BroughtAnswers {
  box: string;
  answers: readonly Answer[];
  known: Known;
}

export interface TakeAnswers {
  /**
   * @returns receipts of each, once all are on disk
   * @throws {CuecastError} `outbox-full`; else the storage's own errors
   */
  commit(group: readonly BroughtAnswers[], nowMs: number): Promise<Receipt[][]>;
  /** By their receipt, since the process started. */
  receipts(): OutboxState["receipts"];
}

export function createTakeAnswers(
  ports: { log: AnswerLog; kept: Kept; centralClock(): CentralClock | undefined; onWritten(): void },
  limits: { rowsMax: number },
): TakeAnswers {
  const { log, kept } = ports;
  const receipts: OutboxState["receipts"] = { accepted: 0, duplicate: 0, late: 0, rejected: 0 };
  return {
    async commit(group, nowMs) {
      if (log.entries() >= limits.rowsMax) throw outboxFull();
      const now = nowSpan(nowMs, ports.centralClock());
      const ledger = createLedger({
        hash: log.hash,
        find: (kind, box, id, hash) => log.find(kind, box, id, now.fromMs, hash),
        tally: (id) => kept.tallies.get(id)?.tally,
      });
      const replies = group.map(({ box, answers, known }) =>
        answers.map((answer) => {
          const cue = known.cue(answer.cue);
          const interaction = known.interaction(answer.interaction, answer.version);
          return ledger.enter(box, answer, judgeAnswer(answer, cue, interaction, now), now.fromMs);
        }),
      );
      if (ledger.entries.length > 0) {
        const numberBefore = log.lastNumber();
        await log.append(ledger.entries, nowMs);
        ports.onWritten();
        if (log.lastNumber() > numberBefore) kept.oldestAtMs ??= nowMs;
      }
      if (ledger.tallies.size > 0) {
        kept.change++;
        for (const tally of ledger.tallies.values()) kept.mirror(tally, kept.change, nowMs);
      }
      for (const reply of replies) for (const { status } of reply) receipts[status]++;
      return replies;
    },
    receipts: () => ({ ...receipts }),
  };
}
