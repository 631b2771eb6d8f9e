/**
 * How far this process is behind, and which schedule pulls it turns away then, so that answers keep their way.
 *
 * Problem: every connection that is ready is served in one turn of the event loop, so when more is asked than can be
 * answered, turns grow, and answers wait behind pulls. Idea: a timer that comes late says how long a turn takes, which is
 * what a request waits. Beyond a limit a growing part of the schedule pulls is told to come back, each at another
 * moment; a box has a stored schedule and loses nothing. Turning away costs nearly as much as a reply: it helps because
 * boxes stay away, so below the limit nothing is turned away, whatever comes.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { HotReply } from "../../../shared/runtime/hot.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import { errorReply } from "./problem-reply.ts";

export interface Pressure {
  /** From now on it looks: a start's own work makes long turns, and is no overload. */
  begin(): void;
  /** What a pull is told that is turned away; undefined when it is served. Costs nothing. */
  shed(): HotReply | undefined;
  /** How late the last two looks came at least, ms: one long turn alone is no overload. */
  behindMs(): number;
  stop(): void;
}

/** How often it is looked, ms. */
const LOOK_EVERY_MS = 100;
/** Up to here nothing is turned away: boxes wait for five seconds and more. From `allMs` on most are. */
const BEHIND_MS = { some: 250, all: 1_000 };
/** A part is served whatever comes: what is published must go out. */
const SHARE_MAX = 0.9;
/** Whole seconds, least and most, that are asked for. */
const RETRY_AFTER_S = { least: 2, most: 10 };

const refuse = (seconds: number): HotReply => ({
  ...errorReply(
    new CuecastError("Cannot give this now: the edge is busy; keep what you have", {
      ...{ code: "busy", status: 503, retryable: true, retryAfterMs: seconds * 1000 },
    }),
  ),
  kept: true,
});

export function createPressure(ports: { clock: Clock; timers: Timers; random: Random }): Pressure {
  const { clock, timers, random } = ports;
  const replies: HotReply[] = [];
  for (let seconds = RETRY_AFTER_S.least; seconds <= RETRY_AFTER_S.most; seconds++) {
    replies.push(refuse(seconds));
  }
  let lastMs = 0;
  let before = 0;
  let behind = 0;
  let share = 0;
  let cancel = () => {};

  const look = () => {
    const nowMs = clock.monotonicMs();
    const late = Math.max(0, nowMs - lastMs - LOOK_EVERY_MS);
    lastMs = nowMs;
    behind = Math.min(before, late);
    before = late;
    const over = (behind - BEHIND_MS.some) / (BEHIND_MS.all - BEHIND_MS.some);
    share = Math.min(SHARE_MAX, Math.max(0, over));
    cancel = timers.after(LOOK_EVERY_MS, look);
  };

  return {
    begin() {
      lastMs = clock.monotonicMs();
      cancel = timers.after(LOOK_EVERY_MS, look);
    },
    shed() {
      if (share === 0 || random() >= share) return undefined;
      return replies[Math.floor(random() * replies.length)];
    },
    behindMs: () => behind,
    stop: () => cancel(),
  };
}
