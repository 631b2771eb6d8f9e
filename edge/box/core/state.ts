/**
 * What a box knows, as plain data. Only `step` makes a new one; nothing in it is ever changed in place.
 *
 * Records are keyed by the storage key of what they hold (`schedule/cctv1`): the prefix keeps an id such as
 * `__proto__` harmless.
 */
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { LineUp } from "../../../shared/protocol/line-up.ts";
import type { Results } from "../../../shared/protocol/results.ts";
import type { Cue, Schedule } from "../../../shared/protocol/schedule.ts";
import { DRIFT_PPM, type TimeSample } from "../../../shared/time/offset.ts";
import type { Seed } from "./chance.ts";
import { PACE, type Pace } from "./pace.ts";

export interface BoxSettings {
  /** Pseudonym: 1 to 64 of `A-Z a-z 0-9 . _ : ~ -`. */
  box: string;
  /** Base addresses, without a slash at the end; at least one. */
  edges: readonly string[];
  channel: string;
  /** What the viewer reads, best first; BCP 47. */
  languages: readonly string[];
  /** What an audience may ask for. */
  tags: readonly string[];
  /** How much later than the edge's time the picture reaches this viewer; negative: earlier. `delay` changes it. */
  presentationDelayMs?: number | undefined;
  pace: Pace;
}

/** As it came through the door. */
export interface TakenSchedule extends Schedule {
  /** Cues that could not be read and were left out, if any. */
  malformed?: number | undefined;
}

export interface HeldSchedule {
  schedule: TakenSchedule;
  etag: string | null;
  /** Edge time of the last use, for choosing what to forget. */
  usedMs: number;
  /** Since when only lower revisions were seen; null while there were none. */
  lowerSinceMs: number | null;
}

export interface HeldInteraction {
  interaction: Interaction;
  usedMs: number;
  /** Edge time at which it came, null when unknown: says whether an airing came from the store. */
  heldMs: number | null;
}

export interface HeldLineUp {
  lineUp: LineUp;
  etag: string | null;
}

/** Written before a cue is shown; its existence alone forbids a second time. */
export interface FiredMark {
  atMs: number;
  /** How long it is kept counts from here: the end of the window that the cue had, and before this release its writing. */
  markedMs: number;
  /** Of what; absent once it has an airing. One found at a start was marked, and then the power went. */
  interaction?: string | undefined;
  version?: number;
}

export interface ClockState {
  samples: readonly TimeSample[];
  /** Whether any sample was taken since start; without, the estimate stems from the store. */
  sampled: boolean;
  /** Firing waits for a sample until then, monotonic. */
  doubtUntilMs: number;
  burstLeft: number;
  /** When the two sides of the clock last parted, monotonic. */
  jumpedMs: number;
  /** How much faster the edge's clock runs than the monotonic one, as a fraction, and the bound of its error. */
  rate: number;
  rateError: number;
  /** The far end of what `rate` is measured over. */
  anchor: Anchor | null;
  /** When it was last written to the store, monotonic. */
  storedMs: number;
}

export interface Anchor extends TimeSample {
  edge: string;
}

export interface EdgeState {
  url: string;
  weight: number;
  tripMs: number | null;
  failures: number;
  /** Not asked before this, monotonic. */
  blockedUntilMs: number;
  /** Nor before this: it asked for it by `Retry-After`, and nothing else ends it. */
  restUntilMs: number;
}

export interface EdgesState {
  list: readonly EdgeState[];
  current: string | null;
  /** When to look for the nearest again, monotonic; null while the current one is the nearest. */
  returnMs: number | null;
}

export type TaskKind = "time" | "line-up" | "schedule" | "interaction" | "results" | "answers" | "airings";

/** A body to be posted, made once for all tries: writing a hundred airings is no small matter for a weak CPU. */
export interface Batch {
  /** What waited when it was made. */
  of: readonly unknown[];
  body: string;
  /** Keys of what is in it. */
  sent: readonly string[];
}

/** One thing that is asked for, and asked for again. */
export interface Task {
  kind: TaskKind;
  /** Monotonic. While a request is under way: when it is given up. */
  dueMs: number;
  /** Asked for by `Retry-After`, monotonic: whatever brings the task forward, it waits for this. */
  notBeforeMs: number;
  failures: number;
  /** The request under way; 0 when none is. */
  request: number;
  /** The edge it went to, or the only one it may go to (a probe). */
  edge: string | null;
  /** Channel, cue or interaction id. */
  id: string;
  version: number;
  /** What goes in it, if it is a post. */
  batch: Batch | null;
}

export interface Firing {
  /**
   * What it waits for. `storage`: its mark is being written. `clock`: it was too far off at the moment; the mark was taken
   * back, and is written again when it is not. `overlap`: something else was on the screen; likewise taken back, and written
   * again should the cue move.
   */
  phase: "storage" | "ready" | "clock" | "overlap";
  /** Moment of the cue that was overlapped. */
  atMs?: number;
  /** Writes that failed, and when the next is due, monotonic. */
  failures: number;
  againMs?: number | undefined;
  /** Whether its mark was asked for after its moment. */
  isLate?: boolean;
  /** What it waited for when its moment had come, if anything. */
  heldBackBy?: "storage" | "clock" | undefined;
}

/**
 * Nothing is to be done for any of these cues from one instant, edge time, at which all were looked at, until another, at
 * which the next one opens (0 while one is open): most steps are spared a look at hundreds of cues.
 */
export interface Calm {
  cues: readonly Cue[];
  fromMs: number;
  untilMs: number;
}

export type AnswerChoice = { options?: readonly string[]; rating?: number };

/** An interaction that is on the screen, or whose results are awaited. */
export interface Shown {
  cue: string;
  channel: string;
  atMs: number;
  /** Last instant at which it could begin: a schedule whose window begins later says nothing of it. */
  untilMs: number;
  priority: number;
  interaction: Interaction;
  /** Edge time since which its viewer sees it: answers close so long after. Of a quiz the moment itself, for everybody. */
  dueMs: number;
  /** When it leaves the screen, or is waited for no more, monotonic. */
  goneMs: number;
  /** Edge time minus monotonic time when that was said: the machine has slept since by what it grew. */
  offsetMs: number;
  /** The screen knows that answers closed. */
  over: boolean;
  /** `opening` until the overlay says that it stands. */
  phase: "opening" | "open" | "answered" | "closed" | "results";
  /** All that were given. */
  answers: readonly AnswerChoice[];
  /** The one that the viewer is told is taken. */
  choice: AnswerChoice | null;
  results: Results | null;
  source: "store" | "network";
  clockErrorMs: number;
  /** Why it may have come late. */
  lateBy: "storage" | "clock" | "network" | "timer";
  /** Key of its airing, once there is one. */
  airing: string | null;
}

export interface WaitingAnswer {
  answer: Answer;
  stored: boolean;
}

export interface WaitingAiring {
  airing: Airing;
  /** The interaction is still on the screen: how it ends is not known yet. */
  isOpen: boolean;
}

export interface Happening {
  event: string;
  edgeMs: number | null;
  fields: Record<string, string | number | boolean | null | undefined>;
}

export interface State {
  settings: BoxSettings;
  running: boolean;
  seed: Seed;
  secret: Seed;
  /** Both sides of the clock at the last step. */
  lastWallMs: number;
  lastMonotonicMs: number;
  clock: ClockState;
  edges: EdgesState;
  lineUp: HeldLineUp | null;
  /** Empty in standby. */
  channel: string;
  /** Key of the tuned channel's schedule. */
  tuned: string;
  /** See `presentationDelayMs`. */
  delayMs: number;
  /** Monotonic. */
  tunedMs: number;
  /** How long it slept since, as far as it can tell. */
  sleptMs: number;
  settled: boolean;
  /** When the tuned channel's schedule was last pulled, monotonic; 0 before the first time. */
  pulledMs: number;
  schedules: Readonly<Record<string, HeldSchedule>>;
  interactions: Readonly<Record<string, HeldInteraction>>;
  fired: Readonly<Record<string, FiredMark>>;
  firing: Readonly<Record<string, Firing>>;
  /** What was missed until then was told, edge time of the viewer. */
  toldMs: number;
  /** What is done once per cue and moment, and was: prefetching, asking at the moment. */
  prefetched: readonly string[];
  calm: Calm;
  tasks: Readonly<Record<string, Task>>;
  screen: Shown | null;
  /** Answered, off the screen, results to come after the close. */
  awaiting: readonly Shown[];
  answers: readonly WaitingAnswer[];
  airings: readonly WaitingAiring[];
  requests: number;
  damaged: number;
  storeFailures: number;
}

/** @param settings `pace` may be given in part */
export function initialState(settings: Omit<BoxSettings, "pace"> & { pace?: Partial<Pace> }): State {
  const whole: BoxSettings = { ...settings, pace: { ...PACE, ...settings.pace } };
  return {
    settings: whole,
    running: false,
    seed: [],
    secret: [],
    lastWallMs: 0,
    lastMonotonicMs: 0,
    clock: {
      samples: [],
      sampled: false,
      doubtUntilMs: 0,
      burstLeft: 0,
      jumpedMs: 0,
      rate: 0,
      rateError: DRIFT_PPM / 1e6,
      anchor: null,
      storedMs: 0,
    },
    edges: { list: [], current: null, returnMs: null },
    lineUp: null,
    channel: whole.channel,
    tuned: "",
    delayMs: whole.presentationDelayMs || 0,
    tunedMs: 0,
    sleptMs: 0,
    settled: false,
    pulledMs: 0,
    schedules: {},
    interactions: {},
    fired: {},
    firing: {},
    toldMs: 0,
    prefetched: [],
    calm: { cues: [], fromMs: 0, untilMs: 0 },
    tasks: {},
    screen: null,
    awaiting: [],
    answers: [],
    airings: [],
    requests: 0,
    damaged: 0,
    storeFailures: 0,
  };
}
