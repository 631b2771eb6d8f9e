/**
 * National counts of the cues that boxes ask this edge for, kept as fresh as boxes ask.
 *
 * Problem: central's reply to a batch tells the counts of that batch's cues alone. An edge that took no answer, or
 * none lately, would show its own, or old ones, for good. Idea: whatever boxes asked results of lately is asked for
 * at central every few seconds, all of it in one request, at an instant drawn anew each time; a reply to a batch
 * counts as an asking. No box asks, no asking: an edge without an interaction on its screens costs central nothing.
 * What boxes ask for first, after a start or a while as well, waits for central, so that no viewer sees the region's counts
 * before the nation's while central is there.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { type BackoffSettings, backoffMs } from "../../../shared/time/backoff.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import { UPLINK_CUES_MAX } from "../../../shared/uplink/results.ts";
import type { Central } from "../central.ts";
import type { NationalResults } from "./contract.ts";

export interface NationalSettings {
  /** How often central is asked, ms: anything from four to six fifths of it. Boxes ask every 5 s or more. */
  everyMs: number;
  /** How long a cue is asked for after a box asked, ms: twice what boxes wait once it is closed. */
  wantedMs: number;
  /** What is asked first in so long goes in one request, ms. */
  gatherMs: number;
  /** After which what central told is no longer given without asking, ms: a cue that nobody asked for meanwhile. */
  staleMs: number;
  /** How long a box that asks first waits for central, ms. */
  firstWaitMs: number;
  /** After which an earlier central, which does not know the question, is asked again, ms. */
  unknownMs: number;
  backoff: BackoffSettings;
}

export const NATIONAL_DEFAULTS: NationalSettings = {
  ...{ everyMs: 5_000, wantedMs: 60_000, gatherMs: 50, firstWaitMs: 1_000, unknownMs: 600_000 },
  staleMs: 30_000,
  backoff: { baseMs: 2_000, maxMs: 20_000 },
};

/** Cues held. */
const CUES_MAX = 10_000;

interface Held {
  /** When a box asked last, and central answered last; monotonic. */
  wantedMs: number;
  answeredMs?: number;
  tally?: Tally;
  toldMs?: number;
}

export function createNationalResults(
  ports: { central: Pick<Central, "results">; clock: Clock; timers: Timers; random: Random; log: Log },
  settings: Partial<NationalSettings> = {},
): NationalResults {
  const { central, clock, timers, random, log } = ports;
  const limits = { ...NATIONAL_DEFAULTS, ...settings };
  /** By cue, the longest untouched first. */
  const cues = new Map<string, Held>();
  let failures = 0;
  let trouble: string | undefined;
  let stopped = false;
  /** The asking that comes, and whether it runs. */
  let next: { atMs: number; cancel(): void } | undefined;
  let asking = false;
  /** Boxes that asked for a cue first. */
  let waiting: { cue: string; wake(): void }[] = [];
  /** False from when central let a box wait in vain until it answers. */
  let prompt = true;

  function hold(cue: string): Held {
    const held = cues.get(cue) ?? { wantedMs: Number.NEGATIVE_INFINITY };
    cues.delete(cue);
    cues.set(cue, held);
    if (cues.size > CUES_MAX) cues.delete(cues.keys().next().value as string);
    return held;
  }

  /** What boxes asked lately, without what was told just now; what was told the longest ago first. */
  function due(): string[] {
    const nowMs = clock.monotonicMs();
    const told = ([, { answeredMs = Number.NEGATIVE_INFINITY }]: [string, Held]) => answeredMs;
    return [...cues]
      .filter(([, held]) => nowMs - held.wantedMs <= limits.wantedMs)
      .filter((each) => nowMs - told(each) >= limits.everyMs / 2)
      .sort((one, other) => told(one) - told(other) || 0)
      .slice(0, UPLINK_CUES_MAX)
      .map(([cue]) => cue);
  }

  const isHeard = (cue: string) => {
    const { answeredMs = Number.NEGATIVE_INFINITY } = cues.get(cue) ?? {};
    return clock.monotonicMs() - answeredMs <= limits.staleMs;
  };
  const isWanted = () => {
    const nowMs = clock.monotonicMs();
    for (const { wantedMs } of cues.values()) if (nowMs - wantedMs <= limits.wantedMs) return true;
    return false;
  };

  function tell(tallies: readonly Tally[]) {
    for (const tally of tallies) {
      const held = hold(tally.cue);
      Object.assign(held, { tally, toldMs: clock.wallMs(), answeredMs: clock.monotonicMs() });
    }
  }

  function answered() {
    if (trouble !== undefined) log.info("national-results-again");
    failures = 0;
    trouble = undefined;
    prompt = true;
  }

  /** @returns how long until the next, ms */
  async function ask(): Promise<number> {
    const asked = due();
    const usual = limits.everyMs * (0.8 + 0.4 * random());
    if (asked.length === 0) return usual;
    try {
      const { national } = await central.results({ cues: asked });
      for (const cue of asked) hold(cue).answeredMs = clock.monotonicMs();
      tell(national);
      answered();
      // More was due than goes at once.
      return asked.length < UPLINK_CUES_MAX ? usual : limits.gatherMs;
    } catch (error) {
      failures++;
      prompt = false;
      const words = errorMessage(error);
      if (trouble !== words) log.info("national-results-failed", { error: words });
      trouble = words;
      if (error instanceof CuecastError && error.code === "central-refused") return limits.unknownMs;
      return backoffMs(
        failures,
        limits.backoff,
        random,
        error instanceof CuecastError ? error.retryAfterMs : undefined,
      );
    }
  }

  function arm(delayMs: number) {
    const atMs = clock.monotonicMs() + delayMs;
    if (stopped || asking || (next && next.atMs <= atMs)) return;
    next?.cancel();
    const cancel = timers.after(delayMs, () => {
      next = undefined;
      asking = true;
      void ask().then((waitMs) => {
        asking = false;
        const woken = waiting.filter(({ cue }) => !prompt || isHeard(cue));
        waiting = waiting.filter((each) => !woken.includes(each));
        for (const { wake } of woken) wake();
        // Some came while it ran.
        if (waiting.length > 0) arm(limits.gatherMs);
        else if (isWanted()) arm(waitMs);
      });
    });
    next = { atMs, cancel };
  }

  /** Until central answered, and no longer than a box should wait. */
  const firstWord = (cue: string) =>
    new Promise<void>((resolve) => {
      const cancel = timers.after(limits.firstWaitMs, () => {
        prompt = false;
        waiting = waiting.filter((each) => each !== mine);
        resolve();
      });
      const mine = {
        cue,
        wake() {
          cancel();
          resolve();
        },
      };
      waiting.push(mine);
    });

  return {
    async of(cue) {
      const held = hold(cue);
      held.wantedMs = clock.monotonicMs();
      const waits = prompt && !stopped && !isHeard(cue);
      if (waits) arm(limits.gatherMs);
      else if (!next) arm(failures > 0 ? limits.backoff.baseMs : limits.everyMs * random());
      if (waits) await firstWord(cue);
      const { tally, toldMs } = held;
      return tally && toldMs !== undefined ? { tally, toldMs, current: failures === 0 } : undefined;
    },
    told: tell,
    stop() {
      stopped = true;
      next?.cancel();
      for (const { wake } of waiting) wake();
    },
  };
}
