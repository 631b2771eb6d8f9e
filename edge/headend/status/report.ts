/** What an edge says of itself, as data: `/status.json`, the page and the metrics all come from it. Pure. */
import type { StatusInputs } from "./inputs.ts";
import { findTroubles, type Trouble } from "./troubles.ts";

export interface StatusReport extends StatusInputs {
  state: "good" | "warning" | "alarm";
  /** How long until the first guide of the line-up ends, hours, one decimal; absent without a guide. */
  guideLeftHours?: number;
  /** Likewise until the first recurrence that ends does, of those that have not ended; absent when none will. */
  recurrenceLeftHours?: number;
  troubles: Trouble[];
}

/** When the next of the recurrences that end does. */
export const nextRecurrenceEnd = ({ snapshot, nowMs }: StatusInputs): number | undefined =>
  snapshot?.left.recurrenceEndsMs?.find((endMs) => endMs > nowMs);

export function makeReport(inputs: StatusInputs): StatusReport {
  const troubles = findTroubles(inputs);
  const report: StatusReport = {
    ...inputs,
    state: troubles.some((trouble) => trouble.grave) ? "alarm" : troubles.length > 0 ? "warning" : "good",
    troubles,
  };
  const { guideUntilMs } = inputs.snapshot?.left ?? {};
  const hours = (untilMs: number) => Math.round(Math.max(0, untilMs - inputs.nowMs) / 360_000) / 10;
  if (guideUntilMs !== undefined) report.guideLeftHours = hours(guideUntilMs);
  const recurrenceUntilMs = nextRecurrenceEnd(inputs);
  if (recurrenceUntilMs !== undefined) report.recurrenceLeftHours = hours(recurrenceUntilMs);
  return report;
}
