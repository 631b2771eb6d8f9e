/** What a schedule binds a box to: what it took back stays away, and every due cue is fired or accounted for. */
import { isMeant } from "../../edge/box/core/audience.ts";
import { firedKey, heldSchedule, scheduleKey } from "../../edge/box/core/draft.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { Machine } from "./watcher.ts";
import { BOUND_MAX_MS, type Due, type Known, type Notes, nameOf, type Witness } from "./witness.ts";

/**
 * How long after its window a cue is looked at: a box that slept notices within a minute, doubts its clock for some
 * seconds then, and timers and replies are slow.
 */
const GRACE_MS = 70_000;
/** How long WIRE.md has a lower revision ignored, and what a box's clock may make of it. */
const LOWER_KEEP_MS = 86_400_000;
const ORDER_SLACK_MS = 60_000;

export interface JudgeSchedules {
  pulled(machine: Machine, schedule: Schedule): void;
  /** It knows again what its store tells. */
  booted(machine: Machine): void;
}

export function createJudgeSchedules(witness: Witness): JudgeSchedules {
  const { queue, startMs, figures, notesOf, knownOf, knownBy, broken, nowMs, boundOf } = witness;

  function pulled(machine: Machine, schedule: Schedule): void {
    const record = notesOf(machine);
    const state = machine.box?.state();
    const held = state?.schedules[scheduleKey(schedule.channel)]?.schedule;
    // One that came after the viewer had left the channel, or is lower, is not taken: the box knows nothing of it.
    const isTaken =
      held?.epoch === schedule.epoch &&
      held.revision === schedule.revision &&
      held.fromMs === schedule.fromMs;
    judgeOrder(machine, record, schedule, isTaken);
    if (!isTaken) return;
    const known = knownOf(schedule);
    record.known.set(schedule.channel, known);
    judgeScreen(machine, schedule, known);
    if (state?.channel === schedule.channel) watchDue(machine, record, schedule.channel, known);
  }

  /** What a higher revision took back, a lower one must not bring again, for a day. */
  function judgeOrder(machine: Machine, record: Notes, schedule: Schedule, isTaken: boolean): void {
    const { channel, epoch, revision } = schedule;
    const known = knownBy(machine, channel);
    const isLower = known && (epoch < known.epoch || (epoch === known.epoch && revision < known.revision));
    if (!isLower) {
      record.lowerSinceMs.delete(channel);
      return;
    }
    const sinceMs = record.lowerSinceMs.get(channel) ?? nowMs();
    record.lowerSinceMs.set(channel, sinceMs);
    if (!isTaken || nowMs() - sinceMs >= LOWER_KEEP_MS - ORDER_SLACK_MS) return;
    broken(
      "never after a withdrawal it knew of",
      machine.name,
      `took ${epoch}.${revision} of ${channel} for ${known.epoch}.${known.revision}`,
    );
  }

  /** What is on the screen and was withdrawn must have left it within the step. */
  function judgeScreen(machine: Machine, schedule: Schedule, known: Known): void {
    const shown = machine.box?.state().screen;
    if (!shown || !machine.onScreen || shown.channel !== schedule.channel) return;
    if (shown.atMs < known.fromMs || shown.atMs >= known.untilMs) return;
    if (schedule.cues.some(({ id }) => id === shown.cue)) return;
    broken("never after a withdrawal it knew of", machine.name, `${shown.cue} stays on the screen`);
  }

  /** Cues beyond its window were in the schedule before, and are watched since. */
  function watchDue(machine: Machine, record: Notes, channel: string, known: Known): void {
    const heldMs = nowMs();
    const laterMs = machine.delayMs + GRACE_MS;
    for (const due of known.dues()) {
      const checkMs = due.cue.untilMs + laterMs;
      if (checkMs < heldMs || record.due.has(due.name)) continue;
      record.due.add(due.name);
      queue.at(checkMs - startMs, () => judgeDue(machine, record, channel, due, heldMs));
    }
  }

  function judgeDue(machine: Machine, record: Notes, channel: string, due: Due, heldMs: number): void {
    record.due.delete(due.name);
    const { cue } = due;
    const state = machine.box?.state();
    if (!state || machine.asleep || machine.channel !== channel) return;
    const since = Math.max(machine.bootMs, machine.tunedMs, machine.wokeMs) + startMs;
    if (Math.max(since, heldMs) - machine.delayMs > cue.untilMs - 1_000) return;
    if (!state.clock.sampled || boundOf(machine) > BOUND_MAX_MS) return;
    const held = heldSchedule(state);
    if (!held?.schedule.cues.some((one) => one.id === cue.id && one.atMs === cue.atMs)) return;
    if (!isMeant(state, cue.id, cue.audience)) return;
    figures.dueChecks++;
    if (record.shown.has(cue.id) || record.accounted.has(cue.id)) return;
    const mark = state.fired[firedKey(cue.id)];
    // A torn mark has no moment, and was set anew at the start by a wall clock that may be wrong by years.
    if (mark && (mark.atMs === 0 || mark.markedMs < startMs + machine.bootMs + BOUND_MAX_MS)) {
      figures.lostToPower++;
      return;
    }
    broken(
      "every due cue fired or accounted for",
      machine.name,
      `${nameOf(cue)} until ${cue.untilMs} on ${channel}`,
    );
  }

  function booted(machine: Machine): void {
    const record = notesOf(machine);
    record.known.clear();
    record.unread.clear();
    record.lowerSinceMs.clear();
    record.due.clear();
    if (machine.flash.volatile) {
      record.shown.clear();
      return;
    }
    for (const [key, text] of machine.flash.texts) {
      if (key.indexOf("schedule/") === 0) record.unread.set(key.slice("schedule/".length), text);
    }
  }

  return { pulled, booted };
}
