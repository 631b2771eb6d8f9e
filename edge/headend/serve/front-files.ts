/**
 * What is current, as files for nginx in front: it answers by itself what a box asks whose address has one, at the price of
 * a file. To read a reply out of its cache costs nginx twice that.
 *
 * A form (plain, gzip) of a body has two files once it was sent through nginx: the body, and an empty one, named by
 * what a box says that holds it (`GET-gzip-"<tag>-gz"`), for 304. Both go when the body is no longer what would be
 * sent; if they cannot be taken away, that is tried again and again, for a file too many holds boxes up. Only what went
 * through nginx has them: what nginx keeps of it in its cache is then the newest, and goes on when the edge is away.
 */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { HotRequest } from "../../../shared/runtime/hot.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { BodyForm, CachedBody } from "./cached-body.ts";

/** Where they lie. Both throw the system's error. */
export interface FrontFolder {
  add(path: string, body: BodyForm): Promise<void>;
  /** Harmless when they are not there. */
  remove(path: string, body: BodyForm): Promise<void>;
}

export interface FrontFiles {
  /**
   * After a body was sent.
   *
   * @param path as boxes write it, `/v1/…`, with nothing to decode
   * @param isCurrent whether it would be sent at an instant
   */
  sent(
    path: string,
    body: CachedBody,
    request: Pick<HotRequest, "header">,
    isCurrent: (nowMs: number) => boolean,
  ): void;
  /** Takes away what is no longer current: at once after another snapshot took over. Resolves when it is gone. */
  sweep(): Promise<void>;
  /** Takes all of them away. */
  stop(): Promise<void>;
}

/** How often it is looked what is no longer current, ms. nginx looks once a second, and two are what it may keep. */
export const SWEEP_EVERY_MS = 500;

export interface FrontLimits {
  /** Beyond it none is added until some go. A region has hundreds of channels, in two forms. */
  formsMax: number;
  /** Of bodies together: they lie in memory. */
  bytesMax: number;
}
const LIMITS: FrontLimits = { formsMax: 20_000, bytesMax: 128 * 1024 * 1024 };

/** What nginx as shipped adds to every request that it passes on. */
const PASSED_ON = "x-forwarded-for";
/** What it makes of the usual values; others it passes on as they are, and has no files for. */
const USUAL_ENCODINGS: readonly (string | undefined)[] = [undefined, "gzip"];

const isFromNginx = (request: Pick<HotRequest, "header">) =>
  request.header(PASSED_ON) !== undefined && USUAL_ENCODINGS.includes(request.header("accept-encoding"));

/**
 * The time of a body's file, s since the Unix epoch: nginx tells it as a number in base 16, and so the tag. One digit for
 * the form, eight of the tag: before the year 2446, with which the times of ext4 end.
 */
export function fileTime(etag: string): number {
  const [, digits = "", packed] = /^"([0-9a-f]{8})(-gz)?"$/.exec(etag) ?? [];
  return Number.parseInt(`${packed ? 2 : 1}${digits}`, 16);
}

interface Held extends BodyForm {
  path: string;
  isCurrent(nowMs: number): boolean;
}

export function createFrontFiles(
  ports: { folder: FrontFolder; clock: Clock; timers: Timers; log: Log },
  limits = LIMITS,
): FrontFiles {
  const { folder, clock, timers, log } = ports;
  const held = new Map<string, Held>();
  let bytesHeld = 0;
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
        if (why !== trouble) log.warn("front-not-kept", { why });
        trouble = why;
      },
    );
    return work;
  };

  const leave = (key: string, each: Held) =>
    change(async () => {
      await folder.remove(each.path, each);
      if (held.delete(key)) bytesHeld -= each.bytes.length;
    });

  async function sweep(): Promise<void> {
    const nowMs = clock.wallMs();
    const gone = [...held].filter(([, each]) => !each.isCurrent(nowMs));
    await Promise.all(
      gone.map(([key, each]) => {
        // What is on its way out does not come back.
        each.isCurrent = () => false;
        return leave(key, each);
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
    sent(path, body, request, isCurrent) {
      if (stopped || !isFromNginx(request)) return;
      const key = `${body.formFor(request)} ${path}`;
      if (held.has(key) || held.size >= limits.formsMax || bytesHeld >= limits.bytesMax) return;
      const each: Held = { ...body.inForm(body.formFor(request)), path, isCurrent };
      held.set(key, each);
      bytesHeld += each.bytes.length;
      void change(async () => {
        try {
          await folder.add(path, each);
        } catch (error) {
          // Some of it may be there: the next look takes it away, and then it may be tried again.
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
      for (const [key, each] of held) void leave(key, each);
      await work;
    },
  };
}
