/** What came in for a cue, added up over outboxes: counted, provisional, and what boxes did. */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import type { Queries } from "../../shared/runtime/database.ts";
import type { Answers } from "./answers.ts";
import type { CueFinder } from "./cue-facts.ts";

const tallySchema = v.object({ total: countSchema, options: v.record(v.string(), countSchema) });
export const summarySchema = v.object({
  cue: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  /** When it fires; absent: as far as is known the cue never was on air, and all else is what boxes say. */
  atMs: v.optional(instantSchema),
  closesAtMs: v.optional(instantSchema),
  closed: v.boolean(),
  /** From raw answers, exactly once. */
  counted: tallySchema,
  /** What edges say they took, while answers of theirs have not all come in and it is more; else what is counted. */
  provisional: tallySchema,
  /** Only for a quiz. */
  correct: v.optional(v.array(idSchema)),
  /** Answers by verdict: counted, duplicate, late, rejected, unknown; with those that edges judged themselves. */
  verdicts: v.record(v.string(), countSchema),
  /** Airings by outcome. */
  outcomes: v.record(v.string(), countSchema),
  /** By FIRING_ERROR_BOUNDS_MS, and one above. */
  firingErrors: v.array(countSchema),
});
export type Summary = v.InferOutput<typeof summarySchema>;

type Counts = Record<string, number>;
const addTo = (into: Counts, from: Counts) => {
  for (const [key, count] of Object.entries(from)) into[key] = (into[key] ?? 0) + count;
};

/** Whether every answer has come in that an edge's tally counts; an older edge does not tell up to which that is. */
const isAllIn = ({ counted_to: countedTo, taken, total }: Record<string, unknown>): boolean =>
  Number(total) === 0 || (countedTo != null && Number(taken ?? 0) >= Number(countedTo));

/** Of cues that never were on air: so many are counted, whoever sends however many. */
export const UNKNOWN_COUNTED_MAX = 10_000;
/** How far ahead of its moment a cue is told of: by so much a picture may be ahead, or a clock. */
const AHEAD_MAX_MS = 60_000;
/** Behind every place. */
const END: [number, string] = [Number.MAX_SAFE_INTEGER, ""];

export function createSummaries(database: Queries, answers: Pick<Answers, "subject">, finder: CueFinder) {
  async function summary(cueId: string, nowMs: number): Promise<Summary | undefined> {
    const raw = await database.all("SELECT * FROM tally WHERE cue = ?", [cueId]);
    const edges = await database.all(
      `SELECT tally.*, outbox.taken AS taken FROM tally_provisional AS tally
       LEFT JOIN outbox ON outbox.id = tally.outbox WHERE tally.cue = ?`,
      [cueId],
    );
    const airings = await database.all("SELECT * FROM airing_count WHERE cue = ?", [cueId]);
    const verdictRows = await database.all("SELECT verdict, count FROM verdict_count WHERE cue = ?", [cueId]);
    const cue = await finder.cue(cueId);
    const [seen] = cue ? [] : await database.all("SELECT due_ms FROM cue_seen WHERE cue = ?", [cueId]);
    const atMs = cue ? cue.atMs : seen?.due_ms == null ? undefined : Number(seen.due_ms);
    // The newest version named anywhere; counts of all versions of that interaction go together.
    const named = [...raw, ...edges, ...airings]
      .map((row) => ({ interaction: String(row.interaction), version: Number(row.version) }))
      .sort((a, b) => b.version - a.version);
    let subject = cue ? { interaction: cue.interaction, version: cue.version } : named[0];
    subject ??= await answers.subject(cueId);
    if (!subject) return undefined;
    const { interaction, version } = subject;
    const same = (row: Record<string, unknown>) => row.interaction === interaction;
    const counted = { total: 0, options: {} as Counts };
    for (const row of raw.filter(same)) {
      if (row.option === "") counted.total += Number(row.count);
      else addTo(counted.options, { [String(row.option)]: Number(row.count) });
    }
    let provisional = { total: 0, options: {} as Counts };
    for (const row of edges.filter(same)) {
      provisional.total += Number(row.total);
      addTo(provisional.options, JSON.parse(String(row.options)) as Counts);
    }
    // Edges cannot know of each other's answers of one box: once all have come in, what was counted is the truth.
    // And it is so at least: what an edge took whose tally has not come yet may be counted already.
    if (edges.every(isAllIn) || provisional.total < counted.total) provisional = counted;
    const verdicts: Counts = Object.fromEntries(
      verdictRows.map((row) => [String(row.verdict), Number(row.count)]),
    );
    for (const { others } of edges) {
      if (others != null) addTo(verdicts, JSON.parse(String(others)) as Counts);
    }
    const outcomes: Counts = {};
    const firingErrors: number[] = [];
    for (const row of airings) {
      addTo(outcomes, JSON.parse(String(row.outcomes)) as Counts);
      for (const [index, count] of (JSON.parse(String(row.firing_errors)) as number[]).entries()) {
        firingErrors[index] = (firingErrors[index] ?? 0) + count;
      }
    }
    const entry = await finder.entry(interaction, version);
    const answer = entry && "answer" in entry.interaction ? entry.interaction.answer : undefined;
    const closesAtMs = atMs !== undefined && answer ? atMs + answer.closeAfterMs : undefined;
    const result: Summary = {
      cue: cueId,
      interaction,
      version,
      closed: closesAtMs !== undefined && closesAtMs < nowMs,
      counted,
      provisional,
      verdicts,
      outcomes,
      firingErrors,
    };
    if (atMs !== undefined) result.atMs = atMs;
    if (closesAtMs !== undefined) result.closesAtMs = closesAtMs;
    if (entry?.correct) result.correct = entry.correct;
    return result;
  }

  return {
    summary,
    /**
     * Cues that were on air and for which something came in, by their moment, the latest first. One whose moment is to
     * come is not told yet: of a rule, anybody can name those of days.
     *
     * @param before moment and cue; behind them they begin
     * @returns `next`: such a place, when there are more
     */
    async recent(most: number, nowMs: number, before: [number, string] = END) {
      const rows = await database.all(
        `SELECT cue, due_ms FROM cue_seen WHERE due_ms <= ? AND (due_ms, cue) < (?, ?)
         ORDER BY due_ms DESC, cue DESC LIMIT ?`,
        [nowMs + AHEAD_MAX_MS, ...before, most + 1],
      );
      const page = rows.slice(0, most);
      const summaries: Summary[] = [];
      for (const row of page) {
        const found = await summary(String(row.cue), nowMs);
        if (found) summaries.push(found);
      }
      const last = rows.length > most ? page.at(-1) : undefined;
      return { summaries, next: last && `${last.due_ms}-${last.cue}` };
    },
    /**
     * Cues that never were on air, by when something came in for them last, the latest first: whoever reaches an edge
     * can send what they like for what they like.
     *
     * @param before moment and cue, as above
     */
    async unknown(most: number, before: [number, string] = END) {
      const rows = await database.all(
        `SELECT cue, at_ms, (SELECT count FROM verdict_count AS judged
           WHERE judged.cue = cue_seen.cue AND verdict = 'unknown') AS answers
         FROM cue_seen WHERE due_ms IS NULL AND (at_ms, cue) < (?, ?) ORDER BY at_ms DESC, cue DESC LIMIT ?`,
        [...before, most + 1],
      );
      const cues = rows.slice(0, most).map(({ cue, at_ms, answers }) => ({
        ...{ cue: String(cue), lastMs: Number(at_ms), answers: Number(answers ?? 0) },
      }));
      const last = rows.length > most ? cues.at(-1) : undefined;
      return { cues, next: last && `${last.lastMs}-${last.cue}` };
    },
    /** How many those are, at most UNKNOWN_COUNTED_MAX. */
    async unknownCount(): Promise<number> {
      const [row] = await database.all(
        "SELECT count(*) AS cues FROM (SELECT 1 FROM cue_seen WHERE due_ms IS NULL LIMIT ?)",
        [UNKNOWN_COUNTED_MAX],
      );
      return Number(row?.cues ?? 0);
    },
    async alarms(most: number) {
      const rows = await database.all("SELECT * FROM alarm ORDER BY last_ms DESC LIMIT ?", [most]);
      return rows.map((row) => ({
        kind: String(row.kind),
        outbox: String(row.outbox),
        detail: String(row.detail),
        firstMs: Number(row.first_ms),
        lastMs: Number(row.last_ms),
        count: Number(row.count),
      }));
    },
  };
}
export type Summaries = ReturnType<typeof createSummaries>;
