/**
 * What the schema of a placement cannot say: that its fields agree with each other. Only for what is saved now: edges
 * take what was published before. Pure.
 */
import type { Placement } from "../../shared/schedule/placement.ts";

/** @returns places and what is wrong there; empty when it may be saved */
export function checkPlacement({ when, prefetch, embargo }: Placement): { path: string; message: string }[] {
  const errors: { path: string; message: string }[] = [];
  if (when.kind === "cron" && when.untilMs !== undefined && when.untilMs <= (when.fromMs ?? 0)) {
    const message = "Cannot use these bounds: untilMs is not after fromMs, so no time lies within them";
    errors.push({ path: "when.untilMs", message });
  }
  if (!embargo && prefetch.guardMs >= prefetch.leadMs) {
    const message =
      "Cannot fetch so: guardMs is not smaller than leadMs, so all boxes would ask at one instant; write leadMs 300000 and guardMs 10000, or an embargo";
    errors.push({ path: "prefetch.guardMs", message });
  }
  return errors;
}
