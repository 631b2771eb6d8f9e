/**
 * What replies feel while an edge takes a publication of 100,000 cues: reading, verifying, compiling and making the
 * schedules of 167 channels, of which the new publication changes every one. `npm run bench -- take`.
 *
 * The serving side is a process of its own with the edge's own reading, compiling and routes; what syncs is another
 * process in an edge, and is not here. The loop is measured from within: each turn of work between two pauses by the
 * processor time of its thread (on Deno: of the whole process), and how late a timer of 2 ms comes by the clock.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { gzip } from "../../edge/headend/platform/gzip.ts";
import { createPace } from "../../edge/headend/platform/pace.ts";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import { createRollOver } from "../../edge/headend/serve/roll-over.ts";
import { compileSnapshot, type Snapshot } from "../../edge/headend/serve/snapshot.ts";
import { createPublications } from "../../edge/headend/sync/publications.ts";
import { silentLog } from "../../shared/log.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { serve } from "../../shared/runtime/serve.ts";
import { runtimeCommand } from "../local/hand-over.mjs";
import { type Bench, quantile } from "./figures.ts";
import { makeLonePublication, REGION, writeLonePublication } from "./lone-publication.ts";
import { benchRegion } from "./region-publication.ts";

const CUES = 100_000;
/** A request every so often, whatever became of those before, ms. */
const EVERY_MS = 4;
const QUIET_MS = 4_000;

interface Took {
  ms: number;
  turns: number;
  turnWorstMs: number;
  turnP99Ms: number;
  /** What was computed between two timers, replies included. */
  roundWorstMs: number;
  lateWorstMs: number;
}

/** Processor time of this thread where the runtime tells it, ms. */
function computedMs(): number {
  const own = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage;
  const { user, system } = own ? own.call(process) : process.cpuUsage();
  return (user + system) / 1000;
}

/** The serving side: serves the first publication, and takes the second at a word. */
async function serveAndTake(dir: string): Promise<void> {
  let snapshot: Snapshot | undefined;
  let turns: number[] = [];
  let turnFromMs = 0;
  const { pause, serving } = createPace({
    clock: systemClock,
    timers: {
      after(delayMs, run) {
        turns.push(computedMs() - turnFromMs);
        return systemTimers.after(delayMs, () => {
          turnFromMs = computedMs();
          run();
        });
      },
    },
  });
  const publications = createPublications(
    { files: createPublicationFiles(join(dir, "publications"), { pause }), log: silentLog },
    { publicationKey: await readFile(join(dir, "key.pem"), "utf8") },
  );
  const rollOver = createRollOver({
    ...{ snapshot: () => snapshot, clock: systemClock, timers: systemTimers, log: silentLog },
    pause,
  });
  const take = async (name: string) => {
    const { manifest, position, content } = await publications.open(join(dir, name));
    const publication = { manifest, hash: position.hash, content };
    const next = await compileSnapshot(publication, { region: REGION, gzip, pause }, snapshot);
    await rollOver.ready(next);
    snapshot = next;
  };
  await take("first.db");
  serving();

  let lastMs = performance.now();
  let lastComputedMs = computedMs();
  let lateWorstMs = 0;
  let roundWorstMs = 0;
  setInterval(() => {
    const [nowMs, nowComputedMs] = [performance.now(), computedMs()];
    lateWorstMs = Math.max(lateWorstMs, nowMs - lastMs - 2);
    roundWorstMs = Math.max(roundWorstMs, nowComputedMs - lastComputedMs);
    [lastMs, lastComputedMs] = [nowMs, nowComputedMs];
  }, 2);
  const server = await serve(() => new Response(null, { status: 404 }), {
    hostname: "127.0.0.1",
    port: 0,
    tls: undefined,
    hot: (request) => snapshot?.channel(request.url.slice(1))?.scheduleAt(Date.now()).reply(request),
  });
  console.log(JSON.stringify({ port: server.port }));
  for await (const line of createInterface({ input: process.stdin })) {
    turns = [];
    [lateWorstMs, roundWorstMs] = [0, 0];
    const fromMs = performance.now();
    if (line !== "") await take(line);
    const took: Took = {
      ms: performance.now() - fromMs,
      turns: turns.length,
      turnWorstMs: Math.max(0, ...turns),
      turnP99Ms: quantile(turns, 0.99),
      roundWorstMs,
      lateWorstMs,
    };
    console.log(JSON.stringify(took));
  }
  process.exit(0);
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

export async function takePublication(bench: Bench): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  await writeFile(join(bench.dir, "key.pem"), publicKey.export({ type: "spki", format: "pem" }).toString());
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const nowMs = Date.now();
  for (const [edition, name] of ["first.db", "second.db"].entries()) {
    const region = benchRegion(CUES, edition);
    const publication = makeLonePublication({ nowMs, privateKey: key, revision: edition + 1, region });
    await writeLonePublication(join(bench.dir, name), publication);
  }
  const { command, args } = runtimeCommand({
    runtime: bench.runtime,
    file: import.meta.filename,
    args: ["--serve", bench.dir],
  });
  const child: Child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse(String((await lines.next()).value));
    const { port } = (await next()) as { port: number };
    const channels = Math.round(CUES / 600);
    const ask = (turn: number) => `http://127.0.0.1:${port}/region-${turn % channels}`;
    await latencies(ask, new Promise((resolve) => setTimeout(resolve, QUIET_MS)));
    const quiet = await latencies(ask, new Promise((resolve) => setTimeout(resolve, QUIET_MS)));
    child.stdin.write("second.db\n");
    const taking = next() as Promise<Took>;
    const busy = await latencies(ask, taking);
    const took = await taking;
    const quietP99 = quantile(quiet, 0.99);
    bench.note(
      "replies while nothing is taken, p99",
      quietP99,
      "ms",
      `${quiet.length}, one every ${EVERY_MS} ms`,
    );
    bench.note("… while 100,000 cues are taken, p99", quantile(busy, 0.99), "ms", `${busy.length}`);
    bench.note("… of the quiet p99", quantile(busy, 0.99) / quietP99, "×", "the target is 2");
    bench.note("taken in", took.ms, "ms", `${took.turns} turns`);
    bench.note("the longest turn, computing", took.turnWorstMs, "ms", `p99 ${took.turnP99Ms.toFixed(1)}`);
    bench.note("the longest round of the loop, computing", took.roundWorstMs, "ms", "the target is 20");
    bench.note("the latest timer, by the clock", took.lateWorstMs, "ms", "waiting for a core included");
  } finally {
    child.stdin.end();
  }
}

/** Asks steadily until something is over. @returns how long each reply took, ms */
async function latencies(ask: (turn: number) => string, over: Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  const open = new Set<Promise<void>>();
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  for (let turn = 0; !isOver; turn++) {
    const fromMs = performance.now();
    const one = fetch(ask(turn), { headers: { "accept-encoding": "identity" } })
      .then((reply) => reply.arrayBuffer())
      .then(() => {
        found.push(performance.now() - fromMs);
      });
    const ended = one.finally(() => open.delete(ended));
    open.add(ended);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await Promise.all(open);
  return found;
}

if (import.meta.main && process.argv[2] === "--serve") await serveAndTake(process.argv[3] ?? ".");
