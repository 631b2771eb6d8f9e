/** What those who judge share: what was seen of each box, what is true, and where they write down what broke. */
import { boundAt } from "../../edge/box/core/edge-time.ts";
import type { HeldSchedule } from "../../edge/box/core/state.ts";
import { decodeRecord } from "../../edge/box/record.ts";
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";
import type { EventQueue } from "./event-queue.ts";
import { emptyFigures, type Figures } from "./figures.ts";
import type { Truth } from "./truth.ts";
import type { Machine } from "./watcher.ts";

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
export interface Known {
  epoch: number;
  revision: number;
  fromMs: number;
  untilMs: number;
  /** Names of its cues. */
  cues(): ReadonlySet<string>;
  dues(): readonly Due[];
  /** Those of an earlier one's dues that this one took back. */
  takenBack(before: Known): readonly Due[];
}

/** A cue to be looked at when it is over. */
export interface Due {
  /** Channel, cue, moment and end. */
  name: string;
  /** Cue and moment: `nameOf`. */
  moment: string;
  cue: Cue;
}

/** What was seen of one box. */
export interface Notes {
  shown: Set<string>;
  accounted: Set<string>;
  known: Map<string, Known>;
  /** Stored schedules that it knows again since its start, by channel: not looked at yet. */
  unread: Map<string, string>;
  /** Since when a channel's schedules are lower than what is known. */
  lowerSinceMs: Map<string, number>;
  edge: string;
  /** Names of dues that are owed, and since when each is known. */
  due: Map<string, number>;
  keysOf: Map<string, string[]>;
  storedKeys: Set<string>;
}

export interface Witness {
  queue: EventQueue;
  truth: Truth;
  startMs: number;
  figures: Figures;
  violations: readonly Violation[];
  notesOf(machine: Machine): Notes;
  knownOf(schedule: Schedule): Known;
  /** What it knows of a channel, from the edge or from its store. */
  knownBy(machine: Machine, channel: string): Known | undefined;
  broken(invariant: Invariant, box: string, detail: string): void;
  /** ms since the Unix epoch. */
  nowMs(): number;
  /** What the box says of its clock's error, ms. */
  boundOf(machine: Machine): number;
}

/** Edges' clocks differ by this at most. */
export const EDGE_SPREAD_MS = 25;
/** A box whose clock is this uncertain does not know which cues are due. */
export const BOUND_MAX_MS = 10_000;
const VIOLATIONS_MAX = 20;

/** Whether a schedule says what became of a cue: it lists each whose last instant lies at or after its window's start. */
export function covers(known: Known, { atMs, untilMs }: Pick<Cue, "atMs" | "untilMs">): boolean {
  return untilMs >= known.fromMs && atMs < known.untilMs;
}

export const nameOf = (cue: { id: string; atMs: number }) => `${cue.id}@${cue.atMs}`;

export function createWitness(queue: EventQueue, truth: Truth, startMs: number): Witness {
  const violations: Violation[] = [];
  const notes = new Map<Machine, Notes>();
  const knowledge = new WeakMap<Schedule, Known>();
  const duesBy = new WeakMap<readonly Cue[], readonly Due[]>();

  /** Schedules of a channel that differ in nothing but their refresh refer to the same cues. */
  function duesOf(channel: string, cues: readonly Cue[]): readonly Due[] {
    let dues = duesBy.get(cues);
    if (!dues) {
      dues = cues.map((cue) => {
        const moment = nameOf(cue);
        return { name: `${channel} ${moment} ${cue.untilMs}`, moment, cue };
      });
      duesBy.set(cues, dues);
    }
    return dues;
  }

  function notesOf(machine: Machine): Notes {
    let found = notes.get(machine);
    if (!found) {
      found = {
        shown: new Set(),
        accounted: new Set(),
        known: new Map(),
        unread: new Map(),
        lowerSinceMs: new Map(),
        edge: "",
        due: new Map(),
        keysOf: new Map(),
        storedKeys: new Set(),
      };
      notes.set(machine, found);
    }
    return found;
  }

  function knownOf(schedule: Schedule): Known {
    let known = knowledge.get(schedule);
    if (!known) {
      const { channel, epoch, revision, fromMs, untilMs, cues } = schedule;
      let names: ReadonlySet<string> | undefined;
      let dues: readonly Due[] | undefined;
      // Boxes of a channel mostly come from the same one before: looked at once for all of them.
      const takenFrom = new WeakMap<Known, readonly Due[]>();
      known = {
        epoch,
        revision,
        fromMs,
        untilMs,
        cues() {
          names ??= new Set(this.dues().map(({ moment }) => moment));
          return names;
        },
        dues() {
          dues ??= duesOf(channel, cues);
          return dues;
        },
        takenBack(before) {
          let gone = takenFrom.get(before);
          if (!gone) {
            // What it no longer has within its window was withdrawn, or has moved.
            gone = before.dues().filter(({ cue, moment }) => covers(this, cue) && !this.cues().has(moment));
            takenFrom.set(before, gone);
          }
          return gone;
        },
      };
      knowledge.set(schedule, known);
    }
    return known;
  }

  /** A box that starts has some stored schedules, of which most are replaced before anybody asks what was in them. */
  function knownBy(machine: Machine, channel: string): Known | undefined {
    const { known, unread, lowerSinceMs } = notesOf(machine);
    const text = unread.get(channel);
    if (text !== undefined) {
      unread.delete(channel);
      const entry = decodeRecord(text) as HeldSchedule | undefined;
      if (entry) known.set(channel, knownOf(entry.schedule));
      if (entry && entry.lowerSinceMs !== null)
        lowerSinceMs.set(channel, Math.min(entry.lowerSinceMs, startMs + machine.bootMs));
    }
    return known.get(channel);
  }

  return {
    queue,
    truth,
    startMs,
    violations,
    figures: emptyFigures(),
    notesOf,
    knownOf,
    knownBy,
    broken(invariant, box, detail) {
      if (violations.length < VIOLATIONS_MAX)
        violations.push({ invariant, atMs: queue.nowMs(), box, detail });
    },
    nowMs: () => startMs + queue.nowMs(),
    boundOf(machine) {
      const clock = machine.box?.state().clock;
      return clock ? boundAt(clock, machine.monotonicMs()) : Number.POSITIVE_INFINITY;
    },
  };
}
