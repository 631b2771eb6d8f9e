/**
 * The tags of what is current, for nginx in front: it answers a box that still holds it with 304 by itself. Reading a
 * reply out of nginx's cache to find that nobody needs it costs half as much again as a 304 of a file.
 *
 * For each address that was asked for there is a folder, in it an empty file for each form, named by what a box says
 * that holds it: `GET-gzip-"<tag>-gz"`. nginx looks whether the file is there. A tag goes when its body is no longer what
 * would be sent; if it cannot be taken away, that is tried again and again, for a tag too many holds boxes up.
 */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { CachedBody } from "./cached-body.ts";

/** Where they lie. Both throw the system's error. */
export interface TagFolder {
  add(path: string, names: readonly string[]): Promise<void>;
  /** Harmless when they are not there. */
  remove(path: string, names: readonly string[]): Promise<void>;
}

export interface CurrentTags {
  /**
   * After a body was sent.
   *
   * @param path as boxes write it, `/v1/…`, with nothing to decode
   * @param isCurrent whether it would be sent at an instant
   */
  sent(path: string, body: CachedBody, isCurrent: (nowMs: number) => boolean): void;
  /** Takes away what is no longer current: at once after another snapshot took over. Resolves when it is gone. */
  sweep(): Promise<void>;
  /** Takes all of them away. */
  stop(): Promise<void>;
}

/** How often it is looked what is no longer current, ms. nginx looks once a second, and two are what it may keep. */
export const SWEEP_EVERY_MS = 500;
/** Addresses; beyond it none is added until some go. A region has hundreds of channels. */
const PATHS_MAX = 20_000;

interface Held {
  names: readonly string[];
  isCurrent(nowMs: number): boolean;
}

export function createCurrentTags(
  ports: { folder: TagFolder; clock: Clock; timers: Timers; log: Log },
  pathsMax = PATHS_MAX,
): CurrentTags {
  const { folder, clock, timers, log } = ports;
  const held = new Map<string, Held>();
  let stopped = false;
  let cancel: (() => void) | undefined;
  let trouble: string | undefined;
  /** One change after the other: what is added is there before it is taken away. */
  let work: Promise<void> = Promise.resolve();

  const change = (act: () => Promise<void>) => {
    work = work.then(act).then(
      () => {
        trouble = undefined;
      },
      (error) => {
        const why = errorMessage(error);
        if (why !== trouble) log.warn("tags-not-kept", { why });
        trouble = why;
      },
    );
    return work;
  };

  const leave = (path: string, { names }: Held) =>
    change(async () => {
      await folder.remove(path, names);
      held.delete(path);
    });

  async function sweep(): Promise<void> {
    const nowMs = clock.wallMs();
    const gone = [...held].filter(([, each]) => !each.isCurrent(nowMs));
    await Promise.all(
      gone.map(([path, each]) => {
        // What is on its way out does not come back.
        each.isCurrent = () => false;
        return leave(path, each);
      }),
    );
  }

  function arm() {
    cancel ??= timers.after(SWEEP_EVERY_MS, async () => {
      await sweep();
      cancel = undefined;
      if (!stopped && held.size > 0) arm();
    });
  }

  return {
    sent(path, { etag, etagGzip }, isCurrent) {
      if (stopped || held.has(path) || held.size >= pathsMax) return;
      const each: Held = { names: [`GET--${etag}`, `GET-gzip-${etagGzip}`], isCurrent };
      held.set(path, each);
      void change(async () => {
        try {
          await folder.add(path, each.names);
        } catch (error) {
          // Some of them may be there: the next look takes them away, and then it may be tried again.
          each.isCurrent = () => false;
          throw error;
        }
      });
      arm();
    },
    sweep,
    async stop() {
      stopped = true;
      cancel?.();
      for (const [path, each] of held) void leave(path, each);
      await work;
    },
  };
}
