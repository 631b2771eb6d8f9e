/** A cue's tallies as viewers may see them: when, and how much of them. WIRE.md, "Results". */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { Results } from "../../../shared/protocol/results.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import type { InteractionEntry } from "../../../shared/publication/entries.ts";

/** Between two askings while results move, and once they are final. */
const REFRESH_OPEN_MS = 5_000;
const REFRESH_CLOSED_MS = 30_000;

/** What was counted of a cue; `national` ones come from central and take over from this edge's own. */
export interface CueTally {
  scope: "edge" | "national";
  total: number;
  options: Record<string, number>;
  /** When it was counted; now unless told. */
  asOfMs?: number;
}

function optionsOf(interaction: Interaction): readonly string[] {
  switch (interaction.type) {
    case "poll":
    case "quiz":
      return interaction.options;
    case "rating":
      return Array.from({ length: interaction.scale }, (_, index) => String(index + 1));
    case "coupon":
      return ["kept"];
    case "link":
      return ["opened"];
    case "notice":
      return [];
  }
}

/** Whether viewers may see results now. */
export function resultsVisible(cue: Cue, { interaction }: InteractionEntry, nowMs: number): boolean {
  if (interaction.type === "notice" || nowMs < cue.atMs) return false;
  const closed = nowMs >= cue.atMs + interaction.answer.closeAfterMs;
  return interaction.results === "after-answer" || (interaction.results === "after-close" && closed);
}

/** @returns undefined when viewers may not see them: never, or not yet */
export function makeResults(
  cue: Cue,
  entry: InteractionEntry,
  tally: CueTally | undefined,
  nowMs: number,
): Results | undefined {
  const { interaction } = entry;
  if (interaction.type === "notice" || !resultsVisible(cue, entry, nowMs)) return undefined;
  const closed = nowMs >= cue.atMs + interaction.answer.closeAfterMs;
  const options: Record<string, number> = {};
  for (const option of optionsOf(interaction)) options[option] = tally?.options[option] ?? 0;
  const results: Results = {
    cue: cue.id,
    interaction: cue.interaction,
    version: cue.version,
    scope: tally?.scope ?? "edge",
    closed,
    total: tally?.total ?? 0,
    options,
    asOfMs: tally?.asOfMs ?? nowMs,
    refreshMs: closed ? REFRESH_CLOSED_MS : REFRESH_OPEN_MS,
  };
  if (interaction.type === "quiz" && closed && entry.correct) results.correct = entry.correct;
  return results;
}
