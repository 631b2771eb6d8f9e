/** Work on the outbox's files that is done again and again, between what boxes and central ask of it. */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export interface Repeats {
  /** @param work whether it should go on at once: what is left is more than one turn may do */
  (failed: string, everyMs: number, work: () => Promise<boolean>): void;
  end(): void;
}

export function createRepeats(
  timers: Timers,
  exclusive: <T>(work: () => Promise<T>) => Promise<T>,
  log: Log,
): Repeats {
  const cancels = new Map<string, () => void>();
  let ended = false;
  const repeats = (failed: string, everyMs: number, work: () => Promise<boolean>) => {
    const arm = (delayMs: number) => {
      if (ended) return;
      const cancel = timers.after(delayMs, () => {
        exclusive(work).then(
          (more) => arm(more ? 0 : everyMs),
          (error) => {
            log.warn(failed, { error: errorMessage(error) });
            arm(everyMs);
          },
        );
      });
      cancels.set(failed, cancel);
    };
    arm(everyMs);
  };
  return Object.assign(repeats, {
    end() {
      ended = true;
      for (const cancel of cancels.values()) cancel();
    },
  });
}
