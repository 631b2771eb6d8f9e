/**
 * Sends the outbox up: raw answers by number, and the counts that changed. Anything may be sent again.
 *
 * A record that central refuses would hold up all behind it. Idea: on a refusal halve the batch until the one
 * record stands alone, put that aside, and go on. Something between that refuses everything must not
 * empty the outbox that way: after a few in a row without anything taken it is a failure like others.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { type BackoffSettings, backoffMs } from "../../../shared/time/backoff.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import {
  type BatchReply,
  type Tally,
  UPLINK_ANSWERS_MAX,
  UPLINK_BODY_BYTES_MAX,
  UPLINK_COUNTS_MAX,
  type UplinkAnswer,
} from "../../../shared/uplink/batch.ts";
import type { Central } from "../central.ts";
import type { Counts, Outbox, Uplink, UplinkState } from "./contract.ts";

export interface UplinkSettings {
  backoff: BackoffSettings;
  /** How long what comes in is gathered before it is sent, ms. */
  gatherMs: number;
  /** Records set aside in a row before refusals are taken for a failure of the way. */
  setAsideMax: number;
}

export const UPLINK_DEFAULTS: UplinkSettings = {
  backoff: { baseMs: 1_000, maxMs: 60_000 },
  gatherMs: 300,
  setAsideMax: 10,
};

/** Counts take the rest of the body. */
const ANSWER_BYTES_MAX = UPLINK_BODY_BYTES_MAX / 2;
/** A cue's counts are at most about 20 KB: a page of them stays below the body's limit. */
const COUNTS_AT_ONCE = Math.min(40, UPLINK_COUNTS_MAX);

const isRefusal = (error: unknown) =>
  error instanceof CuecastError && error.code === "central-refused" && [400, 413, 422].includes(error.status);

export function createUplink(
  ports: {
    outbox: Outbox;
    central: Pick<Central, "batch">;
    /** Told what central counted of the cues of a batch. */
    onNational(tallies: readonly Tally[]): void;
    clock: Clock;
    timers: Timers;
    random: Random;
    log: Log;
  },
  settings: Partial<UplinkSettings> = {},
): Uplink {
  const { outbox, central, onNational, clock, timers, random, log } = ports;
  const limits = { ...UPLINK_DEFAULTS, ...settings };
  const state: UplinkState = { batches: 0, failures: 0 };
  let started = false;
  let stopped = false;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let failuresInRow = 0;
  let setAsideInRow = 0;
  let answersMost = UPLINK_ANSWERS_MAX;
  let countsMost = COUNTS_AT_ONCE;
  /** The number behind a gap that central was shown last. */
  let gapFrom: number | undefined;

  async function send(answers: UplinkAnswer[], counts: Counts): Promise<BatchReply> {
    const { airings, tallies, talliedTo } = counts;
    const { id } = outbox.state();
    const reply = await central.batch({
      ...{ outbox: id, answers, airings, tallies },
      ...(tallies.length > 0 && { talliedTo }),
    });
    state.batches++;
    state.lastTakenMs = clock.wallMs();
    onNational(reply.national);
    return reply;
  }

  const none: Counts = { airings: [], tallies: [], talliedTo: 0, mark: 0 };

  async function sendAnswers() {
    const answers = await outbox.take(answersMost, ANSWER_BYTES_MAX);
    const [first, last] = [answers[0], answers.at(-1)];
    if (!first || !last) return;
    const { acknowledged } = outbox.state();
    try {
      const { taken } = await send(answers, none);
      setAsideInRow = 0;
      answersMost = Math.min(UPLINK_ANSWERS_MAX, answersMost * 2);
      if (taken >= last.number) await outbox.acknowledge(last.number);
      else if (taken >= first.number) await outbox.acknowledge(taken);
      else {
        // Central was restored from an older copy, or misses numbers that were set aside or are gone here. It
        // passes over a gap that it is shown twice; one that never does has the answers all the same.
        await outbox.rewind(taken);
        const [again] = await outbox.take(1, ANSWER_BYTES_MAX);
        if (again && again.number < first.number) {
          log.warn("uplink-rewound", { from: acknowledged, to: taken });
        } else if (gapFrom === first.number) await outbox.acknowledge(last.number);
        else gapFrom = first.number;
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (answers.length > 1) {
        answersMost = Math.floor(answers.length / 2);
        return;
      }
      if (setAsideInRow >= limits.setAsideMax) throw error;
      setAsideInRow++;
      await outbox.setAside(first.number, errorMessage(error));
    }
  }

  async function sendCounts() {
    const counts = await outbox.takeCounts(countsMost);
    const size = Math.max(counts.airings.length, counts.tallies.length);
    if (size === 0) return;
    try {
      await send([], counts);
      countsMost = Math.min(COUNTS_AT_ONCE, countsMost * 2);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (size > 1) {
        countsMost = Math.floor(size / 2);
        return;
      }
      if (setAsideInRow >= limits.setAsideMax) throw error;
      setAsideInRow++;
      log.error("counts-refused", {
        cue: counts.airings[0]?.cue ?? counts.tallies[0]?.cue,
        reason: errorMessage(error),
      });
    }
    await outbox.countsSent(counts);
  }

  /** @returns how long to wait before the next one, ms */
  async function turn(): Promise<number> {
    try {
      const { answers, counts } = outbox.pending();
      // Counts first: they keep live results live while raw answers queue.
      if (counts) await sendCounts();
      if (answers) await sendAnswers();
      failuresInRow = 0;
      state.trouble = undefined;
      return outbox.state().waiting > 0 ? 0 : limits.gatherMs;
    } catch (error) {
      failuresInRow++;
      state.failures++;
      const words = errorMessage(error);
      if (state.trouble !== words) log.warn("uplink-failed", { error: words });
      state.trouble = words;
      const retryAfterMs = error instanceof CuecastError ? error.retryAfterMs : undefined;
      return backoffMs(failuresInRow, limits.backoff, random, retryAfterMs);
    }
  }

  function arm(delayMs: number) {
    if (!started || stopped || running || cancel) return;
    cancel = timers.after(delayMs, () => {
      cancel = undefined;
      running = turn().then((nextMs) => {
        running = undefined;
        const { answers, counts } = outbox.pending();
        if (answers || counts) arm(nextMs);
      });
    });
  }

  return {
    start() {
      started = true;
      outbox.onPending(() => arm(limits.gatherMs));
      arm(0);
    },
    state: () => ({ ...state }),
    async stop() {
      stopped = true;
      cancel?.();
      cancel = undefined;
      await running;
    },
  };
}
