/** The whole system: start, publish to served, firing, answers all the way to central, a big sync under load. */
import { join } from "node:path";
import { fill, placement } from "../rehearsal/content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, until } from "../rehearsal/rig.ts";
import { type Bench, has, quantile } from "./figures.ts";
import { load } from "./load.ts";

async function uplink({ note, seconds }: Bench, rig: Rig, edge: EdgeRig): Promise<void> {
  // Its own placement, made now: a cue takes answers for a minute.
  const when = { kind: "instant", atMs: Date.now() - 2000 } as const;
  await rig.api.send("PUT", "/api/v1/placements/answers", placement("answers", { when }));
  await landed(edge, await rig.publish());
  const script = join(import.meta.dirname, "answers.lua");
  process.env.CUECAST_BENCH_CUE = "answers:once";
  const result = await load(edge.url, { seconds, connections: 64, script });
  process.env.CUECAST_BENCH_CUE = "";
  note(
    "answers during which central takes them",
    result.requests / result.seconds,
    "/s",
    `p99 ${result.p99Ms} ms, ${result.failures} failed, 64 connections`,
  );
  const from = performance.now();
  await until(
    "all answers at central",
    async () => (await countedAt(rig, "answers:once")).total >= result.requests - result.failures,
    300_000,
  );
  note("until all were counted at central after the load", performance.now() - from, "ms");
}

async function startAndPublish({ note }: Bench, rig: Rig, edges: EdgeRig[]): Promise<void> {
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

async function firing({ note }: Bench, rig: Rig, edges: EdgeRig[]): Promise<void> {
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

/** Replies to one box that asks every 5 ms: the longest one bounds how long the serving loop stood. */
async function probe(url: string, until: () => boolean): Promise<{ p99Ms: number; maxMs: number }> {
  const times: number[] = [];
  while (!until()) {
    const from = performance.now();
    await (await fetch(`${url}/v1/time`)).arrayBuffer();
    times.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { p99Ms: quantile(times, 0.99), maxMs: Math.max(...times) };
}

/** Every three minutes on both channels, over and over: about 100,000 cues in the 48 h that are served. */
const RULES = 52;

async function syncUnderLoad({ note, seconds }: Bench, rig: Rig, edge: EdgeRig): Promise<void> {
  const url = `${edge.url}/v1/channels/one/schedule`;
  const during = async (work: () => Promise<unknown>) => {
    let done = false;
    const probing = probe(edge.url, () => done);
    const loading = load(url, { seconds, connections: 16 });
    await Promise.all([work(), loading]);
    done = true;
    return { ...(await probing), load: await loading };
  };
  const quiet = await during(async () => {});
  const busy = await during(async () => {
    for (let n = 0; n < RULES; n++) {
      const when = { kind: "cron", rule: "*/3 * * * *", zone: "UTC" } as const;
      const more = { when, channels: ["one", "two"], windowMs: 1_000 };
      await rig.api.send("PUT", `/api/v1/placements/many-${n}`, placement(`many-${n}`, more));
    }
    await landed(edge, await rig.publish());
  });
  note(
    "load alone: p99 of schedule pulls",
    quiet.load.p99Ms,
    "ms",
    `longest reply ${Math.round(quiet.maxMs)} ms`,
  );
  note(
    "100,000 cues synced and compiled under load: p99",
    busy.load.p99Ms,
    "ms",
    `longest reply ${Math.round(busy.maxMs)} ms`,
  );
}

export async function system(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk")) return;
  const rig = await createRig();
  try {
    await fill(rig, Date.now());
    const edges = [await rig.addEdge("edge-north", "north"), await rig.addEdge("edge-south", "south")];
    const cron = { kind: "cron", rule: "0 * * * *", zone: "Asia/Shanghai" } as const;
    await rig.api.send("PUT", "/api/v1/placements/hourly", placement("hourly", { when: cron }));
    const position = await rig.publish();
    await Promise.all(edges.map((edge) => landed(edge, position)));
    const [first] = edges as [EdgeRig, EdgeRig];
    await startAndPublish(bench, rig, edges);
    await firing(bench, rig, edges);
    await uplink(bench, rig, first);
    await syncUnderLoad(bench, rig, first);
  } finally {
    await rig.stop();
  }
}
