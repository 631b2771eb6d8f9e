/** Rows of the outbox's tables as the values that the outbox works with. */
import type { Row } from "../../../shared/runtime/database.ts";
import type { AiringCount, Tally } from "../../../shared/uplink/batch.ts";
import type { RememberedKey, Vote } from "./ledger.ts";

export const keyFromRow = (row: Row): RememberedKey => ({
  box: String(row.box),
  key: String(row.key),
  status: row.status as RememberedKey["status"],
  reason: row.reason === null ? undefined : String(row.reason),
  forgetMs: Number(row.forget_ms),
});

export const voteFromRow = (row: Row): Vote => ({
  box: String(row.box),
  cue: String(row.cue),
  interaction: String(row.interaction),
  version: Number(row.version),
  key: String(row.key),
  answeredAtMs: Number(row.answered_ms),
  choice: JSON.parse(String(row.choice)),
  count: Number(row.count),
  forgetMs: Number(row.forget_ms),
});

export const tallyFromRow = (row: Row): Tally => ({
  cue: String(row.cue),
  interaction: String(row.interaction),
  version: Number(row.version),
  total: Number(row.total),
  options: JSON.parse(String(row.options)),
});

export const countFromRow = (row: Row): AiringCount => ({
  cue: String(row.cue),
  interaction: String(row.interaction),
  version: Number(row.version),
  outcomes: JSON.parse(String(row.outcomes)),
  firingErrors: JSON.parse(String(row.firing_errors)),
});

/** A remembered key as a row of JSON: the order of PUT_KEYS. */
export const keyToJson = (k: RememberedKey) => [k.box, k.key, k.status, k.reason ?? null, k.forgetMs];
/** A vote as a row of JSON: the order of PUT_VOTES. */
export const voteToJson = (v: Vote) => [
  ...[v.box, v.cue, v.interaction, v.version, v.key, v.answeredAtMs, v.choice, v.count, v.forgetMs],
];

/** What one row of the journal holds. */
export function journalFromRow(row: Row): { id: number; keys: RememberedKey[]; votes: Vote[] } {
  const keys = JSON.parse(String(row.keys)) as [
    string,
    string,
    RememberedKey["status"],
    string | null,
    number,
  ][];
  const votes = JSON.parse(String(row.votes)) as [
    ...[string, string, string, number, string, number, string[], number, number],
  ][];
  return {
    id: Number(row.id),
    keys: keys.map(([box, key, status, reason, forgetMs]) => ({
      box,
      key,
      status,
      reason: reason ?? undefined,
      forgetMs,
    })),
    votes: votes.map(([box, cue, interaction, version, key, answeredAtMs, choice, count, forgetMs]) => ({
      ...{ box, cue, interaction, version, key, answeredAtMs, choice, count, forgetMs },
    })),
  };
}
