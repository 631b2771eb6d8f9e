/**
 * What must hold, whatever happens. Checked at every step of every box, against what was really published and
 * what really happened; the box's own state is read only for what it holds and what it claims.
 */
import { isMeant } from "../../edge/box/core/audience.ts";
import { firedKey, heldSchedule, scheduleKey } from "../../edge/box/core/draft.ts";
import { boundAt, edgeTimeAt } from "../../edge/box/core/edge-time.ts";
import type { View } from "../../edge/box/core/messages.ts";
import type { Happening, HeldSchedule } from "../../edge/box/core/state.ts";
import { decodeRecord } from "../../edge/box/record.ts";
import type { Receipt } from "../../shared/protocol/answers.ts";
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";
import type { Coverage, Kind } from "./coverage.ts";
import type { EventQueue } from "./event-queue.ts";
import { ERRORS_MAX, emptyFigures, type Figures } from "./figures.ts";
import type { Machine, Watcher } from "./machine.ts";
import type { Truth } from "./truth.ts";

export type Invariant =
  | "never twice"
  | "never on another channel"
  | "never outside its window"
  | "never after a withdrawal it knew of"
  | "never to one it is not meant for"
  | "every due cue fired or accounted for"
  | "one vote a cue"
  | "every answer shown as taken reaches central once"
  | "the clock's bound contains the truth"
  | "the state always loads";

export interface Violation {
  invariant: Invariant;
  /** Virtual time, ms since the start. */
  atMs: number;
  box: string;
  detail: string;
}

/** What a box was told of a channel last. */
interface Known {
  epoch: number;
  revision: number;
  fromMs: number;
  untilMs: number;
  cues: Set<string>;
  dues: readonly Due[];
}

/** A cue to be looked at when it is over. */
interface Due {
  /** Channel, cue, moment and end. */
  name: string;
  cue: Cue;
}

/** What was seen of one box. */
interface Notes {
  shown: Set<string>;
  accounted: Set<string>;
  known: Map<string, Known>;
  /** Since when a channel's schedules are lower than what is known. */
  lowerSinceMs: Map<string, number>;
  edge: string;
  due: Set<string>;
  keysOf: Map<string, string[]>;
  storedKeys: Set<string>;
}

export interface Invariants extends Watcher {
  violations: readonly Violation[];
  figures: Figures;
  received(box: string, receipt: Receipt): void;
  rotted(box: string, key: string): void;
  /** At the end, when everything had time to arrive. */
  finish(
    taken: ReadonlyMap<string, number>,
    votes: ReadonlyMap<string, { count: number; most: number }>,
  ): void;
}

/** Edges' clocks differ by this at most. */
export const EDGE_SPREAD_MS = 25;
/** A slow timer, a slow reply, a box in doubt about its clock: how long after its window a cue is looked at. */
const GRACE_MS = 45_000;
/** A box whose clock is this uncertain does not know which cues are due. */
const BOUND_MAX_MS = 10_000;
/** What a busy television takes to call a timer, ms. */
const LATENESS_MS = 400;
const VIOLATIONS_MAX = 20;
/** How long WIRE.md has a lower revision ignored, and what a box's clock may make of it. */
const LOWER_KEEP_MS = 86_400_000;
const ORDER_SLACK_MS = 60_000;
const REACHES = "every answer shown as taken reaches central once";

/** Happenings that count as they are. */
const COUNTED: Readonly<Record<string, Kind | undefined>> = {
  "schedule-lower": "lower revision ignored",
  "entry-damaged": "entry found damaged",
  "store-failed": "write failed",
  "clock-jumped": "clock found jumped",
};

export function createInvariants(
  queue: EventQueue,
  truth: Truth,
  startMs: number,
  sees: (machine: Machine, view: View) => void,
  { hit }: Coverage,
): Invariants {
  const violations: Violation[] = [];
  const records = new Map<Machine, Notes>();
  const given = new Map<string, string>();
  const taken = new Set<string>();
  const excused = new Set<string>();
  const receipts = new Map<string, Receipt["status"]>();
  const figures = emptyFigures();

  function recordOf(machine: Machine): Notes {
    let record = records.get(machine);
    if (!record) {
      record = {
        shown: new Set(),
        accounted: new Set(),
        known: new Map(),
        lowerSinceMs: new Map(),
        edge: "",
        due: new Set(),
        keysOf: new Map(),
        storedKeys: new Set(),
      };
      records.set(machine, record);
    }
    return record;
  }

  function broken(invariant: Invariant, box: string, detail: string): void {
    if (violations.length < VIOLATIONS_MAX) violations.push({ invariant, atMs: queue.nowMs(), box, detail });
  }

  const nowMs = () => startMs + queue.nowMs();
  const nameOf = (cue: { id: string; atMs: number }) => `${cue.id}@${cue.atMs}`;

  function boundOf(machine: Machine): number {
    const clock = machine.box?.state().clock;
    return clock ? boundAt(clock, machine.monotonicMs()) : Number.POSITIVE_INFINITY;
  }

  function stepped(machine: Machine): void {
    const { box, onScreen } = machine;
    if (!box) return;
    const { clock } = box.state();
    if (onScreen && onScreen.channel !== machine.channel) {
      broken(
        "never on another channel",
        machine.name,
        `${onScreen.cue} of ${onScreen.channel} stays on ${machine.channel}`,
      );
    }
    if (machine.clockLies && !clock.sampled) return;
    const believed = edgeTimeAt(clock, machine.monotonicMs());
    if (believed === null) return;
    const offMs = Math.abs(believed - nowMs());
    const bound = boundAt(clock, machine.monotonicMs());
    if (offMs > bound + EDGE_SPREAD_MS) {
      broken("the clock's bound contains the truth", machine.name, `off by ${offMs}, bound ${bound}`);
    }
  }

  function showed(machine: Machine, view: View, first: boolean): void {
    const record = recordOf(machine);
    if (view.phase !== "open" && view.choice) tellTaken(machine, view.cue, view.phase);
    // Results that came late are another appearance of what was answered, not another firing.
    if (!first || view.phase === "results") return;
    if (record.shown.has(view.cue)) broken("never twice", machine.name, view.cue);
    record.shown.add(view.cue);
    figures.shown++;
    const state = machine.box?.state();
    const held = state && heldSchedule(state);
    const cue = held?.schedule.cues.find(({ id }) => id === view.cue);
    if (!cue || !held) {
      broken(
        "never on another channel",
        machine.name,
        `${view.cue} is not in the schedule of ${machine.channel}`,
      );
      return;
    }
    if (!truth.onChannel(machine.channel, cue.id)) {
      broken("never on another channel", machine.name, `${cue.id} was never on ${machine.channel}`);
    }
    judgeMoment(machine, cue, view);
    if (cue.audience) hit("shown to a part of the audience");
    judgeWithdrawal(machine, cue, record.known.get(machine.channel));
    sees(machine, view);
  }

  function judgeMoment(machine: Machine, cue: Cue, view: View): void {
    // A clock that was set while the power was off fools any box that has no network.
    if (machine.clockLies && !machine.box?.state().clock.sampled) return;
    const seenMs = nowMs() - machine.delayMs;
    const slack = Math.min(boundOf(machine), view.interaction.clockToleranceMs) + EDGE_SPREAD_MS;
    const published = truth.find(machine.channel, cue.id, cue.atMs, cue.untilMs);
    if (published) judgeAudience(machine, published);
    if (!published) {
      broken("never outside its window", machine.name, `${nameOf(cue)} was never at that moment`);
    } else if (seenMs < cue.atMs - slack || seenMs > cue.untilMs + slack + LATENESS_MS) {
      broken(
        "never outside its window",
        machine.name,
        `${nameOf(cue)} shown ${seenMs - cue.atMs} ms after its moment`,
      );
    }
    const tunedMs = startMs + machine.tunedMs - machine.delayMs;
    if (published && !published.lateJoin && tunedMs > cue.atMs + slack) {
      broken("never outside its window", machine.name, `${nameOf(cue)} shown to one who joined late`);
    }
    const sinceMs = Math.max(machine.tunedMs, machine.wokeMs, machine.bootMs) + startMs;
    const offMs = Math.floor(Math.abs(seenMs - cue.atMs));
    if (sinceMs > cue.atMs - 60_000 || offMs > ERRORS_MAX) figures.late++;
    if (sinceMs <= cue.atMs - 60_000) {
      const bin = Math.min(offMs, ERRORS_MAX);
      figures.errors[bin] = (figures.errors[bin] as number) + 1;
    }
  }

  /** A share is the box's own draw; the rest is plain to see. */
  function judgeAudience(machine: Machine, { id, audience }: Cue): void {
    const { languages, tags } = audience ?? {};
    const read = machine.languages.flatMap((language) => [language, language.slice(0, 2)]);
    if (languages && !languages.some((language) => read.includes(language))) {
      broken("never to one it is not meant for", machine.name, `${id} is for ${languages.join()}`);
    }
    if (tags && !tags.every((tag) => machine.tags.includes(tag))) {
      broken("never to one it is not meant for", machine.name, `${id} is for ${tags.join()}`);
    }
  }

  function judgeWithdrawal(machine: Machine, cue: Cue, known: Known | undefined): void {
    if (!known || cue.atMs < known.fromMs || cue.atMs >= known.untilMs || known.cues.has(nameOf(cue))) return;
    broken("never after a withdrawal it knew of", machine.name, nameOf(cue));
  }

  const knowledge = new WeakMap<Schedule, Known>();
  function knownOf(schedule: Schedule): Known {
    let known = knowledge.get(schedule);
    if (!known) {
      const { channel, epoch, revision, fromMs, untilMs, cues } = schedule;
      const dues = cues.map((cue) => ({ name: `${channel} ${nameOf(cue)} ${cue.untilMs}`, cue }));
      known = { epoch, revision, fromMs, untilMs, cues: new Set(cues.map(nameOf)), dues };
      knowledge.set(schedule, known);
    }
    return known;
  }

  function pulled(machine: Machine, schedule: Schedule): void {
    const record = recordOf(machine);
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
    const known = record.known.get(channel);
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
    for (const due of known.dues) {
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
    if (mark && mark.markedMs < startMs + machine.bootMs + BOUND_MAX_MS) {
      figures.lostToPower++;
      return;
    }
    broken(
      "every due cue fired or accounted for",
      machine.name,
      `${nameOf(cue)} until ${cue.untilMs} on ${channel}`,
    );
  }

  function tellTaken(machine: Machine, cue: string, phase: View["phase"]): void {
    const record = recordOf(machine);
    if (machine.flash.volatile) return;
    let kept = 0;
    for (const key of record.keysOf.get(cue) ?? []) {
      const id = `${machine.name} ${key}`;
      // A slow store may be overtaken by the edge, which has it on disk then.
      if (!record.storedKeys.has(key) && receipts.get(id) !== "accepted") continue;
      kept++;
      taken.add(id);
    }
    if (kept > 0 || phase !== "answered") return;
    broken(REACHES, machine.name, `${cue} shown as taken before an answer was kept`);
  }

  function count(machine: Machine, { event, fields }: Happening): void {
    const kind = COUNTED[event];
    if (kind) hit(kind);
    if (event === "airing") {
      const { outcome, reason } = fields;
      if (outcome === "shown") hit("shown");
      else if (outcome === "late") hit("shown late");
      else if (outcome === "missed") hit("missed");
      else if (outcome === "suppressed")
        hit(reason === "clock" ? "suppressed by clock" : "suppressed by overlap");
    } else if (event === "left") {
      if (fields.why === "withdrawn") hit("withdrawn while shown");
      else if (fields.why === "replaced") hit("replaced while shown");
    } else if (event === "receipt") {
      if (fields.status === "accepted") hit("receipt accepted");
    } else if (event === "edge") {
      const record = recordOf(machine);
      if (record.edge !== "" && record.edge !== fields.url) hit("failed over");
      record.edge = String(fields.url);
    }
  }

  return {
    violations,
    figures,
    stepped,
    showed,
    pulled,
    happened(machine, happening) {
      const { event, fields } = happening;
      count(machine, happening);
      const record = recordOf(machine);
      if (event === "airing" && (fields.outcome === "missed" || fields.outcome === "suppressed")) {
        record.accounted.add(String(fields.cue));
        const why = `${fields.outcome} ${fields.reason}`;
        figures.accounted[why] = (figures.accounted[why] ?? 0) + 1;
      }
      if (event !== "answer") return;
      const key = String(fields.key);
      figures.answers++;
      given.set(`${machine.name} ${key}`, String(fields.cue));
      // Stamped by a clock that was set while the power was off: an edge may take it for one of the future.
      if (machine.clockLies && !machine.box?.state().clock.sampled) excused.add(`${machine.name} ${key}`);
      const keys = record.keysOf.get(String(fields.cue));
      if (keys) keys.push(key);
      else record.keysOf.set(String(fields.cue), [key]);
    },
    stored(machine, key) {
      if (key.indexOf("answer/") === 0) recordOf(machine).storedKeys.add(key.slice("answer/".length));
    },
    booted(machine) {
      const record = recordOf(machine);
      record.known.clear();
      record.lowerSinceMs.clear();
      record.due.clear();
      if (machine.flash.volatile) {
        record.shown.clear();
        return;
      }
      for (const [key, text] of machine.flash.texts) {
        if (key.indexOf("schedule/") !== 0) continue;
        const entry = decodeRecord(text) as HeldSchedule | undefined;
        if (!entry) continue;
        const channel = key.slice("schedule/".length);
        record.known.set(channel, knownOf(entry.schedule));
        if (entry.lowerSinceMs !== null)
          record.lowerSinceMs.set(channel, Math.min(entry.lowerSinceMs, nowMs()));
      }
    },
    threw: (machine, what) => broken("the state always loads", machine.name, what),
    received: (box, { key, status }) => void receipts.set(`${box} ${key}`, status),
    rotted(box, key) {
      if (key.indexOf("answer/") === 0) excused.add(`${box} ${key.slice("answer/".length)}`);
    },
    finish(central, votes) {
      const invariant = REACHES;
      for (const id of taken) {
        if (excused.has(id)) continue;
        figures.taken++;
        const times = central.get(id) ?? 0;
        if (times === 1) continue;
        const box = id.slice(0, id.indexOf(" "));
        const cue = given.get(id) as string;
        const status = receipts.get(id) ?? "none";
        if (times === 0 && status === "late" && truth.moments(cue).length > 1) figures.lateByMoving++;
        else broken(invariant, box, `${cue}, key ${id}, arrived ${times} times, receipt ${status}`);
      }
      for (const [id, times] of central) {
        const box = id.slice(0, id.indexOf(" "));
        if (times > 1 || !given.has(id)) broken(invariant, box, `key ${id} arrived ${times} times`);
      }
      for (const [group, { count, most }] of votes) {
        if (count > most)
          broken("one vote a cue", group.slice(0, group.indexOf(" ")), `${group}: ${count} of ${most}`);
      }
    },
  };
}
