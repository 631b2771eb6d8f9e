/**
 * What one group of answers changes: pure bookkeeping over what the disk already holds. The outbox reads,
 * lets the ledger work, and writes what it lists in one transaction; a failed write drops the ledger.
 */
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Tally, UplinkAnswer } from "../../../shared/uplink/batch.ts";
import type { Judgement } from "./judge-answer.ts";

/** Answers of one box to one cue in mode `many` when its rule names no number. */
const MANY_MOST = 1_000;

export interface RememberedKey {
  box: string;
  key: string;
  status: Receipt["status"];
  reason?: string;
  forgetMs: number;
}

/** What counts of a box for a cue. */
export interface Vote {
  box: string;
  cue: string;
  interaction: string;
  version: number;
  /** The key that counts; of several the last. */
  key: string;
  answeredAtMs: number;
  choice: readonly string[];
  /** Answers that count, in mode `many`. */
  count: number;
  forgetMs: number;
}

export const pairId = (a: string, b: string) => `${a}\n${b}`;
export const tallyId = (of: { cue: string; interaction: string; version: number }) =>
  `${of.cue}\n${of.interaction}\n${of.version}`;

export interface Ledger {
  /** Judged and entered; what it changes is in the lists below. */
  enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt;
  /** New keys. */
  keys: RememberedKey[];
  /** New or changed votes, by box and cue. */
  votes: Map<string, Vote>;
  /** New answers for central. */
  queued: UplinkAnswer[];
  /** Changed tallies, absolute, by `tallyId`. */
  tallies: Map<string, Tally>;
}

/** @param onDisk keys and votes of everything in the group; tallies by `tallyId`; the last number given */
export function createLedger(onDisk: {
  keys: readonly RememberedKey[];
  votes: readonly Vote[];
  tally(id: string): Tally | undefined;
  lastNumber: number;
}): Ledger {
  const remembered = new Map(onDisk.keys.map((key) => [pairId(key.box, key.key), key]));
  const counting = new Map(onDisk.votes.map((vote) => [pairId(vote.box, vote.cue), vote]));
  const ledger: Ledger = { enter, keys: [], votes: new Map(), queued: [], tallies: new Map() };

  function add(vote: Vote, sign: 1 | -1) {
    const id = tallyId(vote);
    const before = ledger.tallies.get(id) ?? onDisk.tally(id);
    const options = new Map(Object.entries(before?.options ?? {}));
    for (const option of vote.choice) options.set(option, Math.max(0, (options.get(option) ?? 0) + sign));
    ledger.tallies.set(id, {
      cue: vote.cue,
      interaction: vote.interaction,
      version: vote.version,
      total: Math.max(0, (before?.total ?? 0) + sign),
      options: Object.fromEntries(options),
    });
  }

  /** Why the vote does not count; undefined when it does, or when it is taken without changing what counts. */
  function count(vote: Vote, mode: "first" | "last" | "many", most: number): Partial<Receipt> | undefined {
    const id = pairId(vote.box, vote.cue);
    const before = counting.get(id);
    if (before && mode === "first") return { status: "duplicate" };
    if (before && mode === "many" && before.count >= most) {
      return { status: "rejected", reason: `answered ${most} times already` };
    }
    if (before && mode === "last") {
      const newer =
        vote.answeredAtMs > before.answeredAtMs ||
        (vote.answeredAtMs === before.answeredAtMs && vote.key > before.key);
      if (!newer) return undefined;
      add(before, -1);
    }
    add(vote, 1);
    const counted = { ...vote, count: mode === "many" ? (before?.count ?? 0) + 1 : 1 };
    counting.set(id, counted);
    ledger.votes.set(id, counted);
    return undefined;
  }

  function enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt {
    const { key } = answer;
    const first = remembered.get(pairId(box, key));
    if (first && first.forgetMs > nowMs) {
      return { key, status: first.status, ...(first.reason !== undefined && { reason: first.reason }) };
    }
    let receipt: Receipt = { key, status: judgement.status };
    if (judgement.status !== "accepted") receipt.reason = judgement.reason;
    else {
      if (judgement.rule) {
        const { mode, most = MANY_MOST } = judgement.rule;
        const { answeredAtMs, choice, forgetMs } = judgement;
        const { cue, interaction, version } = answer;
        const vote = { box, cue, interaction, version, key, answeredAtMs, choice, count: 1, forgetMs };
        receipt = { ...receipt, ...count(vote, mode, most) };
      }
      if (receipt.status === "accepted") {
        const number = onDisk.lastNumber + ledger.queued.length + 1;
        const { answeredAtMs } = judgement;
        ledger.queued.push({ ...answer, answeredAtMs, number, box, receivedAtMs: nowMs });
      }
    }
    // A status that time alone repeats needs no row.
    if (judgement.forgetMs > nowMs) {
      const { forgetMs } = judgement;
      const row = { box, key, status: receipt.status, reason: receipt.reason, forgetMs };
      remembered.set(pairId(box, key), row);
      ledger.keys.push(row);
    }
    return receipt;
  }

  return ledger;
}
