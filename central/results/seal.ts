/**
 * Removing raw answers past their retention, cue by cue. A cue is sealed first: its counts over time and by region are
 * kept as they are now, and no answer to it is taken in any more. Then its answers go, a slice at a time.
 */
import type { Queries } from "../../shared/runtime/database.ts";
import { type Answers, hasAnswers } from "./answers.ts";
import type { CueFinder } from "./cue-facts.ts";
import type { DrawEntries } from "./draw-entries.ts";
import { readSeries } from "./series.ts";

interface Ports {
  database: Queries;
  answers: Answers;
  finder: CueFinder;
  entries: Pick<DrawEntries, "clearCue">;
  /** Region by edge id. */
  regions(): Promise<ReadonlyMap<string, string>>;
  /** Runs a task while nothing is taken in. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

/** Answers that the kept series is made from: it is made once, and stays. */
const ANSWERS_SEALED_MAX = 200_000;
/** Cues looked at in one slice, when most are still open. */
const CUES_A_SLICE = 50;

export function createSealer({ database, answers, finder, entries, regions, exclusive }: Ports) {
  /** Whether answers may still come in time. */
  async function isOpen(cueId: string, nowMs: number): Promise<boolean> {
    const cue = await finder.cue(cueId);
    const entry = cue && (await finder.entry(cue.interaction, cue.version));
    if (!cue || !entry || entry.interaction.type === "notice") return false;
    const { closeAfterMs, acceptAfterCloseMs } = entry.interaction.answer;
    return cue.atMs + closeAfterMs + acceptAfterCloseMs > nowMs;
  }

  async function seal(cue: string, nowMs: number): Promise<void> {
    const series = await readSeries({ database, answers }, cue, await regions(), ANSWERS_SEALED_MAX);
    await database.batch([
      {
        sql: "INSERT OR IGNORE INTO sealed_cue (cue, at_ms, series) VALUES (?, ?, ?)",
        args: [cue, nowMs, JSON.stringify(series)],
      },
      {
        sql: "UPDATE draw_winner SET box = NULL WHERE draw IN (SELECT id FROM draw WHERE cue = ?)",
        args: [cue],
      },
      entries.clearCue(cue),
    ]);
  }

  /**
   * One slice.
   *
   * @param beforeMs cues for which nothing came in since
   * @returns answers removed; 0: nothing is left that is due
   */
  return (beforeMs: number, rowsMax: number, nowMs: number): Promise<number> =>
    exclusive(async () => {
      let [after, afterMs] = ["", -1];
      for (;;) {
        const rows = await database.all(
          `SELECT cue, at_ms FROM cue_seen WHERE at_ms < ?1 AND (at_ms, cue) > (?2, ?3)
             AND ${hasAnswers("cue_seen.cue")} ORDER BY at_ms, cue LIMIT ?4`,
          [beforeMs, afterMs, after, CUES_A_SLICE],
        );
        for (const row of rows) {
          const cue = String(row.cue);
          if (await isOpen(cue, nowMs)) continue;
          await seal(cue, nowMs);
          return answers.removeOf(cue, rowsMax);
        }
        const last = rows.at(-1);
        if (!last || rows.length < CUES_A_SLICE) return 0;
        [after, afterMs] = [String(last.cue), Number(last.at_ms)];
      }
    });
}
