/**
 * Who took part in a draw, kept as it was when winners were picked: what arrives later changes no list that a hash was
 * told of. An erased box vanishes from it all the same; then the list says how many are gone.
 */
import type { Queries, Statement } from "../../shared/runtime/database.ts";

const linesOf = (boxes: readonly string[]) => boxes.map((box) => `${box}\n`).join("");

export function createDrawEntries(database: Queries) {
  return {
    /** A pick that was interrupted may have left some. */
    clear: (draw: string): Statement => ({ sql: "DELETE FROM draw_entries WHERE draw = ?", args: [draw] }),
    /** Of a cue past the retention of its answers. */
    clearCue: (cue: string): Statement => ({
      sql: "DELETE FROM draw_entries WHERE draw IN (SELECT id FROM draw WHERE cue = ?)",
      args: [cue],
    }),
    /** @param boxes sorted, behind those kept before */
    keep: (draw: string, boxes: readonly string[]): Statement => ({
      sql: "INSERT INTO draw_entries (draw, first, count, boxes) VALUES (?, ?, ?, ?)",
      args: [draw, boxes[0] ?? "", boxes.length, linesOf(boxes)],
    }),
    async count(draw: string): Promise<number> {
      const [row] = await database.all(
        "SELECT coalesce(sum(count), 0) AS boxes FROM draw_entries WHERE draw = ?",
        [draw],
      );
      return Number(row?.boxes);
    },
    /** Pages of lines, in order. */
    async *lines(draw: string): AsyncGenerator<string> {
      // Before the first.
      let after = "";
      for (;;) {
        const [page] = await database.all(
          "SELECT first, boxes FROM draw_entries WHERE draw = ? AND first > ? ORDER BY first LIMIT 1",
          [draw, after],
        );
        if (!page) return;
        yield String(page.boxes);
        after = String(page.first);
      }
    },
    /** What takes a box out of every list. Of each draw one page can hold it: the last that begins at or before it. */
    async erasure(box: string): Promise<Statement[]> {
      const pages = await database.all(
        `SELECT draw.id AS draw, page.first AS first, page.boxes AS boxes FROM draw
         CROSS JOIN draw_entries AS page ON page.draw = draw.id AND page.first =
           (SELECT max(first) FROM draw_entries WHERE draw_entries.draw = draw.id AND first <= ?1)`,
        [box],
      );
      return pages.flatMap(({ draw, first, boxes }) => {
        const before = String(boxes).split("\n").slice(0, -1);
        const left = before.filter((each) => each !== box);
        if (left.length === before.length) return [];
        const gone: Statement = {
          sql: "DELETE FROM draw_entries WHERE draw = ? AND first = ?",
          args: [String(draw), String(first)],
        };
        return left.length === 0 ? [gone] : [gone, this.keep(String(draw), left)];
      });
    },
  };
}
export type DrawEntries = ReturnType<typeof createDrawEntries>;
