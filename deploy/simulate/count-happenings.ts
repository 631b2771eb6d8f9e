/** What a box tells of itself, counted by kind: what a run exercised. */
import type { Happening } from "../../edge/box/core/state.ts";
import type { Coverage, Kind } from "./coverage.ts";
import type { Machine } from "./watcher.ts";
import type { Witness } from "./witness.ts";

/** Happenings that count as they are. */
const COUNTED: Readonly<Record<string, Kind | undefined>> = {
  "schedule-lower": "lower revision ignored",
  "entry-damaged": "entry found damaged",
  "store-failed": "write failed",
  "clock-jumped": "clock found jumped",
};

export function createHappeningCount(
  { hit }: Coverage,
  { notesOf }: Witness,
): (machine: Machine, happening: Happening) => void {
  return (machine, { event, fields }) => {
    const kind = COUNTED[event];
    if (kind) hit(kind);
    if (event === "airing") {
      const { outcome, reason } = fields;
      if (outcome === "shown") hit("shown");
      else if (outcome === "late") hit("shown late");
      else if (outcome === "missed") hit("missed");
      else if (outcome === "suppressed")
        hit(reason === "clock" ? "suppressed by clock" : "suppressed by overlap");
    } else if (event === "left") {
      if (fields.why === "withdrawn") hit("withdrawn while shown");
      else if (fields.why === "replaced") hit("replaced while shown");
    } else if (event === "receipt") {
      if (fields.status === "accepted") hit("receipt accepted");
    } else if (event === "edge") {
      const record = notesOf(machine);
      if (record.edge !== "" && record.edge !== fields.url) hit("failed over");
      record.edge = String(fields.url);
    }
  };
}
