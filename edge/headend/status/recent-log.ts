/** The last warnings and errors of this process, for the status page: a log that keeps them on their way. */
import type { Log, LogFields } from "../../../shared/log.ts";
import type { Clock } from "../../../shared/time/clock.ts";

export interface RecentEntry {
  level: "warn" | "error";
  event: string;
  /** Its fields as text, cut off. */
  words: string;
  lastMs: number;
  /** How often in a row. */
  times: number;
}

/** Kept; the same again only counts. */
const ENTRIES_MAX = 10;
const WORDS_MAX = 300;

const wordsOf = (fields: LogFields = {}) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (name === "why" || name === "error" ? String(value) : `${name} ${value}`))
    .join("; ")
    .slice(0, WORDS_MAX);

export function createRecentLog(log: Log, clock: Clock): { log: Log; recent(): RecentEntry[] } {
  const entries: RecentEntry[] = [];
  const keep = (level: RecentEntry["level"]) => (event: string, fields?: LogFields) => {
    log[level](event, fields);
    const words = wordsOf(fields);
    const at = entries.findIndex((entry) => entry.event === event && entry.words === words);
    const times = at < 0 ? 1 : (entries.splice(at, 1)[0] as RecentEntry).times + 1;
    entries.push({ level, event, words, lastMs: clock.wallMs(), times });
    if (entries.length > ENTRIES_MAX) entries.shift();
  };
  return {
    log: { debug: log.debug, info: log.info, warn: keep("warn"), error: keep("error") },
    recent: () => [...entries].reverse(),
  };
}
