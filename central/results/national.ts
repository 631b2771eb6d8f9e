/**
 * What central counted of cues, for edges. All edges that show a cue ask for it every few seconds: a cue is read once
 * a second at most, however many they are.
 */
import type { Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Tally } from "../../shared/uplink/batch.ts";

/** How old a count may be that is told again, ms. */
const FRESH_MS = 1_000;
/** Cues held, about; beyond it all are read again. */
const HELD_MAX = 1_000;

export interface National {
  /** As they are now. */
  read(cues: readonly string[]): Promise<Tally[]>;
  /** As they were a second ago at most. */
  recent(cues: readonly string[]): Promise<Tally[]>;
}

export function createNational(ports: { database: Queries; clock: Clock }): National {
  const { database, clock } = ports;
  const held = new Map<string, { readMs: number; tallies: Promise<Tally[]> }>();

  async function read(cues: readonly string[]): Promise<Tally[]> {
    if (cues.length === 0) return [];
    const rows = await database.all(
      `SELECT cue, interaction, version, option, count FROM tally
       WHERE cue IN (SELECT value FROM json_each(?)) ORDER BY cue, interaction, version, option`,
      [JSON.stringify(cues)],
    );
    const tallies = new Map<string, Tally>();
    for (const row of rows) {
      const [cue, interaction, version] = [String(row.cue), String(row.interaction), Number(row.version)];
      const key = `${cue}\n${interaction}\n${version}`;
      const tally = tallies.get(key) ?? { cue, interaction, version, total: 0, options: {} };
      tallies.set(key, tally);
      if (row.option === "") tally.total = Number(row.count);
      else tally.options[String(row.option)] = Number(row.count);
    }
    return [...tallies.values()];
  }

  return {
    read,
    async recent(cues) {
      const nowMs = clock.monotonicMs();
      if (held.size > HELD_MAX) held.clear();
      const isFresh = (cue: string) => {
        const readMs = held.get(cue)?.readMs;
        return readMs !== undefined && nowMs - readMs < FRESH_MS;
      };
      const missing = cues.filter((cue) => !isFresh(cue));
      if (missing.length > 0) {
        const all = read(missing);
        for (const cue of missing) {
          const tallies = all.then((found) => found.filter((tally) => tally.cue === cue));
          // Whoever waits for it is told; the next one reads again.
          tallies.catch(() => held.delete(cue));
          held.set(cue, { readMs: nowMs, tallies });
        }
      }
      const found = await Promise.all(cues.map((cue) => held.get(cue)?.tallies ?? []));
      return found.flat();
    },
  };
}
