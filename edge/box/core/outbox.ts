/** What waits to be sent: answers and airings, each stored first, sent in batches, forgotten when receipted. */
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer, Receipts } from "../../../shared/protocol/answers.ts";
import {
  chance,
  type Draft,
  drawKey,
  dropTask,
  firedKey,
  put,
  remove,
  report,
  setMark,
  setTask,
  want,
} from "./draft.ts";
import { LIMITS } from "./pace.ts";
import type { Batch, Task, TaskKind, WaitingAiring, WaitingAnswer } from "./state.ts";

export function answerKey(key: string): string {
  return `answer/${key}`;
}

export function airingKey(key: string): string {
  return `airing/${key}`;
}

/** What is posted, and where it waits in the state. */
type Post = "answers" | "airings";

/** Those of a list that may leave: answers, or airings whose end is known. */
function readyIn(list: readonly Partial<WaitingAnswer & WaitingAiring>[]): (Answer | Airing)[] {
  return list
    .filter(({ isOpen }) => !isOpen)
    .map(({ answer, airing }) => (answer || airing) as Answer | Airing);
}

/** @returns false when there is no room for it */
export function keepAnswer(draft: Draft, answer: Answer): boolean {
  if (draft.next.answers.length >= LIMITS.answers) return false;
  draft.next.answers = draft.next.answers.concat([{ answer, stored: false }]);
  put(draft, answerKey(answer.key), answer);
  sendSoon(draft, "answers");
  return true;
}

/** @param isOpen while true it is stored but not sent: its outcome may still change */
export function keepAiring(draft: Draft, airing: Airing, isOpen: boolean): void {
  let airings = draft.next.airings.filter((waiting) => waiting.airing.key !== airing.key);
  if (airings.length >= LIMITS.airings) {
    const oldest = airings[0];
    if (oldest) remove(draft, airingKey(oldest.airing.key));
    airings = airings.slice(1);
    report(draft, "warn", "airing-dropped", { limit: LIMITS.airings });
  }
  // Flash wears: an airing that only was waited for is there already.
  const written = draft.next.airings.some((waiting) => waiting.airing === airing);
  draft.next.airings = airings.concat([{ airing, isOpen }]);
  if (!written) put(draft, airingKey(airing.key), airing);
  if (!isOpen) sendSoon(draft, "airings");
}

/** What an airing tells beside what it is about. */
export type AiringFields = Pick<Airing, "outcome" | "reason" | "firedMs" | "clockErrorMs" | "source">;

/** Keeps and reports an airing; one that was shown stays open until it is known how it ends. @returns its key */
export function tellAiring(draft: Draft, airing: Omit<Airing, "key">): string {
  const { firedMs, dueMs } = airing;
  const key = drawKey(draft);
  // Its airing comes now: the mark forbids a second time, and tells nothing more.
  const mark = draft.next.fired[firedKey(airing.cue)];
  if (mark) setMark(draft, airing.cue, { ...mark, interaction: undefined });
  keepAiring(draft, { ...airing, key }, firedMs !== undefined);
  const errorMs = firedMs === undefined ? undefined : firedMs - dueMs;
  report(draft, "info", "airing", { channel: draft.next.channel, ...airing, errorMs });
  return key;
}

/** How the shown interaction ended is known: its airing may leave. */
export function closeAiring(draft: Draft, key: string, dismissed: boolean): void {
  const waiting = draft.next.airings.filter((one) => one.isOpen && one.airing.key === key)[0];
  if (!waiting) return;
  const { airing } = waiting;
  keepAiring(draft, dismissed ? { ...airing, outcome: "dismissed" } : airing, false);
}

/** @param spreadMs within which it leaves; as the pace says, unless told */
export function sendSoon(draft: Draft, kind: Post, spreadMs?: number): void {
  const { answerSpreadMs, airingSpreadMs } = draft.next.settings.pace;
  const withinMs = spreadMs || (kind === "answers" ? answerSpreadMs : airingSpreadMs);
  want(draft, kind, kind, chance(draft) * withinMs);
}

/**
 * The next body and what it holds, the same as before where nothing changed; null when nothing waits. A task's version,
 * if any, is the most it takes.
 */
export function nextBatch(draft: Draft, task: Task): Batch | null {
  const state = draft.next;
  const of = state[task.kind as Post];
  if (task.batch && task.batch.of === of) return task.batch;
  const most = task.version || LIMITS.batch;
  const texts: string[] = [];
  const sent: string[] = [];
  let length = 0;
  for (const one of readyIn(of)) {
    const text = JSON.stringify(one);
    // Ids, numbers and our own reasons are ASCII: one character is one byte.
    length += text.length + 1;
    if (texts.length >= most || (texts.length > 0 && length > LIMITS.batchBytes)) break;
    texts.push(text);
    sent.push(one.key);
  }
  if (texts.length === 0) return null;
  const box = JSON.stringify(state.settings.box);
  return { of, body: `{"box":${box},"${task.kind}":[${texts.join(",")}]}`, sent };
}

/**
 * Forgets what is receipted; goes on while more waits. Airings have no receipts: all that were sent are taken.
 *
 * @param taken told of the storage key of each answer that counts
 */
export function takeReceipts(
  draft: Draft,
  key: string,
  task: Task,
  { receipts }: Receipts,
  taken: (draft: Draft, storedKey: string) => void,
): void {
  const { sent } = task.batch as Batch;
  const isAnswers = task.kind === "answers";
  const gone = isAnswers ? [] : sent.slice();
  (isAnswers ? receipts : []).forEach(({ key: its, status, reason }) => {
    if (sent.indexOf(its) < 0) return;
    gone.push(its);
    const answer = draft.next.answers.filter((one) => one.answer.key === its)[0];
    const level = status === "rejected" ? "warn" : "info";
    report(draft, level, "receipt", { cue: answer ? answer.answer.cue : "", key: its, status, reason });
    if (status === "accepted" || status === "duplicate") taken(draft, answerKey(its));
  });
  forget(draft, task.kind, gone);
  dropTask(draft, key);
  if (readyIn(draft.next[task.kind as Post]).length === 0) return;
  // A reply that receipts nothing must not turn into a loop: it waits like a failure would.
  const pace = draft.next.settings.pace;
  sendSoon(draft, task.kind as Post, gone.length > 0 ? 1_000 : pace.backoffMaxMs);
}

/**
 * The edge cannot read this body, or something on the way could not: send one at a time until the one that hurts is
 * found, and drop that one when it was refused again and again.
 */
export function refuse(draft: Draft, key: string, task: Task, status: number, waitMs: number): void {
  const { sent } = task.batch as Batch;
  const failures = sent.length > 1 ? 0 : task.failures + 1;
  if (failures >= LIMITS.refusals) {
    report(draft, "warn", "refused", { what: task.kind, status, key: sent[0] });
    forget(draft, task.kind, sent);
    dropTask(draft, key);
    sendSoon(draft, task.kind as Post, 1_000);
    return;
  }
  setTask(draft, key, { ...task, version: 1, batch: null, failures, dueMs: draft.steadyMs + waitMs });
}

function forget(draft: Draft, kind: TaskKind, keys: readonly string[]): void {
  const state = draft.next;
  const stays = (one: { key: string }) => keys.indexOf(one.key) < 0;
  keys.forEach((key) => {
    remove(draft, (kind === "answers" ? answerKey : airingKey)(key));
  });
  if (kind === "answers") state.answers = state.answers.filter((one) => stays(one.answer));
  else state.airings = state.airings.filter((one) => stays(one.airing));
}
