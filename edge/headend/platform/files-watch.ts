/**
 * Looks now and then whether the files that the next start needs are still there, as the outbox does for its answers: what
 * somebody deleted while the edge runs is written again from what it has, and told.
 */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { HeldCopy } from "./held-copy.ts";
import type { OwnIdentity } from "./own-identity.ts";

export interface FilesWatch {
  start(): void;
  /** What was written again, or could not be, in words; until the process ends. */
  damage(): readonly string[];
  stop(): Promise<void>;
}

/** Two small files are read, and one is looked for. */
const LOOK_EVERY_MS = 5_000;
/** The same again is told once. */
const WORDS_MAX = 10;

export function createFilesWatch(ports: {
  identity: Pick<OwnIdentity, "look">;
  copy: Pick<HeldCopy, "look" | "release">;
  timers: Timers;
  log: Log;
}): FilesWatch {
  const { identity, copy, timers, log } = ports;
  const told = new Set<string>();
  /** What cannot be mended now, by what it is; gone when it can. */
  const failing = new Map<string, string>();
  let stopped = false;
  let cancel = () => {};
  let looking: Promise<unknown> = Promise.resolve();

  async function mend(what: string, look: () => Promise<string | undefined>): Promise<void> {
    try {
      const why = await look();
      failing.delete(what);
      if (why === undefined) return;
      log.error("file-written-again", { why });
      if (told.size < WORDS_MAX) told.add(why);
    } catch (error) {
      const why = `${what}: it cannot be read or written again: ${errorMessage(error)}`;
      if (failing.get(what) !== why) log.error("file-not-written-again", { why });
      failing.set(what, why);
    }
  }

  async function lookAll(): Promise<void> {
    await mend("identity.json", identity.look);
    await mend("publications", copy.look);
    if (!stopped) arm();
  }

  function arm() {
    cancel = timers.after(LOOK_EVERY_MS, () => {
      looking = lookAll();
    });
  }

  return {
    start: arm,
    damage: () => [...told, ...failing.values()],
    async stop() {
      stopped = true;
      cancel();
      await looking;
      await copy.release();
    },
  };
}
