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

export const answerKey = (key: string) => `answer/${key}`;
export const airingKey = (key: string) => `airing/${key}`;

/** What is posted, and where it waits in the state. */
type Post = "answers" | "airings";

/** Those of a list that may leave: answers, or airings whose end is known. */
function readyIn(list: readonly Partial<WaitingAnswer & WaitingAiring>[]): (Answer | Airing)[] {
  return list.filter(({ open }) => !open).map(({ answer, airing }) => (answer || airing) as Answer | Airing);
}

/** @returns false when there is no room for it */
export function keepAnswer(draft: Draft, answer: Answer): boolean {
  if (draft.state.answers.length >= LIMITS.answers) return false;
  draft.state.answers = draft.state.answers.concat([{ answer, stored: false }]);
  put(draft, answerKey(answer.key), answer);
  sendSoon(draft, "answers");
  return true;
}

/** @param open while true it is stored but not sent: its outcome may still change */
export function keepAiring(draft: Draft, airing: Airing, open: boolean): void {
  let airings = draft.state.airings.filter((waiting) => waiting.airing.key !== airing.key);
  if (airings.length >= LIMITS.airings) {
    const oldest = airings[0];
    if (oldest) remove(draft, airingKey(oldest.airing.key));
    airings = airings.slice(1);
    report(draft, "warn", "airing-dropped", { limit: LIMITS.airings });
  }
  // Flash wears: an airing that only was waited for is there already.
  const written = draft.state.airings.some((waiting) => waiting.airing === airing);
  draft.state.airings = airings.concat([{ airing, open }]);
  if (!written) put(draft, airingKey(airing.key), airing);
  if (!open) sendSoon(draft, "airings");
}

/** What an airing tells beside what it is about. */
export type AiringFields = Pick<Airing, "outcome" | "reason" | "firedMs" | "clockErrorMs" | "source">;

/** Keeps and reports an airing; one that was shown stays open until it is known how it ends. @returns its key */
export function tellAiring(draft: Draft, airing: Omit<Airing, "key">): string {
  const { firedMs, dueMs } = airing;
  const key = drawKey(draft);
  // Its airing comes now: the mark forbids a second time, and tells nothing more.
  const mark = draft.state.fired[firedKey(airing.cue)];
  if (mark?.interaction) setMark(draft, airing.cue, { atMs: mark.atMs, markedMs: mark.markedMs });
  keepAiring(draft, { ...airing, key }, firedMs !== undefined);
  const errorMs = firedMs === undefined ? undefined : firedMs - dueMs;
  report(draft, "info", "airing", { channel: draft.state.channel, ...airing, errorMs });
  return key;
}

/** How the shown interaction ended is known: its airing may leave. */
export function closeAiring(draft: Draft, key: string, dismissed: boolean): void {
  const waiting = draft.state.airings.filter((one) => one.open && one.airing.key === key)[0];
  if (!waiting) return;
  const { airing } = waiting;
  keepAiring(draft, dismissed ? { ...airing, outcome: "dismissed" } : airing, false);
}

/** @param spreadMs within which it leaves; as the pace says, unless told */
export function sendSoon(draft: Draft, kind: Post, spreadMs?: number): void {
  const { answerSpreadMs, airingSpreadMs } = draft.state.settings.pace;
  const withinMs = spreadMs || (kind === "answers" ? answerSpreadMs : airingSpreadMs);
  want(draft, kind, kind, draft.monotonicMs + chance(draft) * withinMs);
}

/**
 * The next body and what it holds, the same as before where nothing changed; null when nothing waits. A task's version,
 * if any, is the most it takes.
 */
export function nextBatch(draft: Draft, task: Task): Batch | null {
  const state = draft.state;
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

/** Forgets what is receipted; goes on while more waits. */
export function takeReceipts(draft: Draft, key: string, task: Task, receipts: Receipts | null): void {
  const { sent } = task.batch as Batch;
  const gone = receipts ? [] : sent.slice();
  if (receipts) {
    receipts.receipts.forEach(({ key: taken, status, reason }) => {
      if (sent.indexOf(taken) < 0) return;
      gone.push(taken);
      const answer = draft.state.answers.filter((one) => one.answer.key === taken)[0];
      report(draft, status === "rejected" ? "warn" : "info", "receipt", {
        cue: answer ? answer.answer.cue : "",
        key: taken,
        status,
        reason,
      });
    });
  }
  forget(draft, task.kind, gone);
  dropTask(draft, key);
  if (readyIn(draft.state[task.kind as Post]).length === 0) return;
  // A reply that receipts nothing must not turn into a loop: it waits like a failure would.
  const pace = draft.state.settings.pace;
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
  setTask(draft, key, { ...task, version: 1, batch: null, failures, dueMs: draft.monotonicMs + waitMs });
}

function forget(draft: Draft, kind: TaskKind, keys: readonly string[]): void {
  const state = draft.state;
  const stays = (one: { key: string }) => keys.indexOf(one.key) < 0;
  for (const key of keys) remove(draft, (kind === "answers" ? answerKey : airingKey)(key));
  if (kind === "answers") state.answers = state.answers.filter((one) => stays(one.answer));
  else state.airings = state.airings.filter((one) => stays(one.airing));
}
