/**
 * `npm run bench`: the figures that we state, measured on the real parts, with the peer in the same run. Prints a
 * table, and with `--json FILE` writes the figures. Needs `wrk` and `nginx`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { printLine, printTable } from "../cli/print.ts";
import {
  countedAt,
  createRig,
  type EdgeRig,
  fill,
  landed,
  placement,
  type Rig,
  until,
} from "../rehearsal/rig.ts";
import { load } from "./load.ts";
import { startNginx } from "./peer-nginx.ts";
import { processorTimeMs } from "./processor-time.ts";
import { measureSchedule } from "./schedule.ts";

const SECONDS = Number(process.env.CUECAST_BENCH_SECONDS ?? 5);
const CONNECTIONS = 32;
interface Figure {
  what: string;
  value: number;
  unit: string;
  note?: string;
}
const figures: Figure[] = [];
const note = (what: string, value: number, unit: string, more?: string) => {
  figures.push({ what, value: Math.round(value * 100) / 100, unit, note: more });
};
const quantile = (values: number[], part: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
};

async function cpuPerRequest(pid: number, url: string, headers: Record<string, string>) {
  await load(url, { seconds: 1, connections: CONNECTIONS, headers });
  const before = await processorTimeMs(pid);
  const result = await load(url, { seconds: SECONDS, connections: CONNECTIONS, headers });
  const spentMs = (await processorTimeMs(pid)) - before;
  if (result.failures > 0)
    throw new Error(`Cannot trust the figure of ${url}: ${result.failures} requests failed`);
  return { microseconds: (spentMs * 1000) / result.requests, ...result };
}

async function schedulePull(rig: Rig, edge: EdgeRig): Promise<void> {
  const url = `${edge.url}/v1/channels/one/schedule`;
  const sample = await fetch(url);
  const body = new Uint8Array(await sample.arrayBuffer());
  const same = ["cache-control", "vary", "access-control-allow-origin", "access-control-expose-headers"];
  const headers = Object.fromEntries(
    same.flatMap((name) => {
      const value = sample.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const nginx = await startNginx(join(rig.dir, "nginx"), body, headers);
  try {
    const peerTag = (await fetch(nginx.url)).headers.get("etag") ?? "";
    for (const [what, ours, peers] of [
      [`schedule pull, ${body.length} bytes`, {}, {}],
      [
        "schedule pull, 304",
        { "If-None-Match": sample.headers.get("etag") ?? "" },
        { "If-None-Match": peerTag },
      ],
    ] as [string, Record<string, string>, Record<string, string>][]) {
      const own = await cpuPerRequest(edge.part.pid ?? 0, url, ours);
      const peer = await cpuPerRequest(nginx.pid, nginx.url, peers);
      note(
        `${what}: processor time`,
        own.microseconds,
        "µs",
        `p99 ${own.p99Ms} ms at ${CONNECTIONS} connections`,
      );
      note(`${what}: nginx, same bytes and headers`, peer.microseconds, "µs");
      note(`${what}: ratio`, own.microseconds / peer.microseconds, "×");
    }
  } finally {
    await nginx.stop();
  }
}

async function answers(rig: Rig, edge: EdgeRig): Promise<void> {
  // Its own placement, made now: a cue takes answers for a minute.
  const when = { kind: "instant", atMs: Date.now() - 2000 } as const;
  await rig.api.send("PUT", "/api/v1/placements/answers", placement("answers", { when }));
  await landed(edge, await rig.publish());
  const script = join(import.meta.dirname, "answers.lua");
  const result = await load(edge.url, { seconds: SECONDS, connections: 64, script });
  note(
    "answers acknowledged, one per request",
    result.requests / result.seconds,
    "/s",
    `p99 ${result.p99Ms} ms, ${result.failures} failed`,
  );
  const from = performance.now();
  await until(
    "all answers at central",
    async () => (await countedAt(rig, "answers:once")).total >= result.requests - result.failures,
    300_000,
  );
  note("… until all were counted at central after the load", performance.now() - from, "ms");
}

async function startAndPublish(rig: Rig, edges: EdgeRig[]): Promise<void> {
  const starts: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const edge = edges[0] as EdgeRig;
    await edge.part.stop();
    const from = performance.now();
    const started = edge.start();
    await until("a reply", async () => (await fetch(`${edge.url}/v1/channels/one/schedule`)).status === 200);
    starts.push(performance.now() - from);
    await started;
  }
  note(
    "edge start to first reply",
    quantile(starts, 0.5),
    "ms",
    `worst of ${starts.length}: ${Math.round(Math.max(...starts))} ms`,
  );
  const served: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const when = { kind: "instant", atMs: Date.now() + 7_200_000 + turn } as const;
    await rig.api.send("PUT", "/api/v1/placements/bench", placement("bench", { when }));
    const from = performance.now();
    const position = await rig.publish();
    await Promise.all(edges.map((edge) => landed(edge, position)));
    served.push(performance.now() - from);
  }
  note(
    "publish to served on two edges",
    quantile(served, 0.5),
    "ms",
    `p99 ${Math.round(quantile(served, 0.99))} ms of ${served.length}, asked every 50 ms`,
  );
}

async function firing(rig: Rig, edges: EdgeRig[]): Promise<void> {
  const atMs = Date.now() + 20_000;
  for (let turn = 0; turn < 10; turn++) {
    const when = { kind: "instant", atMs: atMs + turn * 6_000 } as const;
    await rig.api.send(
      "PUT",
      `/api/v1/placements/fire-${turn}`,
      placement(`fire-${turn}`, { when, prefetch: { leadMs: 15_000, guardMs: 2000 } }),
    );
  }
  const position = await rig.publish();
  await Promise.all(edges.map((edge) => landed(edge, position)));
  const boxes = edges.map((edge) =>
    rig.addBoxes(`fire-${edge.region}`, ["--edge", edge.url, "--channel", "one", "--count", "10"]),
  );
  const shown = () =>
    boxes
      .flatMap((each) => each.airings)
      .filter(({ cue, outcome }) => cue.startsWith("fire-") && outcome !== "dismissed");
  await until("200 firings", () => shown().length >= 200, 120_000);
  const errors = shown().map(({ firedMs = Number.NaN, dueMs }) => Math.abs(firedMs - dueMs));
  note(
    "firing error, 20 boxes, 10 cues",
    quantile(errors, 0.5),
    "ms",
    `p99 ${quantile(errors, 0.99)} ms, worst ${Math.max(...errors)} ms`,
  );
}

printLine("Measuring: the schedule engine …");
figures.push(...(await measureSchedule()));
const rig = await createRig();
try {
  await fill(rig, Date.now());
  const edges = [await rig.addEdge("edge-north", "north"), await rig.addEdge("edge-south", "south")];
  await rig.api.send(
    "PUT",
    "/api/v1/placements/now",
    placement("now", { when: { kind: "instant", atMs: Date.now() } }),
  );
  const cron = { kind: "cron", rule: "0 * * * *", zone: "Asia/Shanghai" } as const;
  await rig.api.send("PUT", "/api/v1/placements/hourly", placement("hourly", { when: cron }));
  const position = await rig.publish();
  await Promise.all(edges.map((edge) => landed(edge, position)));
  const [first] = edges as [EdgeRig, EdgeRig];
  for (const [what, measure] of [
    ["start and publish", () => startAndPublish(rig, edges)],
    ["firing", () => firing(rig, edges)],
    ["schedule pull", () => schedulePull(rig, first)],
    ["answers", () => answers(rig, first)],
  ] as [string, () => Promise<void>][]) {
    printLine(`Measuring: ${what} …`);
    await measure();
  }
  printLine();
  printTable(
    ["figure", "value", "", "note"],
    figures.map(({ what, value, unit, note: more }) => [what, String(value), unit, more ?? ""]),
  );
  const at = process.argv.indexOf("--json");
  const file = process.argv[at + 1];
  if (at > 0 && file)
    await writeFile(
      file,
      `${JSON.stringify({ runtime: process.env.CUECAST_RUNTIME ?? "deno", figures }, null, 2)}\n`,
    );
} finally {
  await rig.stop();
}
