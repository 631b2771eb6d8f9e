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
  /** When it fires; absent when the cue is not known here. */
  atMs: v.optional(instantSchema),
  closesAtMs: v.optional(instantSchema),
  closed: v.boolean(),
  /** From raw answers, exactly once. */
  counted: tallySchema,
  /** What edges say they took, while answers of theirs have not all come in; else what is counted. */
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
    if (edges.every(isAllIn)) provisional = counted;
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
    const closesAtMs = cue && answer && cue.atMs + answer.closeAfterMs;
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
    if (cue) result.atMs = cue.atMs;
    if (closesAtMs !== undefined) result.closesAtMs = closesAtMs;
    if (entry?.correct) result.correct = entry.correct;
    return result;
  }

  return {
    summary,
    /**
     * Cues for which something came in, the latest first.
     *
     * @param before moment and cue; behind them they begin
     * @returns `next`: such a place, when there are more
     */
    async recent(most: number, nowMs: number, before: [number, string] = END) {
      const rows = await database.all(
        `SELECT cue, at_ms FROM cue_seen WHERE (at_ms, cue) < (?, ?) ORDER BY at_ms DESC, cue DESC LIMIT ?`,
        [...before, most + 1],
      );
      const page = rows.slice(0, most);
      const summaries: Summary[] = [];
      for (const row of page) {
        const found = await summary(String(row.cue), nowMs);
        if (found) summaries.push(found);
      }
      const last = rows.length > most ? page.at(-1) : undefined;
      return { summaries, next: last && `${last.at_ms}-${last.cue}` };
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
