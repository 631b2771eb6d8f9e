/** What is kept for how long, and why: the defaults, and the limits within which an admin may change them. */
import * as v from "valibot";

export const KINDS = ["answers", "airings", "audit", "sessions", "publications", "deliveries"] as const;
export type Kind = (typeof KINDS)[number];

const days = (least: number, most = 3_650) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

/** In days. */
export const retentionSchema = v.object({
  /** Raw answers, by pseudonym, after the last that came for their cue. Counts, over time and by region too, stay. */
  answers: days(1),
  /** What boxes did with a cue, as counts of each edge; after the last that came for it. */
  airings: days(1),
  audit: days(30),
  /** Sessions of people after they ended, with the address they came from. */
  sessions: days(0, 365),
  /** Past publications: what can be rolled back to. The newest hundred and what is on air always stay. */
  publications: days(7),
  /** What was sent to webhooks, and what became of it. */
  deliveries: days(1),
});
export type RetentionDays = v.InferOutput<typeof retentionSchema>;

export const RETENTION_DAYS: RetentionDays = {
  /** A season's complaints and prize draws are settled within a quarter; nobody needs single votes after that. */
  answers: 90,
  /** No pseudonyms in them; a year, to compare a programme with last year's. */
  airings: 365,
  /** Two years: who put what on air is asked when contracts are settled. */
  audit: 730,
  /** A day: only to see that somebody was signed in just now. */
  sessions: 1,
  /** A year: nobody rolls back further, and old cues are judged from them. */
  publications: 365,
  /** A month: to find out why a receiver missed something. */
  deliveries: 30,
};
