/**
 * When to prefetch, mark and fire each cue of the tuned channel, and what to say of those that could not.
 *
 * A cue goes: prefetch instant (drawn once) → mark written (a little before the moment) → shown. The mark
 * comes first, so that whatever fails afterwards, it cannot be shown twice.
 */
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { isMeant } from "./audience.ts";
import { drawFor } from "./chance.ts";
import { sharpenClock } from "./clock.ts";
import {
  chance,
  clockErrorMs,
  type Draft,
  edgeNow,
  fireAt,
  firedKey,
  forget,
  heldInteraction,
  heldSchedule,
  inDoubt,
  interactionKey,
  isDone,
  justBelowOne,
  remove,
  setMark,
  setTask,
  sureNow,
  tunedEdgeMs,
  wakeAt,
  want,
  withEntry,
  without,
} from "./draft.ts";
import { tellAiring } from "./outbox.ts";
import { LIMITS } from "./pace.ts";
import { isAnswerable, leaveScreen, showCue } from "./screen.ts";
import type { FiredMark, Firing, HeldInteraction, State } from "./state.ts";

/** An embargoed cue has no fetch window: the schedule is revalidated from somewhere in here before it. */
const EMBARGO_WATCH_MS = { fromMs: 300_000, untilMs: 60_000 };

/** Boxes whose prefetch failed would otherwise all ask in the same moment. */
const LATE_ASK_SPREAD_MS = 1_000;

/** How soon an interaction that is not there is asked for again, while its cue is open. */
const ASK_AGAIN_MS = 30_000;

/** What the viewer's time may go back by a measured delay, from a minute late to a minute early; by more, a clock was set. */
const BACK_MAX_MS = 120_000;

/** Longest duration that the wire takes. */
const DURATION_MAX_MS = 34_560_000_000;

/** Earliest instant at which anything is to be done for a cue, before any draw. */
function openingMs(cue: Cue): number {
  return cue.fetch ? Math.min(cue.fetch.fromMs, cue.atMs) : cue.atMs - EMBARGO_WATCH_MS.fromMs;
}

/** The cue's one random instant, edge time; drawn once, and moving along when the cue moves. */
export function prefetchMs(state: State, cue: Cue): number {
  const fromMs = openingMs(cue);
  const untilMs = cue.fetch ? cue.fetch.untilMs : cue.atMs - EMBARGO_WATCH_MS.untilMs;
  const drawn = drawFor(state.secret, `prefetch/${cue.id}`);
  return Math.floor(fromMs + drawn * Math.max(0, Math.min(untilMs, cue.atMs) - fromMs));
}

/** When an interaction that is not there may be asked for, edge time. */
function lateAskMs(state: State, cue: Cue): number {
  return cue.atMs + Math.floor(drawFor(state.secret, `ask/${cue.id}`) * (cue.spreadMs || 0));
}

/** Whether this viewer is to see it, and has not. */
export function isOwed(state: State, { id, audience }: Cue): boolean {
  return !isDone(state, id) && isMeant(state, id, audience);
}

/** Looks at every cue of the tuned channel. */
export function runCues(draft: Draft): void {
  const state = draft.next;
  const edgeMs = edgeNow(draft);
  const held = heldSchedule(state);
  if (edgeMs === null || !held || !state.settled) return;
  // What the viewer sees now is what the edge's clock said a little earlier.
  const nowMs = edgeMs - state.delayMs;

  const { cues } = held.schedule;
  const { calm } = state;
  // What closed before this is over, whatever the clock's error. Without a sample since the start it is hearsay: nothing is.
  const surelyMs = state.clock.sampled ? (sureNow(draft) as number) - state.delayMs : 0;
  let active = state.screen !== null;
  let near = 0;
  if (calm.cues === cues && nowMs >= calm.fromMs && nowMs < calm.untilMs) {
    wakeAt(draft, draft.steadyMs + (calm.untilMs - nowMs));
  } else {
    let untilMs = Number.POSITIVE_INFINITY;
    cancelFirings(draft, cues, nowMs);
    cues.forEach((cue) => {
      const opens = openingMs(cue);
      if (nowMs < opens) {
        untilMs = Math.min(untilMs, opens);
        wakeAt(draft, draft.steadyMs + (opens - nowMs));
        return;
      }
      // What was told is not shown: a delay that was measured anew turns the viewer's time back.
      if (cue.untilMs <= state.toldMs || !isOwed(state, cue)) return;
      if (nowMs > cue.untilMs) {
        if (surelyMs > cue.untilMs) accountMissed(draft, cue, nowMs);
        else {
          untilMs = 0;
          wakeAt(draft, draft.steadyMs + (cue.untilMs - surelyMs) + 1);
        }
        return;
      }
      untilMs = 0;
      const prefetch = prefetchMs(state, cue);
      if (nowMs >= prefetch) {
        active = true;
        // More than are kept would push each other out: the later ones wait for their turn.
        if (near < LIMITS.interactions) prefetchOnce(draft, cue);
      } else wakeAt(draft, draft.steadyMs + (prefetch - nowMs));
      near++;
      advance(draft, cue, nowMs);
    });
    state.calm = { cues, fromMs: nowMs, untilMs };
  }
  if (surelyMs > state.toldMs || surelyMs < state.toldMs - BACK_MAX_MS) state.toldMs = surelyMs;
  if (active) revalidateSoon(draft);
}

/** From the drawn instant on: fetch the version if it is not held; the schedule is revalidated by `revalidateSoon`. */
function prefetchOnce(draft: Draft, cue: Cue): void {
  const first = once(draft, `${cue.id}@${cue.atMs}/${cue.version}`);
  if (cue.fetch) wantInteraction(draft, cue, first ? 0 : ASK_AGAIN_MS);
  if (first) sharpenClock(draft);
}

function wantInteraction(draft: Draft, cue: Cue, delayMs: number): void {
  if (heldInteraction(draft.next, cue.interaction, cue.version)) return;
  const key = interactionKey(cue.interaction, cue.version);
  want(draft, key, "interaction", delayMs, cue.interaction, cue.version);
}

/** At the moment, without it: one more try whatever the backoff says, spread a little. */
function askNow(draft: Draft, cue: Cue): void {
  const spreadMs = cue.fetch ? LATE_ASK_SPREAD_MS * chance(draft) : 0;
  wantInteraction(draft, cue, once(draft, `ask/${cue.id}@${cue.atMs}`) ? spreadMs : ASK_AGAIN_MS);
}

/** Whether it is done for the first time since this channel was tuned to. */
function once(draft: Draft, name: string): boolean {
  const state = draft.next;
  if (state.prefetched.indexOf(name) >= 0) return false;
  state.prefetched = state.prefetched.concat([name]).slice(-LIMITS.prefetched);
  return true;
}

/** A cue is near: the schedule that is held is never older than the pace says. */
function revalidateSoon(draft: Draft): void {
  const { pulledMs, tuned, tasks, settings } = draft.next;
  const task = tasks[tuned];
  if (!task || task.request || task.failures) return;
  const everyMs = settings.pace.revalidateMs;
  if (task.dueMs > pulledMs + everyMs)
    setTask(draft, tuned, { ...task, dueMs: pulledMs + everyMs * justBelowOne(draft) });
}

/** From a little before the moment until the window closes. */
function advance(draft: Draft, cue: Cue, nowMs: number): void {
  const state = draft.next;
  const pace = state.settings.pace;
  const aheadMs = pace.markAheadMs + pace.markSpreadMs * drawFor(state.secret, `mark/${cue.id}`);
  const markMs = cue.fetch ? cue.atMs - aheadMs : cue.atMs;
  if (nowMs < markMs) {
    fireAt(draft, markMs, nowMs);
    return;
  }
  wakeAt(draft, draft.steadyMs + (cue.untilMs - nowMs) + 1);
  if (isTooLate(draft, cue, nowMs)) return;
  const held = heldInteraction(state, cue.interaction, cue.version);
  if (!held) {
    const askMs = lateAskMs(state, cue);
    if (nowMs >= askMs) askNow(draft, cue);
    else wakeAt(draft, draft.steadyMs + (askMs - nowMs));
    return;
  }
  fire(draft, cue, held, nowMs);
}

function fire(draft: Draft, cue: Cue, held: HeldInteraction, nowMs: number): void {
  const state = draft.next;
  const key = firedKey(cue.id);
  const firing = state.firing[key];
  const blurred = isBlurred(draft, held);
  const againMs = firing ? firing.againMs : undefined;
  const isAnew =
    !firing ||
    (firing.phase === "clock" && !blurred) ||
    (firing.phase === "overlap" && firing.atMs !== cue.atMs) ||
    (againMs !== undefined && draft.steadyMs >= againMs);
  if (isAnew) {
    const { atMs, untilMs, interaction, version } = cue;
    const mark: FiredMark = { atMs, markedMs: untilMs, interaction, version };
    const heldBackBy = inDoubt(draft) ? ("clock" as const) : undefined;
    state.firing = withEntry(state.firing, key, {
      failures: 0,
      heldBackBy,
      ...firing,
      phase: "storage",
      againMs: undefined,
      isLate: nowMs - atMs > LIMITS.lateAfterMs,
    });
    setMark(draft, cue.id, mark);
    forgetFired(draft, nowMs, key);
    return;
  }
  if (againMs !== undefined) wakeAt(draft, againMs);
  if (firing.phase !== "ready") return;
  if (nowMs < cue.atMs) {
    fireAt(draft, cue.atMs, nowMs);
    return;
  }
  if (inDoubt(draft)) {
    state.firing = withEntry(state.firing, key, { ...firing, heldBackBy: "clock" });
    wakeAt(draft, state.clock.doubtUntilMs);
    return;
  }
  if (blurred) {
    // The clock may become right while the window is open, or turn out to have been wrong about it.
    giveBack(draft, key, { ...firing, phase: "clock", heldBackBy: "clock" });
    return;
  }
  const { screen } = state;
  // Results yield to anything, but for those under which the viewer may still change an answer.
  const stays = screen && (screen.phase !== "results" || isAnswerable(draft, screen));
  if (stays && screen.priority >= cue.priority) {
    giveBack(draft, key, { ...firing, phase: "overlap", atMs: cue.atMs });
    return;
  }
  state.firing = without(state.firing, key);
  if (screen) leaveScreen(draft, "replaced");
  showCue(draft, cue, held, clockErrorMs(draft), firing.heldBackBy || null);
}

/** Gives the mark back, and goes on as said. */
function giveBack(draft: Draft, key: string, firing: Firing): void {
  cancelFiring(draft, key);
  draft.next.firing = withEntry(draft.next.firing, key, firing);
}

/** Whether the clock may be further off than the interaction bears. */
function isBlurred(draft: Draft, held: HeldInteraction): boolean {
  return clockErrorMs(draft) > held.interaction.clockToleranceMs;
}

/** A firing whose cue was withdrawn or moved away gives its mark back: it was not shown. */
function cancelFirings(draft: Draft, cues: readonly Cue[], nowMs: number): void {
  const { pace } = draft.next.settings;
  Object.keys(draft.next.firing).forEach((key) => {
    const isNear = (cue: Cue) =>
      firedKey(cue.id) === key && nowMs >= cue.atMs - pace.markAheadMs - pace.markSpreadMs;
    if (!cues.some(isNear)) cancelFiring(draft, key);
  });
}

export function cancelFiring(draft: Draft, key: string): void {
  draft.next.firing = without(draft.next.firing, key);
  draft.next.fired = without(draft.next.fired, key);
  remove(draft, key);
}

/** Whether the viewer came after the moment of a cue that is for those who were there. */
function isTooLate(draft: Draft, cue: Cue, nowMs: number): boolean {
  return !cue.lateJoin && tunedEdgeMs(draft, nowMs) > cue.atMs;
}

/**
 * The window closed: says why it was missed, if the box was there.
 *
 * @param moved it was still to come until this step
 */
export function accountMissed(draft: Draft, cue: Cue, nowMs: number, moved?: boolean): void {
  if (tunedEdgeMs(draft, nowMs) - draft.next.sleptMs > cue.untilMs) return;
  const wokeMs = nowMs - (draft.steadyMs - draft.next.clock.jumpedMs);
  const key = firedKey(cue.id);
  const firing = draft.next.firing[key];
  // Never shown: should the clock have been wrong, or the cue move, its moment is still to come.
  if (firing) cancelFiring(draft, key);
  const held = heldInteraction(draft.next, cue.interaction, cue.version);
  const phase = firing ? firing.phase : "";
  const reason =
    phase === "overlap" || phase === "clock"
      ? phase
      : moved
        ? "moved"
        : wokeMs > cue.untilMs
          ? "asleep"
          : isTooLate(draft, cue, nowMs)
            ? "joined-late"
            : !held
              ? "no-interaction"
              : isBlurred(draft, held)
                ? "clock"
                : phase === "storage"
                  ? phase
                  : "asleep";
  const outcome = reason === "clock" || reason === "overlap" ? "suppressed" : "missed";
  const { id, interaction, version, atMs } = cue;
  const errorMs = Math.min(Math.round(clockErrorMs(draft)), DURATION_MAX_MS);
  tellAiring(draft, { cue: id, interaction, version, outcome, reason, dueMs: atMs, clockErrorMs: errorMs });
}

/**
 * Keeps the marks bounded: those of what was over long ago go, and beyond the limit those of what was over first, whatever
 * they are, but for the newest.
 */
function forgetFired(draft: Draft, nowMs: number, newest: string): void {
  const { fired, clock } = draft.next;
  const rank = (key: string) => {
    const overMs = key === newest ? 1 / 0 : (fired[key] as FiredMark).markedMs;
    const keepMs = LIMITS.firedKeepMs + (/:once$/.test(key) ? LIMITS.onceKeepMs : 0);
    // Without a sample the clock is hearsay, and no ground for forgetting.
    return clock.sampled && overMs + keepMs < nowMs ? 0 : overMs;
  };
  forget(draft, "fired", Math.min(LIMITS.fired, Object.keys(fired).filter(rank).length), rank);
}
