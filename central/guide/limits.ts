/**
 * What a guide may do to cues on air with nobody at a desk, and what a person is asked about. Pure.
 *
 * Channels are judged one by one, so that an odd day on one channel does not keep an overrun on another from
 * the screens: only the channels that go beyond a limit are held back. Limits on numbers hold for the whole
 * import; beyond one, every channel that has such cues is held back.
 */
import * as v from "valibot";
import { durationSchema } from "../../shared/protocol/primitives.ts";
import type { CueEffect, CueEffectKind } from "./cue-effects.ts";

const many = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000));

export const guideLimitsSchema = v.object({
  /** Off: imports only change what the next publication holds, and nothing is held back. */
  publish: v.boolean(),
  /** Farthest that a cue may move, ms. */
  moveMaxMs: durationSchema,
  /** A cue that is due, or would be, sooner than this from now may not move or vanish, ms; 0: it may. */
  soonMs: durationSchema,
  /** Most cues that may move in one import. */
  movedMax: many,
  /** Most cues that may vanish in one import. */
  vanishedMax: many,
  /** Most cues that may appear in one import. */
  appearedMax: many,
});
export type GuideLimits = v.InferOutput<typeof guideLimitsSchema>;

export const GUIDE_LIMITS: GuideLimits = {
  publish: true,
  /** Two hours: extra time, penalties and the ceremony; what moves farther has been re-planned. */
  moveMaxMs: 7_200_000,
  /** None: a change that comes late still helps every box that hears of it in time. */
  soonMs: 0,
  /** An evening's overrun on a hundred channels; a guide in a wrong zone moves thousands. */
  movedMax: 500,
  /** A programme or two taken out; a guide whose titles are written otherwise loses all. */
  vanishedMax: 20,
  /** A new day of a large guide; a bound against a guide gone wild. */
  appearedMax: 100_000,
};

export type HoldCode =
  | "moves-too-far"
  | "too-soon"
  | "too-many-moved"
  | "too-many-vanished"
  | "too-many-appeared";

export interface HoldReason {
  code: HoldCode;
  message: string;
  channels: string[];
}

export interface Judge {
  add(channel: string, effects: readonly CueEffect[]): void;
  /** Why channels are held back, if any are. */
  decide(): HoldReason[];
}

interface OnChannel extends Record<CueEffectKind, number> {
  farthestMs: number;
  soonestMs: number;
}

export function createJudge(limits: GuideLimits, nowMs: number): Judge {
  const byChannel = new Map<string, OnChannel>();
  return {
    add(channel, effects) {
      if (effects.length === 0) return;
      const seen = byChannel.get(channel) ?? {
        ...{ moved: 0, vanished: 0, appeared: 0 },
        ...{ farthestMs: 0, soonestMs: Infinity },
      };
      byChannel.set(channel, seen);
      for (const effect of effects) {
        seen[effect.kind]++;
        seen.soonestMs = Math.min(seen.soonestMs, soonness(effect, nowMs));
        if (effect.fromMs !== undefined && effect.toMs !== undefined) {
          seen.farthestMs = Math.max(seen.farthestMs, Math.abs(effect.toMs - effect.fromMs));
        }
      }
    },
    decide() {
      if (!limits.publish) return [];
      const reasons: HoldReason[] = [];
      const hold = (code: HoldCode, over: (on: OnChannel) => boolean, words: (on: OnChannel[]) => string) => {
        const found = [...byChannel].filter(([, on]) => over(on));
        if (found.length === 0) return;
        const message = words(found.map(([, on]) => on));
        reasons.push({ code, message, channels: found.map(([channel]) => channel) });
      };
      hold(
        "moves-too-far",
        (on) => on.farthestMs > limits.moveMaxMs,
        (on) =>
          `cues move by up to ${minutes(Math.max(...on.map((each) => each.farthestMs)))}, over the limit of ${minutes(limits.moveMaxMs)}`,
      );
      hold(
        "too-soon",
        (on) => limits.soonMs > 0 && on.soonestMs < limits.soonMs,
        () => `cues that are due within ${seconds(limits.soonMs)} would move or vanish`,
      );
      const kinds = [
        ["too-many-moved", "moved", limits.movedMax, "move"],
        ["too-many-vanished", "vanished", limits.vanishedMax, "vanish"],
        ["too-many-appeared", "appeared", limits.appearedMax, "appear"],
      ] as const;
      for (const [code, kind, most, verb] of kinds) {
        const total = [...byChannel.values()].reduce((sum, on) => sum + on[kind], 0);
        if (total <= most) continue;
        hold(
          code,
          (on) => on[kind] > 0,
          () => `${total} cues on air would ${verb}, over the limit of ${most}`,
        );
      }
      return reasons;
    },
  };
}

/** How soon a cue that moves or vanishes is due, by either of its moments, ms; one that is over has none. */
function soonness({ kind, fromMs, fromUntilMs, toMs }: CueEffect, nowMs: number): number {
  if (kind === "appeared") return Infinity;
  const moments: number[] = [];
  if (fromMs !== undefined && (fromUntilMs ?? fromMs) >= nowMs) moments.push(fromMs);
  if (toMs !== undefined) moments.push(toMs);
  return Math.min(...moments) - nowMs;
}

const minutes = (ms: number) => `${Math.round(ms / 6_000) / 10} min`;
const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
