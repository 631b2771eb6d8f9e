/** Log lines as JSON on stderr, one per event. */
import type { Log, LogFields, LogLevel } from "../log.ts";

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** @param part which part of the system speaks: `central`, `edge`, `box` */
export function createJsonLog(part: string, least: LogLevel = "info"): Log {
  const write = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (ORDER[level] < ORDER[least]) return;
    process.stderr.write(
      `${JSON.stringify({ at: new Date().toISOString(), level, part, event, ...fields })}\n`,
    );
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
