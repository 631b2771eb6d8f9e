/** What a table of answers is asked. There are two: `answers-narrow.ts`, and `answers-before.ts` of older releases. */
import type { Statement } from "../../shared/runtime/database.ts";
import type { GivenAnswer, Verdict } from "./judge.ts";

export interface KeptAnswer extends GivenAnswer {
  box: string;
  cue: string;
  outbox: string;
  number: number;
  verdict: Verdict;
  row: number;
  /** It is in the older table. */
  before: boolean;
}

export interface GivenInSecond {
  /** Since the Unix epoch. */
  second: number;
  outbox: string;
  options: readonly string[] | undefined;
  rating: number | undefined;
  verdict: string;
  count: number;
}

export interface BoxCounted {
  box: string;
  /** The options of each of its answers that count. */
  given: string[][];
}

export interface AnswerTable {
  /** Every answer of these boxes to these cues; @param asked boxes by cue, none twice */
  groups(asked: ReadonlyMap<string, readonly string[]>): Promise<KeptAnswer[]>;
  setVerdicts(changes: readonly (readonly [row: number, verdict: Verdict])[]): Statement;
  /** Cues with answers whose verdict is not known. */
  unknownCues(most: number): Promise<string[]>;
  /** Boxes with such answers, behind `after`, sorted. */
  unknownBoxes(cue: string, after: string, most: number): Promise<string[]>;
  /** Of any answer to the cue. */
  subject(cue: string): Promise<{ interaction: string; version: number } | undefined>;
  /** How many of each kind in each second, of at most so many answers: the first by box. */
  seconds(cue: string, most: number): Promise<GivenInSecond[]>;
  /** Boxes with answers that count, behind `after`, sorted. */
  counted(cue: string, after: string, most: number): Promise<BoxCounted[]>;
  /** Answers of one box, to whatever cue. */
  ofBox(box: string): Promise<{ row: number; cue: string; verdict: string }[]>;
  remove(rows: readonly number[]): Statement;
  /** @returns how many were removed; fewer than `most`: none is left */
  removeOf(cue: string, most: number): Promise<number>;
}

/** Of `group_concat(options, char(10))`. */
export const readGiven = (text: unknown): string[][] =>
  String(text ?? "")
    .split("\n")
    .filter((options) => options !== "")
    .map((options) => JSON.parse(options) as string[]);

/**
 * Cues of a table, one after the other, and a box's answers to each: they are kept by cue, and an index by box would
 * cost each answer that is taken in more than all other work on it.
 */
export const rowsOfBox = (table: string): string => `WITH RECURSIVE kept (cue) AS (
    SELECT min(cue) FROM ${table} UNION ALL
    SELECT (SELECT min(cue) FROM ${table} AS next WHERE next.cue > kept.cue) FROM kept WHERE kept.cue IS NOT NULL)
  SELECT ${table}.rowid AS id, ${table}.cue AS cue, ${table}.verdict AS verdict
  FROM kept CROSS JOIN ${table} ON ${table}.cue = kept.cue AND ${table}.box = ?`;

export const verdictsStatement = (
  table: string,
  changes: readonly (readonly [row: number, verdict: Verdict])[],
): Statement => ({
  sql: `UPDATE ${table} SET verdict = change.value ->> 1 FROM json_each(?) AS change
        WHERE ${table}.rowid = change.value ->> 0`,
  args: [JSON.stringify(changes)],
});

export const removeStatement = (table: string, rows: readonly number[]): Statement => ({
  sql: `DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`,
  args: [JSON.stringify(rows)],
});
