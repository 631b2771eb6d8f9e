/** What a batch writes beside its answers: counts and alarms. Pure. */
import type { Statement } from "../../shared/runtime/database.ts";
import type { BatchRequest } from "../../shared/uplink/batch.ts";

const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);

/** Counts are absolute and only grow: an older batch that comes late changes nothing. */
export function countStatements(batch: BatchRequest): Statement[] {
  const statements: Statement[] = [];
  if (batch.tallies.length > 0) {
    statements.push({
      sql: `INSERT INTO tally_provisional (cue, outbox, interaction, version, total, options, counted_to, others)
            SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2, value ->> 5
            FROM json_each(?3) WHERE true
            ON CONFLICT DO UPDATE SET total = excluded.total, options = excluded.options,
              counted_to = excluded.counted_to, others = excluded.others
            WHERE excluded.total >= total AND coalesce(excluded.counted_to, 0) >= coalesce(counted_to, 0)`,
      args: [
        batch.outbox,
        batch.talliedTo ?? null,
        JSON.stringify(
          batch.tallies.map((each) => [
            each.cue,
            each.interaction,
            each.version,
            each.total,
            JSON.stringify(each.options),
            each.others ? JSON.stringify(each.others) : null,
          ]),
        ),
      ],
    });
  }
  if (batch.airings.length > 0) {
    statements.push({
      sql: `INSERT INTO airing_count (cue, outbox, interaction, version, total, outcomes, firing_errors)
            SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
            FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET total = excluded.total, outcomes = excluded.outcomes,
              firing_errors = excluded.firing_errors WHERE excluded.total >= total`,
      args: [
        batch.outbox,
        JSON.stringify(
          batch.airings.map((each) => [
            each.cue,
            each.interaction,
            each.version,
            sum(Object.values(each.outcomes)),
            JSON.stringify(each.outcomes),
            JSON.stringify(each.firingErrors),
          ]),
        ),
      ],
    });
  }
  return statements;
}

export const alarmStatement = (outbox: string, kind: string, detail: string, nowMs: number): Statement => ({
  sql: `INSERT INTO alarm (kind, outbox, detail, first_ms, last_ms, count) VALUES (?1, ?2, ?3, ?4, ?4, 1)
        ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms, count = count + 1`,
  args: [kind, outbox, detail, nowMs],
});

/** Undefined: it never was on air. */
export type CueMoments = readonly (readonly [cue: string, dueMs: number | undefined])[];

/** That something came in for cues. */
export const seenStatement = (moments: CueMoments, nowMs: number): Statement => ({
  sql: `INSERT INTO cue_seen (cue, at_ms, due_ms) SELECT value ->> 0, ?, value ->> 1 FROM json_each(?) WHERE true
        ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, due_ms = coalesce(excluded.due_ms, due_ms)`,
  args: [nowMs, JSON.stringify(moments)],
});

/** That cues of which something had come in are on air now. */
export const knownStatement = (moments: CueMoments): Statement => ({
  sql: `UPDATE cue_seen SET due_ms = found.value ->> 1 FROM json_each(?) AS found WHERE cue = found.value ->> 0`,
  args: [JSON.stringify(moments)],
});
