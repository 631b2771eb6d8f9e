/** All answers, in whichever of the two tables they are. */
import type { Queries, Statement } from "../../shared/runtime/database.ts";
import type { BoxCounted, GivenInSecond, KeptAnswer } from "./answer-table.ts";
import { createAnswersBefore } from "./answers-before.ts";
import { createAnswersNarrow } from "./answers-narrow.ts";
import type { Verdict } from "./judge.ts";

/** Whether a table's cue has answers, in a statement; @param cue a column */
export const hasAnswers = (cue: string): string =>
  `(EXISTS (SELECT 1 FROM answer WHERE answer.cue = (SELECT id FROM cue_number WHERE cue_number.cue = ${cue}))
    OR EXISTS (SELECT 1 FROM answer_before WHERE answer_before.cue = ${cue}))`;

const sortedUnique = (names: readonly string[]) => [...new Set(names)].sort();

/** Two pages of boxes as one: what lies behind the end of a full one comes with the next page. */
function mergeBoxes(pages: readonly BoxCounted[][], most: number): BoxCounted[] {
  const [end] = pages
    .filter((page) => page.length >= most)
    .map((page) => page.at(-1)?.box ?? "")
    .sort();
  const merged = new Map<string, BoxCounted>();
  for (const { box, given } of pages.flat()) {
    if (end !== undefined && box > end) continue;
    merged.set(box, { box, given: [...(merged.get(box)?.given ?? []), ...given] });
  }
  return [...merged.values()].sort((a, b) => (a.box < b.box ? -1 : 1));
}

export function createAnswers(database: Queries) {
  const narrow = createAnswersNarrow(database);
  const before = createAnswersBefore(database);

  /** The older one until its retention has emptied it. */
  async function tables() {
    const [row] = await database.all("SELECT min(rowid) AS first FROM answer_before");
    return row?.first == null ? [narrow] : [narrow, before];
  }
  async function fromAll<T>(ask: (table: typeof before) => Promise<T[]>): Promise<T[]> {
    const found: T[] = [];
    for (const table of await tables()) found.push(...(await ask(table)));
    return found;
  }

  return {
    number: narrow.number,
    groups: (asked: ReadonlyMap<string, readonly string[]>): Promise<KeptAnswer[]> =>
      fromAll((table) => table.groups(asked)),
    setVerdicts(changes: readonly (readonly [KeptAnswer, Verdict])[]): Statement[] {
      const of = (wanted: boolean) =>
        changes
          .filter(([{ before: isBefore }]) => isBefore === wanted)
          .map(([{ row }, verdict]) => [row, verdict] as const);
      const [now, then] = [of(false), of(true)];
      return [
        ...(now.length > 0 ? [narrow.setVerdicts(now)] : []),
        ...(then.length > 0 ? [before.setVerdicts(then)] : []),
      ];
    },
    unknownCues: async (most: number): Promise<string[]> =>
      sortedUnique(await fromAll((table) => table.unknownCues(most))),
    /** A page of them; empty: no more are behind `after`. */
    unknownBoxes: async (cue: string, after: string, most: number): Promise<string[]> =>
      sortedUnique(await fromAll((table) => table.unknownBoxes(cue, after, most))).slice(0, most),
    async subject(cue: string) {
      for (const table of await tables()) {
        const found = await table.subject(cue);
        if (found) return found;
      }
      return undefined;
    },
    async seconds(cue: string, most: number): Promise<GivenInSecond[]> {
      const found: GivenInSecond[] = [];
      let left = most;
      for (const table of await tables()) {
        if (left <= 0) break;
        const part = await table.seconds(cue, left);
        left -= part.reduce((sum, { count }) => sum + count, 0);
        found.push(...part);
      }
      return found.sort((a, b) => a.second - b.second);
    },
    /** A page of them, sorted; empty: no more are behind `after`. */
    async counted(cue: string, after: string, most: number): Promise<BoxCounted[]> {
      const pages: BoxCounted[][] = [];
      for (const table of await tables()) pages.push(await table.counted(cue, after, most));
      return mergeBoxes(pages, most);
    },
    /** Of one box, and what removes them. */
    async ofBox(box: string) {
      const found: { cue: string; verdict: string }[] = [];
      const removal: Statement[] = [];
      for (const table of await tables()) {
        const rows = await table.ofBox(box);
        found.push(...rows);
        removal.push(table.remove(rows.map(({ row }) => row)));
      }
      return { answers: found, removal };
    },
    /** @returns how many were removed; 0: none is left */
    async removeOf(cue: string, most: number): Promise<number> {
      let removed = 0;
      for (const table of await tables()) {
        if (removed < most) removed += await table.removeOf(cue, most - removed);
      }
      return removed;
    },
  };
}
export type Answers = ReturnType<typeof createAnswers>;
