/** Boxes without a television, on Deno and Node: wiring of the core to files, `fetch` and JSON lines. */
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as v from "valibot";
import type { Log } from "../../shared/log.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { makeDataFolder } from "../../shared/runtime/data-folder.ts";
import { createJsonLog } from "../../shared/runtime/log.ts";
import { onShutdown } from "../../shared/runtime/process.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import type { Pace } from "./core/pace.ts";
import type { Happening } from "./core/state.ts";
import { type Summary, summarize } from "./core/summary.ts";
import { createBox, isDelay } from "./driver.ts";
import { createFetchHttp } from "./platform/http-fetch.ts";
import { cryptoRandom } from "./platform/random-crypto.ts";
import { createHeadlessScreen } from "./platform/screen-headless.ts";
import { createFileStore } from "./platform/store-file.ts";

export interface HeadlessOptions {
  /** Base addresses of edges. */
  edges: readonly string[];
  /** Pseudonym, at most 64 characters. */
  box: string;
  channel: string;
  /** Folder of this box alone; made when missing. */
  dataDir: string;
  /** Answers by itself, at random, a little after something is shown. */
  autoAnswer?: boolean;
  /** Replays what is drawn; without it every start draws anew. Two boxes never share one. */
  seed?: number;
  tags?: readonly string[];
  languages?: readonly string[];
  token?: string;
  presentationDelayMs?: number;
  pace?: Partial<Pace>;
  log?: Log;
  onHappening?(happening: Happening): void;
}

export interface HeadlessBox {
  box: string;
  tune(channel: string): void;
  /** What it knows now. */
  summary(): Summary;
  /** Ends it when everything asked of its store is done. */
  stop(): Promise<void>;
}

/** @throws {TypeError} when `presentationDelayMs` is over a minute either way */
export function runHeadlessBox(options: HeadlessOptions): HeadlessBox {
  if (!isDelay(options.presentationDelayMs || 0))
    throw new TypeError("Cannot start the box: presentationDelayMs cannot be used");
  const store = createFileStore(options.dataDir);
  const random = options.seed === undefined ? cryptoRandom : createSeededRandom(options.seed);
  const viewer = options.autoAnswer ? random : null;
  const ports = {
    clock: systemClock,
    timers: systemTimers,
    random,
    http: createFetchHttp(systemClock, systemTimers),
    store,
    screen: createHeadlessScreen(systemTimers, viewer),
    log: options.log ?? createJsonLog("box", "warn"),
    onHappening: options.onHappening,
  };
  const box = createBox(ports, {
    box: options.box,
    edges: options.edges,
    channel: options.channel,
    languages: options.languages ?? ["zh-CN", "en"],
    tags: options.tags ?? [],
    token: options.token,
    presentationDelayMs: options.presentationDelayMs,
    pace: options.pace,
  });
  return {
    box: options.box,
    tune: box.tune,
    summary: () => summarize(box.state(), systemClock),
    async stop() {
      box.stop();
      await store.flush();
    },
  };
}

export interface HeadlessBoxesOptions {
  edges: readonly string[];
  channel: string;
  /** Each box has a folder of its own in here. */
  dataDir: string;
  count: number;
  /** With more than one box, `-1`, `-2` … are added. */
  id: string;
  answer: "random" | "none";
  token?: string;
  tags?: readonly string[];
  languages?: readonly string[];
  seed?: number;
  pace?: Partial<Pace>;
}

/** Longest line taken from stdin, characters. */
const LINE_MAX = 300;
/** Seeds of neighbours lie this far apart, so that those of two processes rarely meet. */
const SEED_STEP = 7919;

/**
 * The `cuecast box` command: runs boxes until the process is told to end.
 *
 * Prints one JSON line per happening: `{"event","box","edgeMs","wallMs",…}`. An airing has `cue`, `outcome`, `dueMs`,
 * and `firedMs`, `errorMs`, `clockErrorMs`, `source` or else `reason`. Reads lines from stdin: `tune <channel>`
 * for all boxes, `tune <channel> <box>` for one, `state` for a line about each.
 *
 * @throws {CuecastError} as `makeDataFolder`
 */
export async function runHeadlessBoxes(options: HeadlessBoxesOptions): Promise<void> {
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  await makeDataFolder(options.dataDir);
  const boxes: HeadlessBox[] = [];
  for (let at = 0; at < options.count; at++) {
    const box = options.count === 1 ? options.id : `${options.id}-${at + 1}`;
    boxes.push(
      runHeadlessBox({
        ...options,
        box,
        dataDir: join(options.dataDir, box),
        autoAnswer: options.answer === "random",
        seed: options.seed === undefined ? undefined : options.seed + at * SEED_STEP,
        onHappening: ({ event, edgeMs, fields }) =>
          print({ event, box, edgeMs, wallMs: systemClock.wallMs(), ...fields }),
      }),
    );
  }
  onShutdown(async () => {
    await Promise.all(boxes.map((box) => box.stop()));
  }, true);
  const refuse = (line: string, why: string) => process.stderr.write(`Cannot take "${line}": ${why}\n`);
  createInterface({ input: process.stdin }).on("line", (text) => {
    const line = text.trim().slice(0, LINE_MAX);
    const [word, channel, only, ...rest] = line.split(/\s+/);
    if (word === "") return;
    if (word === "state" && channel === undefined) {
      for (const box of boxes) print({ event: "state", box: box.box, ...box.summary() });
    } else if (word !== "tune" || channel === undefined || rest.length > 0) {
      refuse(line, "say tune CHANNEL [BOX], or state");
    } else if (!v.is(idSchema, channel)) refuse(line, "that is no channel's id");
    else {
      const meant = boxes.filter((box) => only === undefined || box.box === only);
      if (meant.length === 0) refuse(line, `there is no box ${only} here`);
      for (const box of meant) box.tune(channel);
    }
  });
  await new Promise<never>(() => {});
}
