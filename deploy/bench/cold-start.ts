/** What an edge keeps: its start from disk with 300,000 cues, and its memory while 100,000 boxes come and go. */
import { join } from "node:path";
import { until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { residentBytes } from "./processor-time.ts";

const CUES = 300_000;
const STARTS = 5;
const BOXES = 100_000;
const AT_ONCE = 50;

export async function coldStart(bench: Bench): Promise<void> {
  const edge = await createLoneEdge(join(bench.dir, "edge"), {
    runtime: bench.runtime,
    cues: CUES,
    channels: 500,
  });
  const times: number[] = [];
  try {
    for (let turn = 0; turn < STARTS; turn++) {
      await edge.stop();
      const from = performance.now();
      const started = edge.start();
      await until(
        "a reply",
        async () => (await fetch(`${edge.url}/v1/channels/ch7/schedule`)).status === 200,
      );
      times.push(performance.now() - from);
      await started;
    }
    const worst = `worst of ${STARTS}: ${Math.round(Math.max(...times))} ms, asked every 50 ms`;
    bench.note("start from disk with 300,000 cues to the first reply", quantile(times, 0.5), "ms", worst);
    bench.note("resident memory then", (await residentBytes(edge.part.pid ?? 0)) / 1e6, "MB");
  } finally {
    await edge.stop();
  }
}

/** Each box: the time, and its schedule. Ten rounds, so that a slope would show. */
export async function boxesComeAndGo(bench: Bench): Promise<void> {
  const edge = await createLoneEdge(join(bench.dir, "edge"), { runtime: bench.runtime });
  const pid = edge.part.pid ?? 0;
  const one = async (box: number) => {
    const headers = { "user-agent": `box-${box}`, "accept-encoding": "gzip" };
    for (const path of ["/v1/time", "/v1/channels/small/schedule"]) {
      await (await fetch(`${edge.url}${path}`, { headers })).arrayBuffer();
    }
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
      "resident memory after 100,000 boxes",
      sizes.at(-1) ?? Number.NaN,
      "MB",
      `each 10,000: ${shown}`,
    );
  } finally {
    await edge.stop();
  }
}
