/** What central does by itself, without a request: each told when it fails, repeated until the end, waited for then. */
import { errorMessage } from "../shared/errors.ts";
import type { Log } from "../shared/log.ts";
import type { Timers } from "../shared/time/timers.ts";

export interface Errands {
  /** Runs it; a failure is logged as `event`, and never thrown. */
  run(event: string, errand: () => Promise<void>): Promise<void>;
  /** Runs it now, and again `everyMs` after each end. It does not throw: it is made of `run()`. */
  repeat(everyMs: number, errand: () => Promise<void>): void;
  /** Nothing begins any more; resolves when what runs has ended. What fails from now on is not told. */
  close(): Promise<void>;
}

export function createErrands({ timers, log }: { timers: Timers; log: Log }): Errands {
  const running = new Set<Promise<void>>();
  const waiting = new Set<() => void>();
  let closed = false;

  function run(event: string, errand: () => Promise<void>): Promise<void> {
    const done = errand()
      .catch((error) => closed || log.error(event, { why: errorMessage(error) }))
      .then(() => void running.delete(done));
    running.add(done);
    return done;
  }

  function repeat(everyMs: number, errand: () => Promise<void>): void {
    const again = async () => {
      await errand();
      if (closed) return;
      const cancel = timers.after(everyMs, () => {
        waiting.delete(cancel);
        again();
      });
      waiting.add(cancel);
    };
    again();
  }

  async function close(): Promise<void> {
    closed = true;
    for (const cancel of waiting) cancel();
    await Promise.all(running);
  }

  return { run, repeat, close };
}
