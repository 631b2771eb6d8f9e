/**
 * What one group of answers changes: pure bookkeeping over what the log holds already. The outbox lets the ledger
 * work, and writes what it lists as one record; a failed write drops the ledger.
 */
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import type { Judgement } from "./judge-answer.ts";
import type { Found, NewEntry } from "./log/answer-log.ts";
import { choiceOf, type Entry } from "./log/entry.ts";
import type { PairKind } from "./log/pair-hash.ts";

/** Answers of one box to one cue in mode `many` when its rule names no number. */
const MANY_MOST = 1_000;

export const pairId = (a: string, b: string) => `${a}\n${b}`;
export const tallyId = (of: { cue: string; interaction: string; version: number }) =>
  `${of.cue}\n${of.interaction}\n${of.version}`;

export interface Ledger {
  /** Judged and entered; what it changes is in the lists below. */
  enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt;
  /** For the log, in order. */
  entries: NewEntry[];
  /** Changed tallies, absolute, by `tallyId`. */
  tallies: Map<string, Tally>;
}

/** Adds what an entry adds to the tallies, and takes away what it takes the place of. */
export function countEntry(
  entry: Entry,
  tallies: Map<string, Tally>,
  before: (id: string) => Tally | undefined,
): void {
  if (entry.count === 0) return;
  const add = ({ interaction, version, choice }: NonNullable<Entry["replaces"]>, sign: 1 | -1) => {
    const of = { cue: entry.cue, interaction, version };
    const id = tallyId(of);
    let tally = tallies.get(id);
    if (!tally) {
      const known = before(id);
      // A copy: the ledger may be dropped. No prototype: option ids are the editors' words.
      const options: Record<string, number> = Object.assign(Object.create(null), known?.options);
      tally = { ...of, total: known?.total ?? 0, options };
      tallies.set(id, tally);
    }
    tally.total = Math.max(0, tally.total + sign);
    for (const option of choice) {
      tally.options[option] = Math.max(0, (tally.options[option] ?? 0) + sign);
    }
  };
  if (entry.replaces) add(entry.replaces, -1);
  add({ interaction: entry.interaction, version: entry.version, choice: choiceOf(entry) }, 1);
}

/** @param before what the log has of a pair; tallies by `tallyId` */
export function createLedger(before: {
  find(kind: PairKind, box: string, id: string): Found | undefined;
  tally(id: string): Tally | undefined;
}): Ledger {
  /** Of this group. */
  const keys = new Map<string, NewEntry>();
  const votes = new Map<string, NewEntry>();
  const ledger: Ledger = { enter, entries: [], tallies: new Map() };

  /** Why it does not count; undefined when it does, or when it is taken without changing what counts. */
  function count(
    entry: NewEntry,
    mode: "first" | "last" | "many",
    most: number,
  ): Partial<Receipt> | undefined {
    const id = pairId(entry.box, entry.cue);
    const inGroup = votes.get(id);
    const found = inGroup ? undefined : before.find("vote", entry.box, entry.cue);
    const vote: NewEntry | undefined = inGroup ?? found?.entry;
    if (vote && mode === "first") return { status: "duplicate" };
    if (vote && mode === "many" && vote.count >= most) {
      return { status: "rejected", reason: `answered ${most} times already` };
    }
    if (vote && mode === "last") {
      const newer =
        entry.answeredAtMs > vote.answeredAtMs ||
        (entry.answeredAtMs === vote.answeredAtMs && entry.key > vote.key);
      if (!newer) return undefined;
      const { interaction, version } = vote;
      entry.replaces = { interaction, version, choice: choiceOf(vote) };
    }
    if (vote) {
      entry.voteAt = inGroup ? inGroup.voteAt : found?.place;
      if (inGroup) inGroup.outdated = true;
    }
    entry.count = mode === "many" ? (vote?.count ?? 0) + 1 : 1;
    votes.set(id, entry);
    countEntry(entry, ledger.tallies, before.tally);
    return undefined;
  }

  function enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt {
    const { key } = answer;
    const id = pairId(box, key);
    const first = keys.get(id) ?? before.find("key", box, key)?.entry;
    if (first && first.forgetMs > nowMs) {
      return { key, status: first.status, ...(first.reason !== undefined && { reason: first.reason }) };
    }
    const { status, forgetMs } = judgement;
    const { cue, interaction, version, options, rating } = answer;
    const answeredAtMs = judgement.status === "accepted" ? judgement.answeredAtMs : answer.answeredAtMs;
    const entry: NewEntry = {
      ...{ status, forgetMs, box, key, cue, interaction, version, answeredAtMs, options, rating, count: 0 },
      ...(answer.dueMs !== undefined && { dueMs: answer.dueMs }),
    };
    if (judgement.status !== "accepted") entry.reason = judgement.reason;
    else if (judgement.rule) {
      const { mode, most = MANY_MOST } = judgement.rule;
      const refused = count(entry, mode, most);
      if (refused) Object.assign(entry, refused);
    }
    // A status that time alone repeats needs no entry.
    if (forgetMs > nowMs || entry.status === "accepted") {
      keys.set(id, entry);
      ledger.entries.push(entry);
    }
    const receipt: Receipt = { key, status: entry.status };
    if (entry.reason !== undefined) receipt.reason = entry.reason;
    return receipt;
  }

  return ledger;
}
