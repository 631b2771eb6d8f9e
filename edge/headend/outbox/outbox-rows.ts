/** Rows of the outbox's tables as the values that the outbox works with. */
import type { Row } from "../../../shared/runtime/database.ts";
import type { AiringCount, Tally } from "../../../shared/uplink/batch.ts";

export const tallyFromRow = (row: Row): Tally => ({
  cue: String(row.cue),
  interaction: String(row.interaction),
  version: Number(row.version),
  total: Number(row.total),
  options: JSON.parse(String(row.options)),
  ...(row.others != null && { others: JSON.parse(String(row.others)) }),
});

export const countFromRow = (row: Row): AiringCount => ({
  cue: String(row.cue),
  interaction: String(row.interaction),
  version: Number(row.version),
  outcomes: JSON.parse(String(row.outcomes)),
  firingErrors: JSON.parse(String(row.firing_errors)),
});
