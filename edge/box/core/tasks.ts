/** Asking, and asking again: which task goes to which edge when, and what its reply or failure leads to. */

import type { Receipts } from "../../../shared/protocol/answers.ts";
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { LineUp } from "../../../shared/protocol/line-up.ts";
import type { Results } from "../../../shared/protocol/results.ts";
import type { Schedule } from "../../../shared/protocol/schedule.ts";
import { nextSampleMs, takeTime } from "./clock.ts";
import {
  againMs,
  around,
  backoff,
  chance,
  type Draft,
  dropTask,
  eachTask,
  heldSchedule,
  justBelowOne,
  put,
  report,
  setTask,
  wakeAt,
} from "./draft.ts";
import {
  chooseAgain,
  edgeFailed,
  edgeWorked,
  listEdges,
  pickEdge,
  probeEdges,
  probeFailed,
} from "./edges.ts";
import type { Reply } from "./messages.ts";
import { nextBatch, refuse, takeReceipts } from "./outbox.ts";
import { LIMITS } from "./pace.ts";
import { takeInteraction, takeSchedule } from "./schedules.ts";
import { answerTaken, takeResults } from "./screen.ts";
import type { Task } from "./state.ts";

/** Refusals in a row by one edge (503 and 429 of anything, any of a schedule) after which another is tried. */
const BUSY_MAX = 3;

function isPost({ kind }: Task): boolean {
  return kind === "answers" || kind === "airings";
}
function isProbe(key: string): boolean {
  return key.indexOf("probe/") === 0;
}

/** Sends what is due. */
export function runTasks(draft: Draft): void {
  const edges = draft.next.edges;
  if (edges.returnMs !== null) {
    if (draft.steadyMs >= edges.returnMs) probeFailed(draft);
    else wakeAt(draft, edges.returnMs);
  }
  eachTask(draft, (key, task) => {
    // One of another channel waits out what its edge asked for, should the viewer come back.
    if (task.kind === "schedule" && key !== draft.next.tuned) return;
    const { request } = task;
    const dueMs = request ? task.dueMs : Math.max(task.dueMs, task.notBeforeMs);
    if (draft.steadyMs < dueMs) wakeAt(draft, dueMs);
    else if (request)
      failed(draft, key, { ...task, request: 0 }, { status: 0, retryAfterMs: 0 }, task.edge as string);
    else send(draft, key, task);
  });
}

function send(draft: Draft, key: string, task: Task): void {
  const url = isProbe(key) ? task.id : pickEdge(draft);
  if (url === null) {
    draft.next.edges.list.forEach((edge) => {
      wakeAt(draft, edge.blockedUntilMs);
    });
    return;
  }
  const posts = isPost(task);
  const batch = posts ? nextBatch(draft, task) : null;
  if (posts && !batch) {
    dropTask(draft, key);
    return;
  }
  const request = draft.next.requests + 1;
  draft.next.requests = request;
  const pace = draft.next.settings.pace;
  const timeoutMs = task.kind === "time" ? pace.timeTimeoutMs : LIMITS.requestTimeoutMs;
  // A port may lose a request for good, as in a sleep: then it is given up here.
  const dueMs = draft.steadyMs + 2 * timeoutMs;
  setTask(draft, key, { ...task, request, dueMs, edge: url, batch });
  draft.effects.push({
    type: "request",
    request,
    kind: task.kind,
    method: posts ? "POST" : "GET",
    url: url + pathOf(draft, task),
    body: batch ? batch.body : null,
    etag: etagOf(draft, task),
    timeoutMs,
  });
}

function pathOf(draft: Draft, task: Task): string {
  const id = encodeURIComponent(task.id);
  switch (task.kind) {
    case "time":
      return `/v1/time?n=${Math.floor(chance(draft) * 1e9)}`;
    case "line-up":
      return "/v1/channels";
    case "schedule":
      return `/v1/channels/${id}/schedule`;
    case "interaction":
      return `/v1/interactions/${id}?version=${task.version}`;
    case "results":
      return `/v1/cues/${id}/results`;
    default:
      return `/v1/${task.kind}`;
  }
}

function etagOf(draft: Draft, task: Task): string | null {
  const { next } = draft;
  if (task.kind === "line-up") return next.lineUp ? next.lineUp.etag : null;
  const held = task.kind === "schedule" && heldSchedule(next);
  // While lower revisions are ignored, the edge's copy is not the one that is held.
  return held && !held.lowerSinceMs ? held.etag : null;
}

/** A request ended. */
export function takeReply(draft: Draft, reply: Reply): void {
  eachTask(draft, (key, task) => {
    if (task.request !== reply.request) return;
    const ended = { ...task, request: 0 };
    setTask(draft, key, ended);
    const edge = task.edge as string;
    const good = reply.status === 200 || reply.status === 304;
    const status = good && !isFor(draft, task, reply) ? -1 : reply.status;
    if (good && status > 0) {
      edgeWorked(draft, edge, task.kind === "time" ? reply.receivedMs - reply.sentMs : null);
      succeeded(draft, key, ended, reply);
    } else failed(draft, key, ended, { ...reply, status }, edge);
  });
}

/** Whether a reply is about what was asked: a cache or a captive portal may hand out anything. */
function isFor(draft: Draft, task: Task, { status, content }: Reply): boolean {
  // What is held without a tag was not asked for with one.
  if (status === 304) return etagOf(draft, task) !== null;
  if (task.kind === "schedule") return (content as Schedule).channel === task.id;
  if (task.kind === "results") return (content as Results).cue === task.id;
  if (task.kind !== "interaction") return true;
  const { id, version } = content as Interaction;
  return id === task.id && version === task.version;
}

function succeeded(draft: Draft, key: string, task: Task, reply: Reply): void {
  const pace = draft.next.settings.pace;
  // After an outage all ask within a minute: the next time anywhere within the span, or they stay a herd. One failure
  // is no outage: another edge took it.
  const part = task.failures > 1 ? chance(draft) : 1;
  const again = (dueMs: number) =>
    setTask(draft, key, {
      ...task,
      failures: 0,
      dueMs: draft.steadyMs + (dueMs - draft.steadyMs) * part,
    });
  switch (task.kind) {
    case "time":
      takeTime(draft, reply, task.edge as string, isProbe(key));
      if (isProbe(key)) probed(draft, key);
      else again(nextSampleMs(draft));
      return;
    case "line-up":
      if (reply.status === 200) {
        draft.next.lineUp = { lineUp: reply.content as LineUp, etag: reply.etag };
        put(draft, "line-up", draft.next.lineUp);
        listEdges(draft);
        probeEdges(draft);
        chooseAgain(draft);
      }
      again(draft.steadyMs + around(draft, pace.lineUpMs));
      return;
    case "schedule": {
      const beforeMs = refreshMs(draft);
      if (reply.status === 200) takeSchedule(draft, reply.content as Schedule, reply.etag);
      draft.next.pulledMs = draft.steadyMs;
      const nextMs = refreshMs(draft);
      const nearMs = pace.revalidateMs;
      // Boxes hear that a cue came near as they ask, many at first and fewer then: drawn from all of its pace, they are even.
      const within = beforeMs > nearMs ? chance(draft) : justBelowOne(draft);
      again(nextMs > nearMs ? againMs(draft, nextMs) : draft.steadyMs + within * Math.max(1_000, nextMs));
      return;
    }
    case "interaction":
      takeInteraction(draft, reply.content as Interaction);
      return;
    case "results": {
      const nextMs = takeResults(draft, task.id, reply.content as Results);
      if (nextMs === null) dropTask(draft, key);
      else again(nextMs);
      return;
    }
    default:
      takeReceipts(draft, key, task, reply.content as Receipts, answerTaken);
  }
}

/** How long the tuned channel's schedule is good for; near a cue no longer than the pace says. */
function refreshMs({ next }: Draft): number {
  const held = heldSchedule(next);
  return held ? held.schedule.refreshMs : LIMITS.refreshFallbackMs;
}

/** A probe ended. After the last one the nearest edge is chosen. */
function probed(draft: Draft, key: string): void {
  dropTask(draft, key);
  if (!Object.keys(draft.next.tasks).some(isProbe)) chooseAgain(draft);
}

function failed(
  draft: Draft,
  key: string,
  task: Task,
  reply: Pick<Reply, "status" | "retryAfterMs">,
  edge: string,
): void {
  const { status } = reply;
  const pace = draft.next.settings.pace;
  const failures = task.failures + 1;
  const sheds = status === 503 || status === 429;
  const busy = sheds || status === 425;
  // One interaction that cannot be read says nothing of its edge: it may be of a later version of the wire.
  const unreadable = task.kind === "interaction" && status < 0;
  const others = draft.next.edges.list.length > 1;
  const broken =
    (status <= 0 && !unreadable) ||
    (status >= 500 && status !== 503) ||
    (others &&
      (sheds || task.kind === "schedule") &&
      (failures % BUSY_MAX === 0 || reply.retryAfterMs > pace.backoffMaxMs));
  report(draft, broken ? "info" : "debug", "request-failed", { what: task.kind, edge, status });
  if (broken) edgeFailed(draft, edge, sheds ? reply.retryAfterMs : 0);
  else edgeWorked(draft, edge, null);
  if (isProbe(key)) {
    probed(draft, key);
    return;
  }
  const posts = isPost(task);
  const waitMs = backoff(draft, failures, busy ? reply.retryAfterMs : 0);
  if (posts && (status === 400 || status === 413)) {
    refuse(draft, key, task, status, waitMs);
    return;
  }
  // A cue that is still open wants it again by itself.
  if (task.kind === "interaction" && status === 404) {
    dropTask(draft, key);
    return;
  }
  // Another edge may answer: ask it soon. When all are left alone, their own backoff decides.
  const elsewhere = broken && others;
  const afterMs = elsewhere
    ? chance(draft) * 300
    : status === 404
      ? around(draft, LIMITS.refreshFallbackMs)
      : waitMs;
  // What cannot be read is asked for again after a minute, two, three, and so on; so is what a token is refused for.
  const refused = posts && (status === 401 || status === 403);
  const heldBackMs =
    unreadable || refused ? LIMITS.refreshFallbackMs * failures : busy && !elsewhere ? reply.retryAfterMs : 0;
  const notBeforeMs = draft.steadyMs + heldBackMs;
  setTask(draft, key, { ...task, failures, dueMs: draft.steadyMs + afterMs, notBeforeMs });
}
