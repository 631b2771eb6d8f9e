/**
 * Answers: acknowledged a second, each on disk before its reply; one per request, and bodies of a hundred. Beside it,
 * in the same turns, PostgreSQL, Redis and a plain libSQL file behind the same HTTP front, each as durable.
 */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startChild } from "../local/child.mjs";
import { runtimeCommand } from "../local/hand-over.mjs";
import { type Bench, type Cost, costsBeside, has, quantile, type Target } from "./figures.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { type PeerDatabase, startPostgres, startRedis } from "./peer-databases.ts";
import { residentBytes } from "./processor-time.ts";

/** Code that was just started takes five times as long. */
const WARM_S = 2;
const SYNCS = 200;
const SYNC_BYTES = 16_384;

interface Server {
  name: string;
  target: Target;
  stop(): Promise<unknown>;
}

/** What a sync of a group's size costs on this disk: below it no durable reply can be. */
async function noteSyncs(bench: Bench): Promise<void> {
  const file = await open(join(bench.dir, "syncs"), "w");
  const times: number[] = [];
  for (let turn = 0; turn < SYNCS; turn++) {
    const fromMs = performance.now();
    await file.write(new Uint8Array(SYNC_BYTES));
    await file.datasync();
    times.push(performance.now() - fromMs);
  }
  await file.close();
  const p99 = quantile(times, 0.99).toFixed(2);
  bench.note("an append of 16 KiB and its fdatasync, here", quantile(times, 0.5), "ms", `p99 ${p99} ms`);
}

async function startFront(bench: Bench, kind: string, database: PeerDatabase | string): Promise<Server> {
  const url = typeof database === "string" ? database : database.url;
  let ready: (port: number) => void = () => {};
  const port = new Promise<number>((resolve) => {
    ready = resolve;
  });
  const program = runtimeCommand({
    runtime: bench.runtime,
    file: join(import.meta.dirname, "peer-front.ts"),
    args: [kind, url],
  });
  const child = startChild({
    name: kind,
    ...program,
    onLine(line) {
      if (line.startsWith("{")) ready(JSON.parse(line).port);
    },
  });
  const exited = child.exited.then(() => {
    throw new Error(`Cannot measure ${kind}: its front ended`);
  });
  exited.catch(() => {});
  const pids = [child.pid ?? 0, ...(typeof database === "string" ? [] : [database.pid])];
  return {
    name: kind,
    target: { pids, url: `http://127.0.0.1:${await Promise.race([port, exited])}` },
    async stop() {
      await child.stop();
      if (typeof database !== "string") await database.stop();
    },
  };
}

async function startPeers(bench: Bench): Promise<Server[]> {
  const peers: Server[] = [];
  if (has(bench, "pg_config", "postgresql") && has(bench, "initdb", "postgresql"))
    peers.push(await startFront(bench, "postgres", await startPostgres(join(bench.dir, "postgres"))));
  if (has(bench, "redis-server", "redis-server"))
    peers.push(await startFront(bench, "redis", await startRedis(join(bench.dir, "redis"))));
  const file = pathToFileURL(join(bench.dir, "peer.db")).href;
  peers.push(await startFront(bench, "libsql", file));
  return peers;
}

/** Together three loads of each server, so that the whole ends within two minutes at three seconds each. */
const KINDS = [
  ["one per request", "answers.lua", 1, [64, 512]],
  ["bodies of 100", "answers-hundred.lua", 100, [32]],
] as const;
const ROUNDS = 2;

function noteCosts(
  bench: Bench,
  what: string,
  per: number,
  servers: readonly Server[],
  costs: readonly Cost[],
) {
  const [edge] = costs as [Cost];
  for (const [index, { name }] of servers.entries()) {
    const cost = costs[index] as Cost;
    const ratio = index === 0 ? "" : `, edge ${(edge.perSecond / cost.perSecond).toFixed(2)}× as many`;
    bench.note(
      `${what}: ${name}`,
      cost.perSecond * per,
      "/s",
      `${(cost.microseconds / per).toFixed(1)} µs each and ${(cost.generatorMicroseconds / per).toFixed(1)} µs of wrk, p50 ${cost.p50Ms} ms, p99 ${cost.p99Ms} ms${ratio}`,
    );
  }
}

export async function answers(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk")) return;
  await noteSyncs(bench);
  const edge = await createLoneEdge(join(bench.dir, "edge"), {
    runtime: bench.runtime,
    cues: 200,
    channels: 10,
  });
  const pid = edge.part.pid ?? 0;
  const servers: Server[] = [{ name: "edge", target: { pids: [pid], url: edge.url }, stop: edge.stop }];
  try {
    const before = await residentBytes(pid);
    servers.push(...(await startPeers(bench)));
    for (const [what, script, per, connections] of KINDS) {
      for (const count of connections) {
        const costs = await costsBeside(
          servers.map(({ target }) => target),
          {
            ...{ seconds: bench.seconds, connections: count, script: join(import.meta.dirname, script) },
            ...{ rounds: ROUNDS, warmSeconds: WARM_S },
          },
        );
        noteCosts(bench, `answers, ${what}, ${count} connections`, per, servers, costs);
      }
    }
    const after = await residentBytes(pid);
    bench.note("resident memory after that", after / 1e6, "MB", `${Math.round(before / 1e6)} MB before`);
  } finally {
    for (const { stop } of servers) await stop();
  }
}
