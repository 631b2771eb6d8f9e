/** What a box knows, in few words: for the panel beside the reference television and for `state` lines. */
import type { LineUpChannel } from "../../../shared/protocol/line-up.ts";
import type { Cue, ScheduleProgramme } from "../../../shared/protocol/schedule.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import { firedKey, own, scheduleKey } from "./draft.ts";
import { boundAt, edgeTimeAt } from "./edge-time.ts";
import type { EdgeState, State } from "./state.ts";

export interface Summary {
  channel: string;
  /** Edge time, ms since the Unix epoch; null while unknown. */
  edgeMs: number | null;
  /** Edge minus wall clock, and the bound of its error, ms. */
  aheadMs: number | null;
  clockErrorMs: number | null;
  /** How much faster the edge's clock runs than this machine's, parts per million; 0 until it is learnt. */
  ratePpm: number;
  /** Whether the clock was sampled since start. */
  sampled: boolean;
  edge: string | null;
  edges: readonly EdgeState[];
  /** Requests under way, and tasks whose last try failed. */
  asking: number;
  failing: number;
  epoch: number | null;
  revision: number | null;
  cues: number;
  programme: ScheduleProgramme | null;
  nextProgramme: ScheduleProgramme | null;
  nextCue: Cue | null;
  nextCueHeld: boolean;
  channels: readonly LineUpChannel[];
  schedules: number;
  interactions: number;
  fired: number;
  answersWaiting: number;
  airingsWaiting: number;
  damaged: number;
  storeFailures: number;
  onScreen: string | null;
}

export function summarize(state: State, clock: Clock): Summary {
  const monotonicMs = clock.monotonicMs();
  const edgeMs = edgeTimeAt(state.clock, monotonicMs);
  const held = own(state.schedules, scheduleKey(state.channel));
  const schedule = held ? held.schedule : null;
  const nowMs = edgeMs === null ? clock.wallMs() : edgeMs;
  const programmes = schedule ? schedule.programmes : [];
  const coming = (schedule ? schedule.cues : []).filter(
    (cue) => cue.untilMs >= nowMs && own(state.fired, firedKey(cue.id)) === undefined,
  );
  const nextCue = coming[0] || null;
  const tasks = Object.keys(state.tasks).map((key) => state.tasks[key]);
  return {
    channel: state.channel,
    edgeMs,
    aheadMs: edgeMs === null ? null : edgeMs - clock.wallMs(),
    clockErrorMs: edgeMs === null ? null : boundAt(state.clock, monotonicMs),
    ratePpm: state.clock.rate * 1e6,
    sampled: state.clock.sampled,
    edge: state.edges.current,
    edges: state.edges.list,
    asking: tasks.filter((task) => task && task.request !== 0).length,
    failing: tasks.filter((task) => task && task.failures > 0).length,
    epoch: schedule ? schedule.epoch : null,
    revision: schedule ? schedule.revision : null,
    cues: schedule ? schedule.cues.length : 0,
    programme: programmes.filter((one) => one.startMs <= nowMs && nowMs < one.endMs)[0] || null,
    nextProgramme: programmes.filter((one) => one.startMs > nowMs)[0] || null,
    nextCue,
    nextCueHeld:
      nextCue !== null && !!state.interactions[`interaction/${nextCue.interaction}@${nextCue.version}`],
    channels: state.lineUp ? state.lineUp.lineUp.channels : [],
    schedules: Object.keys(state.schedules).length,
    interactions: Object.keys(state.interactions).length,
    fired: Object.keys(state.fired).length,
    answersWaiting: state.answers.length,
    airingsWaiting: state.airings.length,
    damaged: state.damaged,
    storeFailures: state.storeFailures,
    onScreen: state.screen ? state.screen.cue : null,
  };
}
