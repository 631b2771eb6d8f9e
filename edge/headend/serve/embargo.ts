/**
 * Whether an interaction is withheld: it has a coming embargoed cue, and none of its cues is open. WIRE.md.
 * The question comes from every box at the same moment, so an answer is kept as long as it holds.
 */
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { spanAt } from "./moments.ts";

export interface Embargo {
  /** When the next embargoed cue begins; undefined when the interaction may be had now. */
  untilMs(nowMs: number): number | undefined;
}

/**
 * @param cuesAt cues of every placement of this version, the same through the span of an instant
 * @param durationMs how long it stays on the screen
 */
export function createEmbargo(cuesAt: (nowMs: number) => readonly Cue[], durationMs: number): Embargo {
  let cues: { spanFromMs: number; list: readonly Cue[] } | undefined;
  /** Holds from `fromMs`, before `beforeMs`. */
  let kept: { fromMs: number; beforeMs: number; untilMs: number | undefined } | undefined;

  const judge = (nowMs: number) => {
    const span = spanAt(nowMs);
    if (cues?.spanFromMs !== span.fromMs) cues = { spanFromMs: span.fromMs, list: cuesAt(nowMs) };
    let beforeMs = spanAt(nowMs).fromMs + 2 * 86_400_000;
    let comingMs: number | undefined;
    let open = false;
    for (const cue of cues.list) {
      const endMs = cue.untilMs + durationMs + 1;
      for (const edgeMs of [cue.atMs, endMs]) {
        if (edgeMs > nowMs) beforeMs = Math.min(beforeMs, edgeMs);
      }
      if (cue.atMs <= nowMs && nowMs < endMs) open = true;
      if (!cue.fetch && cue.atMs > nowMs) comingMs = Math.min(comingMs ?? cue.atMs, cue.atMs);
    }
    kept = { fromMs: nowMs, beforeMs, untilMs: open ? undefined : comingMs };
    return kept;
  };

  return {
    untilMs(nowMs) {
      if (kept && nowMs >= kept.fromMs && nowMs < kept.beforeMs) return kept.untilMs;
      return judge(nowMs).untilMs;
    },
  };
}
