/** The last warnings and errors of this process, for the status page: a log that keeps them on their way. */
import type { Log, LogFields } from "../../../shared/log.ts";
import type { Clock } from "../../../shared/time/clock.ts";

export interface RecentEntry {
  level: "warn" | "error";
  event: string;
  /** Its fields as text, cut off. */
  said: readonly { name: string; text: string }[];
  lastMs: number;
  /** How often in a row. */
  times: number;
}

/** Kept; the same again only counts. */
const ENTRIES_MAX = 10;
const TEXT_MAX = 300;
const FIELDS_MAX = 8;

const saidOf = (fields: LogFields = {}): RecentEntry["said"] =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .slice(0, FIELDS_MAX)
    .map(([name, value]) => ({ name, text: String(value).slice(0, TEXT_MAX) }));

const isSame = (one: RecentEntry["said"], other: RecentEntry["said"]) =>
  JSON.stringify(one) === JSON.stringify(other);

export function createRecentLog(log: Log, clock: Clock): { log: Log; recent(): RecentEntry[] } {
  const entries: RecentEntry[] = [];
  const keep = (level: RecentEntry["level"]) => (event: string, fields?: LogFields) => {
    log[level](event, fields);
    const said = saidOf(fields);
    const at = entries.findIndex((entry) => entry.event === event && isSame(entry.said, said));
    const times = at < 0 ? 1 : (entries.splice(at, 1)[0] as RecentEntry).times + 1;
    entries.push({ level, event, said, lastMs: clock.wallMs(), times });
    if (entries.length > ENTRIES_MAX) entries.shift();
  };
  return {
    log: { debug: log.debug, info: log.info, warn: keep("warn"), error: keep("error") },
    recent: () => [...entries].reverse(),
  };
}
