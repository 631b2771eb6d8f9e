/** What an edge keeps: its start from disk with 300,000 cues, and its memory while 100,000 boxes come and go. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { createLoneEdge, type LoneEdge } from "./lone-edge.ts";
import type { LonePublicationSettings } from "./lone-publication.ts";
import { CUE } from "./lone-publication.ts";
import { processorTimeMs, residentBytes } from "./processor-time.ts";
import { benchRegion } from "./region-publication.ts";

const CUES = 300_000;
const STARTS = 3;
const BOXES = 100_000;
const AT_ONCE = 50;

export const coldStart = (bench: Bench) =>
  startOf(bench, "300,000 cues", "region-7", { region: benchRegion(CUES) });

/** The worst case: nobody authors so many by hand. */
export const coldStartOfPlacements = (bench: Bench) =>
  startOf(bench, "300,000 placements of one cue each", "ch7", { cues: CUES, channels: 500 });

/** @param channel that the first reply is asked for */
async function startOf(
  bench: Bench,
  what: string,
  channel: string,
  publication: Partial<LonePublicationSettings>,
): Promise<void> {
  const edge = await createLoneEdge(join(bench.dir, `edge-${channel}`), {
    runtime: bench.runtime,
    ...publication,
  });
  try {
    await startsOf(bench, `start from disk with ${what} to the first reply`, edge, channel);
    const alone = "… from the database alone: an older release's copy, or one synced on a full disk";
    await startsOf(bench, alone, edge, channel, () => edge.unpack());
    const pid = edge.part.pid ?? 0;
    bench.note("… resident memory then", (await residentBytes(pid)) / 1e6, "MB");
    await idle(pid);
    bench.note("… and with every schedule made", (await residentBytes(pid)) / 1e6, "MB");
  } finally {
    await edge.stop();
  }
}

/** @param prepare is done before each start */
async function startsOf(
  bench: Bench,
  what: string,
  edge: LoneEdge,
  channel: string,
  prepare = () => Promise.resolve(),
): Promise<void> {
  const times: number[] = [];
  const computed: number[] = [];
  for (let turn = 0; turn < STARTS; turn++) {
    await edge.packed();
    await edge.stop();
    await prepare();
    const from = performance.now();
    const started = edge.start();
    await firstReply(`${edge.url}/v1/channels/${channel}/schedule`);
    times.push(performance.now() - from);
    computed.push(await processorTimeMs(edge.part.pid ?? 0));
    await started;
  }
  const worst = `worst of ${STARTS}: ${Math.round(Math.max(...times))} ms, asked every 10 ms`;
  const least = `computing ${Math.round(Math.min(...computed))} to ${Math.round(Math.max(...computed))} ms`;
  bench.note(what, quantile(times, 0.5), "ms", `${worst}; ${least}`);
}

/** Until there is a schedule. @throws after a minute */
async function firstReply(url: string): Promise<void> {
  const untilMs = performance.now() + 60_000;
  while (performance.now() < untilMs) {
    const status = await fetch(url).then(
      async (reply) => {
        await reply.arrayBuffer();
        return reply.status;
      },
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("Cannot measure the start: there was no reply within a minute");
}

/** Until a process has nothing more to compute. */
async function idle(pid: number): Promise<void> {
  let before = await processorTimeMs(pid);
  await until("an idle edge", async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await processorTimeMs(pid);
    const isIdle = now - before < 50;
    before = now;
    return isIdle;
  });
}

/** Each box: the time, its schedule, an answer to two cues. Ten rounds, so that a slope would show. */
export async function boxesComeAndGo(bench: Bench): Promise<void> {
  const edge = await createLoneEdge(join(bench.dir, "edge"), {
    runtime: bench.runtime,
    cues: 20,
    channels: 2,
  });
  const pid = edge.part.pid ?? 0;
  const one = async (box: number) => {
    const headers = { "user-agent": `box-${box}`, "accept-encoding": "gzip" };
    for (const path of ["/v1/time", "/v1/channels/small/schedule"]) {
      await (await fetch(`${edge.url}${path}`, { headers })).arrayBuffer();
    }
    const given = { interaction: "poll", version: 1, options: ["a"], answeredAtMs: Date.now() };
    const answers = [CUE, "m1:once"].map((cue) => ({ key: randomUUID(), cue, ...given }));
    const reply = await fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ box: `box-${box}`, answers }),
    });
    if (!reply.ok) throw new Error(`Cannot trust the figure: an answer got ${reply.status}`);
    await reply.arrayBuffer();
  };
  try {
    const sizes: number[] = [];
    for (let round = 0; round < 10; round++) {
      let next = (round * BOXES) / 10;
      const last = next + BOXES / 10;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (next < last) await one(next++);
        }),
      );
      sizes.push((await residentBytes(pid)) / 1e6);
    }
    const shown = sizes.map((size) => Math.round(size)).join(" ");
    bench.note(
      "resident memory after 100,000 boxes, two answers each",
      sizes.at(-1) ?? Number.NaN,
      "MB",
      `each 10,000: ${shown}`,
    );
    // The first half is warming up: engine, and the pages of two log files.
    const half = sizes.slice(5);
    const slope = ((half.at(-1) ?? Number.NaN) - (half[0] ?? Number.NaN)) / 4;
    bench.note("… growth over each 10,000 of the second half", slope, "MB", "4 bytes an answer are 0.08 MB");
  } finally {
    await edge.stop();
  }
}
