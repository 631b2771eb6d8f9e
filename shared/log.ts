/** The log port: structured lines, one per event, no secrets. Where they go is the runtime's affair. */

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, string | number | boolean | null | undefined>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Drops everything: for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
