/** Taking schedules and interactions in: what is lower, what was withdrawn, what is kept and for how long. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { Cue, Schedule } from "../../../shared/protocol/schedule.ts";
import { accountMissed, isOwed } from "./cues.ts";
import {
  type Draft,
  dropTask,
  edgeNow,
  firedKey,
  forget,
  heldSchedule,
  interactionKey,
  isDone,
  put,
  report,
  scheduleKey,
  withEntry,
} from "./draft.ts";
import { LIMITS } from "./pace.ts";
import { leaveScreen } from "./screen.ts";
import type { HeldInteraction, HeldSchedule, Shown, TakenSchedule } from "./state.ts";

function isLower(one: Schedule, than: Schedule): boolean {
  return (one.epoch - than.epoch || one.revision - than.revision) < 0;
}

/**
 * Cues of the newer one, and those of the older that it says nothing of: their moment lies beyond its window, or they
 * closed before it, and what became of them is not told yet, as while the clock is in doubt.
 */
function merge(newer: Schedule, older: Schedule, toldMs: number): Schedule {
  const names: Record<string, true> = {};
  const left = older.cues.filter(
    ({ atMs, untilMs }: Cue) => atMs >= newer.untilMs || (untilMs < newer.fromMs && untilMs > toldMs),
  );
  // Mostly nothing is left, and no name is asked for.
  if (left[0])
    newer.cues.forEach(({ id }) => {
      names[firedKey(id)] = true;
    });
  const added = left.filter(({ id }) => !names[firedKey(id)]);
  return { ...newer, cues: newer.cues.concat(added).slice(0, LIMITS.cues) };
}

/** A schedule came, whole. */
export function takeSchedule(draft: Draft, schedule: TakenSchedule, etag: string | null): void {
  const state = draft.next;
  const key = scheduleKey(schedule.channel);
  const before = state.schedules[key];
  const edgeMs = edgeNow(draft);
  const nowMs = edgeMs || draft.wallClockMs;
  if (before && isLower(schedule, before.schedule)) {
    const sinceMs = before.lowerSinceMs || nowMs;
    // The day is the edge's: a wall clock that is wrong by years would end it at the first sample.
    if (!edgeMs || nowMs - sinceMs < LIMITS.lowerKeepMs) {
      if (edgeMs && !before.lowerSinceMs)
        keepSchedule(draft, key, { ...before, lowerSinceMs: sinceMs }, true);
      const { channel, epoch, revision } = schedule;
      report(draft, "warn", "schedule-lower", { channel, epoch, revision });
      return;
    }
  }
  const same = before && !before.lowerSinceMs && sameSchedule(before.schedule, schedule);
  const held: HeldSchedule = {
    // The very cues where they are the same: nothing that was found out about them needs to be found out again.
    schedule: same
      ? { ...schedule, cues: before.schedule.cues }
      : merge(schedule, before ? before.schedule : schedule, state.toldMs),
    etag,
    usedMs: Math.round(nowMs),
    lowerSinceMs: null,
  };
  keepSchedule(draft, key, held, !same);
  if (same) return;
  const { channel, epoch, revision, cues, malformed } = schedule;
  const level = malformed ? "warn" : "info";
  report(draft, level, "schedule", { channel, epoch, revision, cues: cues.length, malformed });
  withdrawShown(draft, schedule);
  if (before) tellMoved(draft, before.schedule, schedule, nowMs - state.delayMs);
}

/** What was still to come, and is over now: the news of an early start came late. */
function tellMoved(draft: Draft, older: Schedule, newer: Schedule, nowMs: number): void {
  const state = draft.next;
  newer.cues.forEach((cue) => {
    if (cue.untilMs > state.toldMs || !isOwed(state, cue)) return;
    if (older.cues.some(({ id, untilMs }) => id === cue.id && untilMs > state.toldMs))
      accountMissed(draft, cue, nowMs, true);
  });
}

/** The same again, or to be refreshed at another pace since a cue came near: nothing to write to flash. */
function sameSchedule(one: Schedule, other: Schedule): boolean {
  return (
    one.epoch === other.epoch &&
    one.revision === other.revision &&
    one.fromMs === other.fromMs &&
    one.untilMs === other.untilMs &&
    JSON.stringify(one.cues) === JSON.stringify(other.cues)
  );
}

function keepSchedule(draft: Draft, key: string, held: HeldSchedule, write: boolean): void {
  const state = draft.next;
  state.schedules = withEntry(state.schedules, key, held);
  if (write) put(draft, key, held);
  const { schedules, tuned } = state;
  forget(draft, "schedules", LIMITS.schedules, (name) =>
    name === tuned ? Number.POSITIVE_INFINITY : (schedules[name] as HeldSchedule).usedMs,
  );
}

/** What was taken back leaves the screen, and its results are not waited for. */
function withdrawShown(draft: Draft, schedule: Schedule): void {
  const state = draft.next;
  const isWithdrawn = ({ channel, cue, atMs, untilMs }: Shown) =>
    channel === schedule.channel &&
    atMs < schedule.untilMs &&
    untilMs >= schedule.fromMs &&
    !schedule.cues.some(({ id }) => id === cue);
  state.awaiting = state.awaiting.filter((one) => !isWithdrawn(one));
  if (state.screen && isWithdrawn(state.screen)) leaveScreen(draft, "withdrawn");
}

/** An interaction came: kept with its version for as long as there is room. */
export function takeInteraction(draft: Draft, interaction: Interaction): void {
  const state = draft.next;
  const key = interactionKey(interaction.id, interaction.version);
  const nowMs = edgeNow(draft);
  const heldMs = nowMs && Math.round(nowMs);
  const held = { interaction, usedMs: Math.round(nowMs || draft.wallClockMs), heldMs };
  state.interactions = withEntry(state.interactions, key, held);
  put(draft, key, held);
  dropTask(draft, key);
  const image = interaction.image;
  const edge = state.edges.current;
  if (image && edge) draft.effects.push({ type: "preload", url: `${edge}/v1/images/${image.sha256}` });
  forgetInteractions(draft, LIMITS.interactions);
}

/** Down to `most`: first what no coming cue of the tuned channel names, the longest unused; then what comes last. */
export function forgetInteractions(draft: Draft, most: number): void {
  const { interactions } = draft.next;
  const nowMs = edgeNow(draft) || 0;
  const ranks: Record<string, number> = {};
  const held = heldSchedule(draft.next);
  (held ? held.schedule.cues : []).forEach(({ id, atMs, untilMs, interaction, version }) => {
    const key = interactionKey(interaction, version);
    if (untilMs >= nowMs && !isDone(draft.next, id)) ranks[key] = ranks[key] || 1e15 - atMs;
  });
  const usedMs = (key: string) => (interactions[key] as HeldInteraction).usedMs;
  forget(draft, "interactions", most, (key) => ranks[key] || usedMs(key));
}
