/** Whether a rule has nothing left to fire. Pure. */
import type { When } from "./placement.ts";

/** Of a rule that goes by the guide never: nobody knows what a guide will bring. */
export function isOver(when: When, windowMs: number, nowMs: number): boolean {
  if (when.kind === "instant") return when.atMs + windowMs < nowMs;
  return when.kind === "cron" && when.untilMs !== undefined && when.untilMs + windowMs < nowMs;
}
