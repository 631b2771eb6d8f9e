/** What verdicts change in the counts: gathered for a transaction, so that each row of a tally is written once. Pure. */
import type { Statement } from "../../shared/runtime/database.ts";
import type { Verdict } from "./judge.ts";

interface Tallied {
  interaction: string;
  version: number;
  /** Undefined when it contradicts the interaction: then it is in no tally. */
  choices: readonly string[] | undefined;
}

/** Of one cue. */
interface CueCounts {
  verdicts: Map<string, number>;
  tallies: Map<Tallied, number>;
}

export interface Counting {
  /** @param tallied the same object for all of a kind */
  add(cue: string, tallied: Tallied, verdict: Verdict, by: number): void;
  statements(): Statement[];
}

const addTo = <K>(counts: Map<K, number>, key: K, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);

/** The empty option holds the total. */
function tallyRows(cues: ReadonlyMap<string, CueCounts>): (string | number)[][] {
  const rows: (string | number)[][] = [];
  for (const [cue, { tallies }] of cues) {
    const counts = new Map<string, (string | number)[]>();
    for (const [{ interaction, version, choices }, by] of tallies) {
      if (!choices || by === 0) continue;
      for (const option of ["", ...choices]) {
        const key = `${interaction}\n${version}\n${option}`;
        const row = counts.get(key) ?? [cue, interaction, version, option, 0];
        counts.set(key, row);
        row[4] = Number(row[4]) + by;
      }
    }
    rows.push(...counts.values());
  }
  return rows.filter((row) => row[4] !== 0);
}

export function createCounting(): Counting {
  const cues = new Map<string, CueCounts>();
  return {
    add(cue, tallied, verdict, by) {
      let counts = cues.get(cue);
      if (!counts) {
        counts = { verdicts: new Map(), tallies: new Map() };
        cues.set(cue, counts);
      }
      addTo(counts.verdicts, verdict, by);
      if (verdict === "counted") addTo(counts.tallies, tallied, by);
    },
    statements: () => [
      {
        sql: `INSERT INTO tally (cue, interaction, version, option, count)
              SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
              ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        args: [JSON.stringify(tallyRows(cues))],
      },
      {
        sql: `INSERT INTO verdict_count (cue, verdict, count)
              SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
              ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        args: [
          JSON.stringify(
            [...cues].flatMap(([cue, { verdicts }]) =>
              [...verdicts]
                .filter(([, count]) => count !== 0)
                .map(([verdict, count]) => [cue, verdict, count]),
            ),
          ),
        ],
      },
    ],
  };
}
