/** How a long-running process ends: on SIGINT, SIGTERM, or when the launcher that holds its stdin is gone. */
import type { Log } from "../log.ts";

/** After this an orderly end is given up. */
const SHUTDOWN_MAX_MS = 10_000;

/**
 * Runs `end` once, then exits: 0 when it ended in order, 1 when it threw or took longer than 10 s.
 *
 * @param isForReader what is printed is all that it is for: it ends when nobody reads that any more
 */
export function onShutdown(end: (reason: string) => Promise<void>, isForReader = false): void {
  let ending = false;
  const shutDown = (reason: string) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MAX_MS);
    end(reason).then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", () => shutDown("SIGINT"));
  process.on("SIGTERM", () => shutDown("SIGTERM"));
  if (isForReader) process.stdout.on("error", () => shutDown("nobody reads what it prints"));
  if (process.env.CUECAST_STDIN_IS_PARENT === "1") {
    process.stdin.on("end", () => shutDown("the launcher is gone"));
    process.stdin.on("error", () => shutDown("the launcher is gone"));
    process.stdin.resume();
  }
}

/** Ends this process at once, as what refuses to start does: what it has promised is on its disk. */
export function endWith(log: Log): (error: Error) => void {
  return (error) => {
    log.error("ended", { why: error.message });
    process.exit(1);
  };
}

/** One line for whoever started the process: that it serves, and where. */
export function announce(fields: Record<string, string | number | boolean | null>): void {
  process.stdout.write(`${JSON.stringify(fields)}\n`);
}
