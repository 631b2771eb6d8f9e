/**
 * The box as one pure function: what it knows and what happened give what it knows now and what to do.
 *
 * No clock, no chance, no network in here: they come in with the input and go out as effects. The driver
 * carries the effects out in their order.
 */
import { persistHourly, sampleAgain, watchClock } from "./clock.ts";
import { cancelFiring, runCues } from "./cues.ts";
import {
  backoff,
  chance,
  type Draft,
  dropTask,
  eachTask,
  edgeNow,
  heldSchedule,
  report,
  scheduleKey,
  wakeAt,
  want,
  withEntry,
} from "./draft.ts";
import { listEdges, lookSoon, probeEdges } from "./edges.ts";
import { restore } from "./entries.ts";
import type { Effect, Input } from "./messages.ts";
import { answerKey, sendSoon } from "./outbox.ts";
import { LIMITS } from "./pace.ts";
import { forgetInteractions } from "./schedules.ts";
import { answerTaken, leaveScreen, runScreen, takeAnswer, takeDismissed, takeShown } from "./screen.ts";
import type { FiredMark, Firing, State } from "./state.ts";
import { runTasks, takeReply } from "./tasks.ts";

/** Fired ones are approached in two shorter hops, so that a late timer is noticed while there is time. */
const FAR_MS = 1_000;
const NEAR_MS = 60;

/**
 * @param before is left as it is
 * @returns the next state, and the effects in the order in which they are to be carried out
 */
export function step(before: State, input: Input): [State, Effect[]] {
  const draft: Draft = {
    next: { ...before },
    effects: [],
    wallClockMs: input.wallClockMs,
    steadyMs: input.steadyMs,
    wakeMs: Number.POSITIVE_INFINITY,
    fireMs: Number.POSITIVE_INFINITY,
  };
  watchClock(draft, input);
  take(draft, input);
  if (draft.next.running) {
    persistHourly(draft);
    settle(draft);
    runScreen(draft);
    runCues(draft);
    runTasks(draft);
    arm(draft);
  }
  return [draft.next, draft.effects];
}

function take(draft: Draft, input: Input): void {
  switch (input.type) {
    case "loaded":
      draft.next.seed = input.seed;
      restore(draft, input.entries, input.damaged);
      start(draft);
      return;
    case "tune":
      tune(draft, input.channel);
      return;
    case "reply":
      takeReply(draft, input);
      return;
    case "stored":
      takeStored(draft, input);
      return;
    case "shown":
      takeShown(draft, input.cue);
      return;
    case "answer":
      takeAnswer(draft, input.cue, input.choice);
      return;
    case "dismissed":
      takeDismissed(draft, input.cue);
      return;
    case "delay":
      draft.next.delayMs = input.delayMs;
      return;
    case "online":
      lookSoon(draft);
      return;
    default:
  }
}

function start(draft: Draft): void {
  const state = draft.next;
  state.running = true;
  state.tuned = scheduleKey(state.channel);
  state.tunedMs = draft.steadyMs;
  listEdges(draft);
  probeEdges(draft);
  sampleAgain(draft, true);
  want(draft, "line-up", "line-up", chance(draft) * 500);
  if (state.answers.length > 0) sendSoon(draft, "answers");
  if (state.airings.length > 0) sendSoon(draft, "airings");
  report(draft, "info", "started", { channel: state.channel, damaged: state.damaged });
}

/** The viewer went to another channel, or, to none, into standby: nothing of the old one may appear any more. */
function tune(draft: Draft, channel: string): void {
  const state = draft.next;
  if (channel === state.channel) return;
  leaveScreen(draft, "channel");
  Object.keys(state.firing).forEach((key) => {
    cancelFiring(draft, key);
  });
  eachTask(draft, (key, { kind, notBeforeMs }) => {
    const waits = kind === "schedule" && notBeforeMs > draft.steadyMs;
    if ((kind === "schedule" || kind === "interaction" || kind === "results") && !waits) dropTask(draft, key);
  });
  state.awaiting = [];
  state.prefetched = [];
  state.channel = channel;
  state.tuned = scheduleKey(channel);
  state.tunedMs = draft.steadyMs;
  state.sleptMs = 0;
  state.settled = false;
  state.pulledMs = 0;
  report(draft, "info", "tuned", { channel });
}

/** A channel that was kept for a moment counts: its schedule is pulled, its cues are armed. */
function settle(draft: Draft): void {
  const state = draft.next;
  if (state.settled || !state.channel) return;
  const dueMs = state.tunedMs + state.settings.pace.zapSettleMs;
  // On start there is no zapping: ask at once.
  if (draft.steadyMs < dueMs && state.requests > 0) {
    wakeAt(draft, dueMs);
    return;
  }
  state.settled = true;
  const key = state.tuned;
  want(draft, key, "schedule", 0, state.channel);
  const held = heldSchedule(state);
  const nowMs = edgeNow(draft);
  if (held && nowMs !== null) {
    state.schedules = withEntry(state.schedules, key, { ...held, usedMs: Math.round(nowMs) });
  }
}

/** A late airing says that it waited for its mark, if that was asked for in time. */
function ready(draft: Draft, firing: Firing, { atMs }: FiredMark): Firing {
  const nowMs = edgeNow(draft);
  const inTime = firing.failures > 0 || !firing.isLate;
  const waited = inTime && nowMs !== null && nowMs - draft.next.delayMs > atMs;
  return { ...firing, phase: "ready", heldBackBy: firing.heldBackBy || (waited ? "storage" : undefined) };
}

/** A write ended. A mark that could not be written gets room, and is tried again: at once, then as the backoff says. */
function takeStored(draft: Draft, { key, data, ok }: Extract<Input, { type: "stored" }>): void {
  const state = draft.next;
  // A mark may have been taken back and set anew meanwhile.
  const firing = state.fired[key] === data ? state.firing[key] : undefined;
  if (ok) {
    if (firing) state.firing = withEntry(state.firing, key, ready(draft, firing, data as FiredMark));
    if (key.indexOf("answer/") !== 0) return;
    answerTaken(draft, key);
    state.answers = state.answers.map((one) =>
      answerKey(one.answer.key) === key ? { ...one, stored: true } : one,
    );
    return;
  }
  state.storeFailures += 1;
  report(draft, "warn", "store-failed", { key });
  if (!firing) return;
  const { failures } = firing;
  const againMs = draft.steadyMs + (failures > 0 ? backoff(draft, failures, 0) : 0);
  state.firing = withEntry(state.firing, key, { ...firing, failures: failures + 1, againMs });
  forgetInteractions(draft, LIMITS.interactions / 4);
}

/** One timer for whatever comes first, in hops. */
function arm(draft: Draft): void {
  const fireMs = draft.fireMs - draft.steadyMs;
  const hopMs = fireMs > FAR_MS ? fireMs - FAR_MS : fireMs > NEAR_MS ? fireMs - NEAR_MS : fireMs;
  // In standby nothing is missed by a sleep that is noticed late: being tuned wakes the box, too.
  const { screen, channel } = draft.next;
  const mostMs = screen ? LIMITS.shownHopMs : channel ? LIMITS.hopMs : LIMITS.standbyHopMs;
  const delayMs = Math.min(draft.wakeMs - draft.steadyMs, mostMs, hopMs);
  draft.effects.push({ type: "arm", delayMs: Math.max(0, Math.ceil(delayMs)) });
}
