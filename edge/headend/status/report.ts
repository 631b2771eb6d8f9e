/** What an edge says of itself, as data: `/status.json`, the page and the metrics all come from it. Pure. */
import type { StatusInputs } from "./inputs.ts";
import { findTroubles, type Trouble } from "./troubles.ts";

export interface StatusReport extends StatusInputs {
  state: "good" | "warning" | "alarm";
  /** How long until the first guide of the line-up ends, hours, one decimal; absent without a guide. */
  guideLeftHours?: number;
  troubles: Trouble[];
}

export function makeReport(inputs: StatusInputs): StatusReport {
  const troubles = findTroubles(inputs);
  const report: StatusReport = {
    ...inputs,
    state: troubles.some((trouble) => trouble.grave) ? "alarm" : troubles.length > 0 ? "warning" : "good",
    troubles,
  };
  const guideUntilMs = inputs.snapshot?.left.guideUntilMs;
  if (guideUntilMs !== undefined) {
    report.guideLeftHours = Math.round(Math.max(0, guideUntilMs - inputs.nowMs) / 360_000) / 10;
  }
  return report;
}
