/**
 * What one group of answers changes: pure bookkeeping over what the log holds already. The outbox lets the ledger
 * work, and writes what it lists as one record; a failed write drops the ledger.
 */
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import { AHEAD, type Judgement } from "./judge-answer.ts";
import type { Found, NewEntry } from "./log/answer-log.ts";
import { choiceOf, type Entry } from "./log/entry.ts";
import type { Hash, PairKind } from "./log/pair-hash.ts";

/** Answers of one box to one cue in mode `many` when its rule names no number. */
const MANY_MOST = 1_000;

export const pairId = (a: string, b: string) => `${a}\n${b}`;
export const tallyId = (of: { cue: string; interaction: string; version: number }) =>
  `${of.cue}\n${of.interaction}\n${of.version}`;

export interface Ledger {
  /**
   * Judged and entered; what it changes is in the lists below.
   *
   * @param nowMs nothing is forgotten that is remembered until then
   */
  enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt;
  /** For the log, in order. */
  entries: NewEntry[];
  /** Changed tallies, absolute, by `tallyId`. */
  tallies: Map<string, Tally>;
}

/** Adds what an entry adds to the tallies, and takes away what it takes the place of; tells those that do not count too. */
export function countEntry(
  entry: Entry,
  tallies: Map<string, Tally>,
  before: (id: string) => Tally | undefined,
): void {
  const tallyOf = ({ interaction, version }: { interaction: string; version: number }) => {
    const of = { cue: entry.cue, interaction, version };
    const id = tallyId(of);
    let tally = tallies.get(id);
    if (!tally) {
      const known = before(id);
      // A copy: the ledger may be dropped. No prototype: option ids are the editors' words.
      const options: Record<string, number> = Object.assign(Object.create(null), known?.options);
      tally = {
        ...of,
        total: known?.total ?? 0,
        options,
        ...(known?.others && { others: { ...known.others } }),
      };
      tallies.set(id, tally);
    }
    return tally;
  };
  const { status } = entry;
  if (status !== "accepted") {
    // Of a cue that may not exist: whoever invents them must not fill the memory.
    if (entry.reason === AHEAD) return;
    const tally = tallyOf(entry);
    tally.others ??= { duplicate: 0, late: 0, rejected: 0 };
    tally.others[status]++;
    return;
  }
  if (entry.count === 0) return;
  const add = ({ interaction, version, choice }: NonNullable<Entry["replaces"]>, sign: 1 | -1) => {
    const tally = tallyOf({ interaction, version });
    tally.total = Math.max(0, tally.total + sign);
    for (const option of choice) {
      tally.options[option] = Math.max(0, (tally.options[option] ?? 0) + sign);
    }
  };
  if (entry.replaces) add(entry.replaces, -1);
  add({ interaction: entry.interaction, version: entry.version, choice: choiceOf(entry) }, 1);
}

/** A group's entries by a pair's hash; which of those that meet there it is, `is` decides. */
class ByHash {
  readonly #entries = new Map<number, NewEntry>();
  get(hash: Hash, is: (entry: NewEntry) => boolean): NewEntry | undefined {
    for (let at = placeOf(hash); ; at++) {
      const entry = this.#entries.get(at);
      if (!entry || is(entry)) return entry;
    }
  }
  /** Takes the place of the same pair's. */
  set(hash: Hash, entry: NewEntry, is: (entry: NewEntry) => boolean): void {
    for (let at = placeOf(hash); ; at++) {
      const held = this.#entries.get(at);
      if (held && !is(held)) continue;
      this.#entries.set(at, entry);
      return;
    }
  }
}
/** 51 bits of it, which a number holds with room to count on. */
const placeOf = ({ high, low }: Hash): number => (high >>> 13) * 2 ** 32 + low;

/** @param before what the log has of a pair; tallies by `tallyId` */
export function createLedger(before: {
  hash(kind: PairKind, box: string, id: string): Hash;
  find(kind: PairKind, box: string, id: string, hash: Hash): Found | undefined;
  tally(id: string): Tally | undefined;
}): Ledger {
  /** Of this group. */
  const keys = new ByHash();
  const votes = new ByHash();
  const ledger: Ledger = { enter, entries: [], tallies: new Map() };

  /** Why it does not count; undefined when it does, or when it is taken without changing what counts. */
  function count(
    entry: NewEntry,
    mode: "first" | "last" | "many",
    most: number,
  ): Partial<Receipt> | undefined {
    const { box, cue } = entry;
    const hash = before.hash("vote", box, cue);
    const isVote = (other: NewEntry) => other.box === box && other.cue === cue;
    const inGroup = votes.get(hash, isVote);
    const found = inGroup ? undefined : before.find("vote", box, cue, hash);
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
    entry.voteHash = hash;
    votes.set(hash, entry, isVote);
    countEntry(entry, ledger.tallies, before.tally);
    return undefined;
  }

  function enter(box: string, answer: Answer, judgement: Judgement, nowMs: number): Receipt {
    const { key } = answer;
    const keyHash = before.hash("key", box, key);
    const isKey = (other: NewEntry) => other.box === box && other.key === key;
    const first = keys.get(keyHash, isKey) ?? before.find("key", box, key, keyHash)?.entry;
    if (first && first.forgetMs > nowMs) {
      return { key, status: first.status, ...(first.reason !== undefined && { reason: first.reason }) };
    }
    const { status, forgetMs } = judgement;
    const { cue, interaction, version, options, rating } = answer;
    const accepted = judgement.status === "accepted" ? judgement : undefined;
    const answeredAtMs = accepted?.answeredAtMs ?? answer.answeredAtMs;
    // In one piece, with all that it may get later: one that grows is moved for it, and each answer makes one.
    const entry: NewEntry = {
      status,
      forgetMs,
      box,
      key,
      cue,
      interaction,
      version,
      answeredAtMs,
      options,
      rating,
      dueMs: answer.dueMs,
      count: 0,
      keyHash,
      reason: judgement.status === "accepted" ? undefined : judgement.reason,
      receivedAtMs: accepted?.receivedAtMs,
      replaces: undefined,
      voteAt: undefined,
      outdated: undefined,
      voteHash: undefined,
    };
    if (accepted?.rule) {
      const { mode, most = MANY_MOST } = accepted.rule;
      const refused = count(entry, mode, most);
      if (refused) Object.assign(entry, refused);
    }
    // A status that time alone repeats needs no entry.
    if (forgetMs > nowMs || entry.status === "accepted") {
      keys.set(keyHash, entry, isKey);
      ledger.entries.push(entry);
      if (entry.status !== "accepted") countEntry(entry, ledger.tallies, before.tally);
    }
    const receipt: Receipt = { key, status: entry.status };
    if (entry.reason !== undefined) receipt.reason = entry.reason;
    return receipt;
  }

  return ledger;
}
