/**
 * What replies feel while an edge takes publications of 100,000 cues, `npm run bench -- take`: syncing, verifying,
 * promoting, compiling and making the schedules of 167 channels, of which each publication changes every one and
 * writes every row anew. Meanwhile wrk asks for schedules at half the pace that this edge reaches; replies are timed on
 * connections of their own.
 *
 * What is central's on other machines runs at a low priority here: sqld, and nothing is written into it in the time
 * that is measured.
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { Agent, get } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { createClient } from "@libsql/client";
import type { Position } from "../../shared/publication/manifest.ts";
import { freePort } from "../../shared/runtime/ports.ts";
import { allocatorEnvironment } from "../cli/permissions.mjs";
import { BINARIES } from "../local/binaries.mjs";
import { runtimeCommand } from "../local/hand-over.mjs";
import { until } from "../rehearsal/rig.ts";
import { type Bench, has, quantile } from "./figures.ts";
import { load, steadyLoad } from "./load.ts";
import { makeLonePublication } from "./lone-publication.ts";
import type { LoopWatched } from "./loop-watch.ts";
import { benchRegion } from "./region-publication.ts";
import { started } from "./started.ts";
import type { TakingSettings, Took } from "./taking-edge.ts";

const CUES = 100_000;
const CHANNELS = Math.round(CUES / 600);
/** Times that one is taken, each with a quiet time before it. */
const TAKES = 3;
const QUIET_MS = 2_000;
/** A timed reply is asked for every so often, whatever became of those before, ms. */
const EVERY_MS = 4;
const CONNECTIONS = 64;
const SCRIPT = join(import.meta.dirname, "pulls-steady.lua");

/** A libSQL server with nothing in it, behind whatever else wants to run. */
async function startAir(dir: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const address = ["--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"];
  const sqld = spawn("nice", ["-n", "10", BINARIES.sqld, "-d", join(dir, "air"), ...address], {
    stdio: "ignore",
    env: { ...process.env, RUST_LOG: "off" },
  });
  const { stop } = started({ pid: sqld.pid ?? 0, stop: async () => sqld.kill("SIGKILL") });
  const isUp = () =>
    fetch(`${url}/health`).then((reply) => reply.body?.cancel().then(() => reply.ok) ?? false);
  await until("sqld", () => isUp().catch(() => false));
  return { url, stop };
}

/** Puts one publication after the other on air, each of them whole. */
function createPublisher(url: string, privateKey: string) {
  const before: Position[] = [];
  return async () => {
    const revision = before.length + 1;
    const region = benchRegion(CUES, revision);
    const made = makeLonePublication({ nowMs: Date.now(), privateKey, revision, before, region });
    const client = createClient({ url });
    await client.batch(made.statements, "write");
    client.close();
    before.push(made.position);
  };
}

/** Asks steadily until something is over. @returns how long each reply took, ms */
async function latencies(ask: () => Promise<unknown>, over: Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  const open = new Set<Promise<void>>();
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const fromMs = performance.now();
    const one = ask().then(() => {
      found.push(performance.now() - fromMs);
    });
    const ended = one.finally(() => open.delete(ended));
    open.add(ended);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await Promise.all(open);
  return found;
}

function createAsker(port: number) {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  return () =>
    new Promise<void>((resolve, reject) => {
      const path = `/region-${turn++ % CHANNELS}`;
      get({ hostname: "127.0.0.1", port, path, agent }, (reply) => {
        if (reply.statusCode !== 200) reject(new Error(`Cannot trust the figure: ${reply.statusCode}`));
        reply.resume().once("end", resolve);
      }).once("error", reject);
    });
}

/** @returns pulls a second at full load, and how long each connection waits between two for half of it, ms */
async function findPace(url: string): Promise<{ perSecond: number; waitMs: number }> {
  process.env.CUECAST_BENCH_CHANNELS = String(CHANNELS);
  process.env.CUECAST_BENCH_WAIT_MS = "0";
  const options = { connections: CONNECTIONS, script: SCRIPT };
  await load(url, { ...options, seconds: 2 });
  const { requests, seconds, p50Ms } = await load(url, { ...options, seconds: 2 });
  const perSecond = requests / seconds;
  const waitMs = Math.max(1, Math.round((2 * CONNECTIONS * 1000) / perSecond - p50Ms / 4));
  return { perSecond, waitMs };
}

export async function takePublication(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk")) return;
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = { type: "spki", format: "pem" } as const;
  const publicationKey = publicKey.export(pem).toString();
  const air = await startAir(bench.dir);
  const publish = createPublisher(air.url, privateKey.export({ ...pem, type: "pkcs8" }).toString());
  await publish();
  const settings: TakingSettings = { dir: bench.dir, airUrl: air.url, publicationKey };
  const { command, args } = runtimeCommand({
    runtime: bench.runtime,
    file: join(import.meta.dirname, "taking-edge.ts"),
    args: [JSON.stringify(settings)],
  });
  const edge: ChildProcessByStdio<Writable, Readable, null> = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...allocatorEnvironment("edge", process.env) },
  });
  try {
    const lines = createInterface({ input: edge.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse(String((await lines.next()).value));
    const { port } = (await next()) as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    const { perSecond, waitMs } = await findPace(url);
    process.env.CUECAST_BENCH_WAIT_MS = String(waitMs);
    const steady = steadyLoad(url, { connections: CONNECTIONS, script: SCRIPT });
    const ask = createAsker(port);
    const quiet: number[] = [];
    const busy: number[] = [];
    const took: Took[] = [];
    for (let turn = 0; turn < TAKES; turn++) {
      await publish();
      edge.stdin.write("quiet\n");
      quiet.push(...(await latencies(ask, new Promise((resolve) => setTimeout(resolve, QUIET_MS)))));
      edge.stdin.write("take\n");
      const taking = next() as Promise<Took>;
      busy.push(...(await latencies(ask, taking)));
      took.push(await taking);
    }
    const { requests, seconds } = await steady.stop();
    const full = `${Math.round(perSecond)} at full load`;
    bench.note("pulls meanwhile", requests / seconds, "/s", `${full}; ${CONNECTIONS} connections`);
    tell(bench, { quiet, busy, took });
  } finally {
    edge.stdin.end();
    await air.stop();
  }
}

function tell({ note }: Bench, { quiet, busy, took }: { quiet: number[]; busy: number[]; took: Took[] }) {
  const quietP99 = quantile(quiet, 0.99);
  const busyP99 = quantile(busy, 0.99);
  const about = (all: number[]) =>
    `${all.length} replies, half of them within ${quantile(all, 0.5).toFixed(1)}`;
  const worst = (of: (one: Took) => number) => Math.max(...took.map(of));
  note("replies while nothing is taken, p99", quietP99, "ms", about(quiet));
  note("… while 100,000 cues are taken, p99", busyP99, "ms", about(busy));
  note("… of the quiet p99", busyP99 / quietP99, "×", "the target is 2");
  const sync = quantile(
    took.map(({ syncMs }) => syncMs),
    0.5,
  );
  note("synced, copied and verified in", sync, "ms", `the median of ${took.length}; by the replica process`);
  const ms = quantile(
    took.map((one) => one.ms),
    0.5,
  );
  note("… and read, compiled and served in", ms, "ms", "by the serving process");
  const alone = (of: (one: Took) => LoopWatched) =>
    quantile(
      took.map((one) => of(one).arrivalP99Ms),
      0.5,
    );
  const aloneQuiet = alone((one) => one.quiet);
  const aloneBusy = alone((one) => one.busy);
  const share = (of: (one: Took) => LoopWatched) =>
    `${Math.round(
      100 *
        quantile(
          took.map((one) => of(one).waitedShare),
          0.5,
        ),
    )} %`;
  const waited = `waiting for a core left out, for ${share((one) => one.busy)} of the time, ${share((one) => one.quiet)} before`;
  note("what a reply waits for the loop alone, p99, while nothing is taken", aloneQuiet, "ms");
  note(
    "… while 100,000 cues are taken",
    aloneBusy,
    "ms",
    `${(aloneBusy / aloneQuiet).toFixed(1)}×; ${waited}`,
  );
  note(
    "the longest round of the loop",
    worst(({ busy: { roundWorstMs } }) => roundWorstMs),
    "ms",
    "the target is 20",
  );
  note(
    "… with waiting for a core",
    worst(({ busy: { lateWorstMs } }) => lateWorstMs),
    "ms",
  );
}
