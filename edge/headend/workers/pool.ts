/**
 * The workers of an edge that uses more than one core: main's hold on them. They share the boxes' port; each serves
 * the same publication, and hands what boxes send to main. One that ends is replaced.
 *
 * A new publication is loaded by all of them first and then switched to at once, so that a box that is answered by one
 * and then by another hardly ever meets two revisions; if it does, it keeps the newer (WIRE.md).
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Counters } from "../serve/counters.ts";
import type { Child } from "../sync/replica-process.ts";
import { fromToldError } from "./hand-over.ts";
import type { Ask, FromWorker, Told, ToWorker, WorkerFigures, WorkerSettings } from "./messages.ts";
import { addCounters } from "./total.ts";

export interface WorkersCount {
  asked: number;
  serving: number;
  /** Took the place of one that ended. */
  replaced: number;
  /** Since when fewer serve than are asked for, or none, ms; absent while all do. */
  fewerForMs?: number;
}

export interface WorkersState {
  count: WorkersCount;
  residentBytes: number;
  inFlightBytes: number;
  suppressed: WorkerFigures["suppressed"];
}

export interface Workers {
  /**
   * Lets all of them load and listen.
   *
   * @param path the publication's file; undefined when there is nothing to serve yet
   * @returns their port
   * @throws {CuecastError} `cannot-listen`, or what else keeps the first of them from it
   */
  begin(path: string | undefined): Promise<number>;
  /** Resolves when each has loaded it, or was given up; they serve it after `switchOver`. */
  load(path: string): Promise<void>;
  switchOver(): void;
  state(): WorkersState;
  /** Lets them end in order. */
  close(): Promise<void>;
}

export interface WorkersPorts {
  spawn(): Child;
  /** Takes what a worker asks; `send` gets what it is told. */
  desk(send: (told: Told[]) => void): (asks: readonly Ask[]) => void;
  /** The sum of all, kept up to date here. */
  counters: Counters;
  clock: Clock;
  timers: Timers;
  log: Log;
}

/** A worker that has not loaded a publication after this long is replaced, ms. */
const LOAD_MAX_MS = 60_000;
/** After this long an orderly end is given up, ms. */
const STOP_MAX_MS = 5_000;
/**
 * How often they are looked after, ms, and how many looks one that serves may be silent for: it counts once a second, while
 * it loads too. Looks are counted rather than time, which passes while this process waits itself.
 */
const LOOK_EVERY_MS = 2_000;
const SILENT_LOOKS_MAX = 4;
/** How often one that ends before it is ready is begun again, when the edge starts. */
const BEGIN_AGAIN_MAX = 5;
/** One that ends soon after its start is replaced more and more slowly, ms. */
const REPLACE_MS = { first: 100, most: 5_000, lived: 10_000 };

interface Worker {
  child: Child;
  send(message: ToWorker): void;
  stage: "starting" | "serving" | "gone";
  startedMs: number;
  figures: WorkerFigures | undefined;
  /** Looks since it said something. */
  silentLooks: number;
  /** Called with why not, or with nothing once it listens or has loaded. */
  settle: ((error?: Error) => void) | undefined;
  /** One thing that it is asked for after the other. */
  turn: Promise<void>;
}

const ended = (how: string) =>
  new CuecastError(`Cannot go on with a worker: it ended (${how})`, { code: "worker-ended" });

export function createWorkers(
  ports: WorkersPorts,
  { count, settings }: { count: number; settings: WorkerSettings },
): Workers {
  const { clock, timers, log } = ports;
  const workers = new Set<Worker>();
  let port = settings.port;
  let current: string | undefined;
  let begun = false;
  let stopped = false;
  let replaced = 0;
  let waitMs = REPLACE_MS.first;
  let fewerSinceMs: number | undefined;
  let cancelLook = () => {};

  function start(): Worker {
    const child = ports.spawn();
    const worker: Worker = {
      child,
      send: (message) => child.send(JSON.stringify(message)),
      ...{ stage: "starting", startedMs: clock.monotonicMs(), figures: undefined, silentLooks: 0 },
      ...{ settle: undefined, turn: Promise.resolve() },
    };
    workers.add(worker);
    const take = ports.desk((told) => {
      if (worker.stage !== "gone") worker.send({ do: "told", told });
    });
    child.onLine((line) => {
      if (worker.stage === "gone") return;
      worker.silentLooks = 0;
      try {
        hear(worker, JSON.parse(line) as FromWorker, take);
      } catch {
        log.error("worker-garbled");
        child.kill();
      }
    });
    child.onEnd((how) => over(worker, how));
    return worker;
  }

  function hear(worker: Worker, message: FromWorker, take: (asks: readonly Ask[]) => void): void {
    if (message.is === "asking") take(message.asks);
    else if (message.is === "counting") {
      addCounters(ports.counters, message.figures.counters, worker.figures?.counters);
      worker.figures = message.figures;
    } else if (message.is === "logging") log[message.level](message.event, message.fields);
    else if (message.is === "refused") worker.settle?.(fromToldError(message.error));
    else {
      if (message.is === "listening") {
        port = message.port;
        worker.stage = "serving";
        countServing();
      }
      worker.settle?.();
    }
  }

  function over(worker: Worker, how: string): void {
    if (worker.stage === "gone") return;
    const served = worker.stage === "serving";
    worker.stage = "gone";
    workers.delete(worker);
    countServing();
    worker.settle?.(ended(how));
    // One that never served is begun again by `beginOne`.
    if (stopped || !(begun || served)) return;
    log.warn("worker-ended", { how });
    replace(worker);
  }

  function countServing(): void {
    const serving = [...workers].filter(({ stage }) => stage === "serving").length;
    if (serving === count) fewerSinceMs = undefined;
    else fewerSinceMs ??= clock.monotonicMs();
  }

  /** One that hangs takes connections on, and holds up every publication. */
  function lookAfter(): void {
    for (const worker of workers) {
      if (worker.stage !== "serving" || ++worker.silentLooks <= SILENT_LOOKS_MAX) continue;
      log.error("worker-silent", { forMs: worker.silentLooks * LOOK_EVERY_MS });
      worker.child.kill();
    }
    cancelLook = timers.after(LOOK_EVERY_MS, lookAfter);
  }

  function replace(before: Worker): void {
    if (clock.monotonicMs() - before.startedMs >= REPLACE_MS.lived) waitMs = REPLACE_MS.first;
    timers.after(waitMs, () => {
      if (stopped) return;
      replaced++;
      const worker = start();
      const path = current;
      send(worker, { do: "begin", settings: { ...settings, port }, path }).then(
        () => {
          // Published while it loaded: it takes the newer one alone.
          if (current !== undefined && current !== path) void catchUp(worker, current);
        },
        (error) => {
          log.error("worker-refused", { why: error.message });
          worker.child.kill();
        },
      );
    });
    waitMs = Math.min(waitMs * 2, REPLACE_MS.most);
  }

  async function catchUp(worker: Worker, path: string): Promise<void> {
    await send(worker, { do: "load", path }).catch((error) => giveUp(worker, error));
    if (worker.stage !== "gone") worker.send({ do: "switch" });
  }

  /** Resolves once it has done as told. */
  function send(worker: Worker, message: ToWorker): Promise<void> {
    const done = worker.turn.then(() => ask(worker, message));
    worker.turn = done.catch(() => {});
    return done;
  }

  function ask(worker: Worker, message: ToWorker): Promise<void> {
    if (worker.stage === "gone") return Promise.reject(ended("before it was asked"));
    return new Promise<void>((resolve, reject) => {
      const cancel = timers.after(LOAD_MAX_MS, () =>
        worker.settle?.(
          new CuecastError("Cannot go on with a worker: it does not answer", { code: "worker-stuck" }),
        ),
      );
      worker.settle = (error) => {
        worker.settle = undefined;
        cancel();
        if (error) reject(error);
        else resolve();
      };
      worker.send(message);
    });
  }

  function giveUp(worker: Worker, error: Error): void {
    log.error("worker-refused", { why: error.message });
    worker.child.kill();
  }

  /** Begins one of those that the edge starts with; what ends before it is ready is begun again a few times. */
  async function beginOne(path: string | undefined, worker = start(), again = 0): Promise<void> {
    try {
      await send(worker, { do: "begin", settings: { ...settings, port }, path });
    } catch (error) {
      const died = error instanceof CuecastError && error.code === "worker-ended";
      if (!died || stopped || again >= BEGIN_AGAIN_MAX) throw error;
      log.warn("worker-ended", { how: error.message });
      await new Promise<void>((resolve) => {
        timers.after(Math.min(REPLACE_MS.first * 2 ** again, REPLACE_MS.most), resolve);
      });
      replaced++;
      await beginOne(path, start(), again + 1);
    }
  }

  return {
    async begin(path) {
      current = path;
      const first = start();
      const others = Array.from({ length: count - 1 }, start);
      await beginOne(path, first);
      await Promise.all(others.map((worker) => beginOne(path, worker)));
      begun = true;
      cancelLook = timers.after(LOOK_EVERY_MS, lookAfter);
      return port;
    },
    async load(path) {
      current = path;
      // Those that start now load it by themselves.
      const serving = [...workers].filter(({ stage }) => stage === "serving");
      await Promise.all(
        serving.map((worker) => send(worker, { do: "load", path }).catch((error) => giveUp(worker, error))),
      );
    },
    switchOver() {
      for (const worker of workers) if (worker.stage === "serving") worker.send({ do: "switch" });
    },
    state() {
      const state: WorkersState = {
        count: {
          ...{ asked: count, serving: 0, replaced },
          ...(fewerSinceMs !== undefined && { fewerForMs: clock.monotonicMs() - fewerSinceMs }),
        },
        ...{ residentBytes: 0, inFlightBytes: 0, suppressed: {} },
      };
      for (const { stage, figures } of workers) {
        if (stage === "serving") state.count.serving++;
        state.residentBytes += figures?.residentBytes ?? 0;
        state.inFlightBytes += figures?.inFlightBytes ?? 0;
        // Each has compiled the same schedules; one that was not asked for some of them knows less of them.
        for (const [reason, many] of Object.entries(figures?.suppressed ?? {})) {
          const key = reason as keyof typeof state.suppressed;
          state.suppressed[key] = Math.max(state.suppressed[key] ?? 0, many);
        }
      }
      return state;
    },
    async close() {
      stopped = true;
      cancelLook();
      const ends = [...workers].map(
        (worker) =>
          new Promise<void>((resolve) => {
            worker.child.onEnd(() => resolve());
            worker.send({ do: "stop" });
          }),
      );
      const cancel = timers.after(STOP_MAX_MS, () => {
        for (const { child } of workers) child.kill();
      });
      await Promise.all(ends);
      cancel();
    },
  };
}
