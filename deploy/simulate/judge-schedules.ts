/** What a schedule binds a box to: what it took back stays away, and every due cue is fired or accounted for. */
import { isMeant } from "../../edge/box/core/audience.ts";
import { firedKey, heldSchedule, scheduleKey } from "../../edge/box/core/draft.ts";
import { edgeTimeAt } from "../../edge/box/core/edge-time.ts";
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";
import type { Machine } from "./watcher.ts";
import { BOUND_MAX_MS, covers, type Due, type Known, type Notes, nameOf, type Witness } from "./witness.ts";

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
  const { queue, startMs, figures, notesOf, knownOf, knownBy, broken, nowMs } = witness;

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
    const before = record.known.get(schedule.channel);
    // Nothing is owed for what the newer one took back, unless it only moved.
    const movedSinceMs = new Map<string, number>();
    for (const { name, cue } of before && before !== known ? known.takenBack(before) : []) {
      const sinceMs = record.due.get(name);
      if (sinceMs !== undefined) movedSinceMs.set(cue.id, sinceMs);
      record.due.delete(name);
    }
    record.known.set(schedule.channel, known);
    judgeScreen(machine, schedule, known);
    if (state?.channel === schedule.channel) watchDue(machine, record, schedule.channel, known, movedSinceMs);
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
    if (!covers(known, shown)) return;
    if (schedule.cues.some(({ id }) => id === shown.cue)) return;
    broken("never after a withdrawal it knew of", machine.name, `${shown.cue} stays on the screen`);
  }

  /**
   * Cues beyond its window were in the schedule before, and are watched since.
   *
   * @param movedSinceMs since when those were known that have moved, by id: one that was to come and is over now is told of
   */
  function watchDue(
    machine: Machine,
    record: Notes,
    channel: string,
    known: Known,
    movedSinceMs?: ReadonlyMap<string, number>,
  ): void {
    const knownMs = nowMs();
    const laterMs = machine.delayMs + GRACE_MS;
    for (const due of known.dues()) {
      const sinceMs = due.cue.untilMs < knownMs ? movedSinceMs?.get(due.cue.id) : undefined;
      const checkMs = sinceMs === undefined ? due.cue.untilMs + laterMs : knownMs + laterMs;
      const heldMs = sinceMs ?? knownMs;
      if (checkMs < knownMs || record.due.has(due.name)) continue;
      record.due.set(due.name, heldMs);
      queue.at(checkMs - startMs, () => judgeDue(machine, record, channel, due, heldMs));
    }
  }

  function judgeDue(machine: Machine, record: Notes, channel: string, due: Due, heldMs: number): void {
    const { name, cue } = due;
    if (record.due.get(name) !== heldMs) return;
    // A box that was asleep tells what it slept through when it has woken, and knows again what time it is: without network
    // it cannot tell a sleep from a clock that was set, and the bound of its clock's error says so.
    const isUnsure = machine.box?.state().clock.sampled && witness.boundOf(machine) > BOUND_MAX_MS;
    if (machine.asleep || isUnsure || nowMs() - startMs - machine.wokeMs < GRACE_MS) {
      queue.after(10 * GRACE_MS, () => judgeDue(machine, record, channel, due, heldMs));
      return;
    }
    record.due.delete(name);
    const state = machine.box?.state();
    if (!state || machine.channel !== channel) return;
    // One that takes it for earlier than it is does not know yet.
    const edgeMs = edgeTimeAt(state.clock, machine.monotonicMs());
    if (!state.clock.sampled || edgeMs === null || nowMs() - edgeMs > BOUND_MAX_MS) return;
    // One whose wall clock was set ahead has told of what comes, and takes what was there for over when it was tuned to.
    const aheadMs = Math.max(0, edgeMs - nowMs());
    const sinceMs = Math.max(machine.bootMs, machine.tunedMs) + startMs;
    if (Math.max(sinceMs + aheadMs, heldMs) - machine.delayMs > cue.untilMs - 1_000) return;
    if (!isOwed(cue, heldSchedule(state)?.schedule)) return;
    if (!isMeant(state, cue.id, cue.audience)) return;
    figures.dueChecks++;
    if (record.shown.has(cue.id) || record.accounted.has(cue.id)) return;
    const mark = state.fired[firedKey(cue.id)];
    // A torn mark does not tell of what it was; any other one that was found at a start is told.
    if (mark?.atMs === 0) {
      figures.lostToPower++;
      return;
    }
    broken(
      "every due cue fired or accounted for",
      machine.name,
      `${nameOf(cue)} until ${cue.untilMs} on ${channel}`,
    );
  }

  /** Whether the schedule still has it, or has left it behind as its window went on: of what lies before, it says nothing. */
  function isOwed(cue: Cue, held: Schedule | undefined): boolean {
    if (!held) return false;
    const its = held.cues.filter(({ id }) => id === cue.id);
    return its.length > 0 ? its.some(({ atMs }) => atMs === cue.atMs) : cue.untilMs < held.fromMs;
  }

  function booted(machine: Machine): void {
    const record = notesOf(machine);
    record.known.clear();
    record.unread.clear();
    record.lowerSinceMs.clear();
    record.due.clear();
    // Once it has read its store: what was damaged there, or is forgotten, is owed no more.
    queue.after(0, () => watchAgain(machine, record));
    if (machine.flash.volatile) {
      record.shown.clear();
      return;
    }
    for (const [key, text] of machine.flash.texts) {
      if (key.indexOf("schedule/") === 0) record.unread.set(key.slice("schedule/".length), text);
    }
  }

  function watchAgain(machine: Machine, record: Notes): void {
    const state = machine.box?.state();
    const held = state && heldSchedule(state);
    if (held) watchDue(machine, record, machine.channel, knownOf(held.schedule));
  }

  return { pulled, booted };
}
