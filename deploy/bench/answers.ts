/** Answers: acknowledged a second, each on disk before its reply; one per request, and bodies of a hundred. */
import { join } from "node:path";
import { type Bench, costPerRequest, has } from "./figures.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { residentBytes } from "./processor-time.ts";

/** Enough that a group is worth its sync: boxes are many. */
const CONNECTIONS = 512;

export async function answers(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk")) return;
  const edge = await createLoneEdge(join(bench.dir, "edge"), {
    runtime: bench.runtime,
    cues: 200,
    channels: 10,
  });
  const pid = edge.part.pid ?? 0;
  try {
    const before = await residentBytes(pid);
    for (const [what, script, per, connections] of [
      ["answers, one per request", "answers.lua", 1, CONNECTIONS],
      ["answers, bodies of 100", "answers-hundred.lua", 100, 32],
    ] as const) {
      const cost = await costPerRequest([pid], edge.url, {
        seconds: bench.seconds,
        connections,
        script: join(import.meta.dirname, script),
      });
      bench.note(
        what,
        cost.perSecond * per,
        "/s",
        `p50 ${cost.p50Ms} ms, p99 ${cost.p99Ms} ms, ${connections} connections`,
      );
      bench.note(`${what}: processor time each`, cost.microseconds / per, "µs");
    }
    const after = await residentBytes(pid);
    bench.note("resident memory after that", after / 1e6, "MB", `${Math.round(before / 1e6)} MB before`);
  } finally {
    await edge.stop();
  }
}
