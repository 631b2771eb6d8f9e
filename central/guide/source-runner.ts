/** Asks the guide sources when they are due, and keeps how it went. What fails is tried again; nothing is lost. */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Random } from "../../shared/time/random.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { GuideSources, StoredSource } from "../store/guide-sources.ts";
import { fetchGuide, type GuideFetch } from "./fetch-guide.ts";
import type { ImportReport } from "./import-report.ts";
import type { Importer } from "./importer.ts";
import { checkEvery, nextRunMs } from "./next-run.ts";
import {
  type GuideSource,
  maskUrl,
  SOURCES_MAX,
  type SourceState,
  type SourceView,
  sourceTrouble,
} from "./source.ts";

/** Sources asked at once: a slow one must not hold up the others, nor all of them central. */
const AT_ONCE_MAX = 2;
/** Longest that the next look waits, ms: bounds what a step of the clock does. */
const LOOK_EVERY_MS = 15_000;

export interface SourceRunner {
  views(): Promise<SourceView[]>;
  /** @throws {CuecastError} `bad-rule`, 409 `too-many-sources` */
  put(source: GuideSource): Promise<SourceView>;
  /** @throws {CuecastError} 404 `unknown-source` */
  remove(id: string): Promise<void>;
  /** Asks it now. @throws {CuecastError} 404 `unknown-source`, 409 `source-running` */
  run(id: string): Promise<SourceView>;
  start(): void;
  close(): void;
}

interface Ports {
  sources: GuideSources;
  importer: Importer;
  fetch: GuideFetch;
  clock: Clock;
  timers: Timers;
  random: Random;
  log: Log;
  /** After a try, whatever came of it. */
  onTried(): void;
}

const unknown = (id: string) =>
  new CuecastError(`Cannot find guide source ${id}: there is none`, { code: "unknown-source", status: 404 });

export function createSourceRunner(ports: Ports): SourceRunner {
  const { sources, importer, fetch, clock, timers, random, log, onTried } = ports;
  const running = new Map<string, AbortController>();
  let closed = true;
  let cancel = () => {};

  /** Fetches and imports. @returns what is to be kept of it */
  async function ask(
    source: GuideSource,
    state: SourceState,
    signal: AbortSignal,
  ): Promise<Partial<SourceState>> {
    const { etag, lastModified } = state;
    const limits = { bytesMax: source.bytesMax, signal };
    const fetched = await fetchGuide(fetch, source.url, { etag, lastModified }, limits);
    if (fetched.kind === "unchanged") return {};
    const { zone, clock: feedClock } = source;
    const report = await importer.take(fetched.bytes, { source: source.id, zone, clock: feedClock });
    return { last: lastOf(report), etag: fetched.etag, lastModified: fetched.lastModified };
  }

  async function tryOnce({ source, state }: StoredSource): Promise<void> {
    const ending = new AbortController();
    running.set(source.id, ending);
    const stopLimit = timers.after(source.timeoutMs, () => ending.abort());
    const triedMs = clock.wallMs();
    let next: SourceState;
    try {
      const found = await ask(source, state, ending.signal);
      const doneMs = clock.wallMs();
      const { why: _, ...kept } = state;
      next = {
        ...{ ...kept, ...found, triedMs, doneMs, failures: 0 },
        nextMs: nextRunMs(source.every, doneMs, 0, random),
      };
    } catch (error) {
      if (closed && ending.signal.aborted) return;
      const failures = state.failures + 1;
      const why = errorMessage(error).slice(0, 500);
      const waitMs = error instanceof CuecastError ? (error.retryAfterMs ?? 0) : 0;
      const nextMs = nextRunMs(source.every, clock.wallMs(), failures, random, waitMs);
      next = { ...state, triedMs, failures, why, nextMs };
      log.warn("guide-source-failed", { source: source.id, failures, why });
    } finally {
      stopLimit();
      running.delete(source.id);
    }
    await sources.putState(source, next);
    onTried();
  }

  async function look(): Promise<void> {
    cancel();
    if (closed) return;
    let waitMs = LOOK_EVERY_MS;
    try {
      const nowMs = clock.wallMs();
      const ready = (await sources.all())
        .filter(({ source }) => !source.paused && !running.has(source.id))
        .sort((one, other) => one.state.nextMs - other.state.nextMs);
      for (const each of ready) {
        const inMs = each.state.nextMs - nowMs;
        if (inMs > 0) {
          waitMs = Math.min(waitMs, inMs);
        } else if (running.size < AT_ONCE_MAX) {
          tryOnce(each)
            .catch((error) => log.error("guide-source-lost", { why: errorMessage(error) }))
            .finally(look);
        }
      }
    } catch (error) {
      log.error("guide-sources-unread", { why: errorMessage(error) });
    }
    cancel();
    if (!closed) cancel = timers.after(waitMs, look);
  }

  /** What was held back when it came may have been decided on since. */
  async function lastNow(last: SourceState["last"]): Promise<SourceState["last"]> {
    if (last?.import === undefined || !(last.state === "pending" || last.state === "partly")) return last;
    return { ...last, state: (await importer.stateOf(last.import)) ?? last.state };
  }
  const view = async ({ source, state }: StoredSource): Promise<SourceView> => {
    const last = await lastNow(state.last);
    return {
      ...source,
      url: maskUrl(source.url),
      running: running.has(source.id),
      state: { ...state, ...(last && { last }) },
      trouble: sourceTrouble(source, state, clock.wallMs()),
    };
  };
  async function one(id: string): Promise<StoredSource> {
    const found = (await sources.all()).find(({ source }) => source.id === id);
    if (found) return found;
    throw unknown(id);
  }

  return {
    views: async () => await Promise.all((await sources.all()).map(view)),
    async put(wanted) {
      checkEvery(wanted.every);
      const all = await sources.all();
      const before = all.find((each) => each.source.id === wanted.id);
      // A page has the address without its secrets, and sends it back as it got it.
      const sameUrl = before && wanted.url === maskUrl(before.source.url);
      const source = sameUrl ? { ...wanted, url: before.source.url } : wanted;
      if (!before && all.length >= SOURCES_MAX) {
        throw new CuecastError(`Cannot add ${source.id}: there are ${SOURCES_MAX} guide sources already`, {
          code: "too-many-sources",
          status: 409,
        });
      }
      // Another address or another reading of it: what was fetched before says nothing.
      const { etag: _, lastModified: __, ...kept } = before?.state ?? { failures: 0 };
      await sources.put({ source, state: { ...kept, failures: 0, nextMs: clock.wallMs() } });
      await look();
      return await view(await one(source.id));
    },
    async remove(id) {
      running.get(id)?.abort();
      if (!(await sources.remove(id))) throw unknown(id);
    },
    async run(id) {
      const found = await one(id);
      if (running.has(id)) {
        throw new CuecastError(`Cannot ask ${id} now: it is being asked`, {
          code: "source-running",
          status: 409,
          retryable: true,
        });
      }
      await tryOnce(found);
      return await view(await one(id));
    },
    start() {
      closed = false;
      void look();
    },
    close() {
      closed = true;
      cancel();
      for (const ending of running.values()) ending.abort();
    },
  };
}

function lastOf({ state, id, stats, defects }: ImportReport): NonNullable<SourceState["last"]> {
  return {
    state,
    ...(id !== undefined && { import: id }),
    bytes: stats.bytes,
    programmes: stats.programmes,
    defects: defects.reduce((sum, { count }) => sum + count, 0),
    ...(stats.untilMs !== undefined && { untilMs: stats.untilMs }),
  };
}
