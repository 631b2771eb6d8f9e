/**
 * What `--workers 2` is good for, `npm run bench -- workers`: pulls and answers of an edge with two workers beside the
 * single process, in turns. The load comes from the same cores: the single process and wrk share two of them already.
 */
import { join } from "node:path";
import { type Bench, type Cost, costsBeside, has } from "./figures.ts";
import { createLoneEdge, type LoneEdge } from "./lone-edge.ts";
import { processTree, residentBytes } from "./processor-time.ts";

const CONNECTIONS = 64;
const ROUNDS = 2;
const COUNTS = [1, 2];

/** @returns of all its processes, bytes */
async function treeBytes(pid: number): Promise<number> {
  const sizes = await Promise.all((await processTree(pid)).map(residentBytes));
  return sizes.reduce((sum, bytes) => sum + (Number.isNaN(bytes) ? 0 : bytes), 0);
}

export async function workers(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk")) return;
  const edges: LoneEdge[] = [];
  try {
    for (const count of COUNTS) {
      const flags = ["--workers", String(count)];
      const dir = join(bench.dir, `edge-${count}`);
      edges.push(await createLoneEdge(dir, { runtime: bench.runtime, flags, cues: 200, channels: 10 }));
    }
    const pids = edges.map(({ part }) => part.pid ?? 0);
    const measure = async (what: string, path: string, script?: string) => {
      const targets = edges.map(({ url }, index) => ({ pids: [pids[index] ?? 0], url: `${url}${path}` }));
      const options = { seconds: bench.seconds, connections: CONNECTIONS, rounds: ROUNDS };
      const costs = await costsBeside(targets, { ...options, ...(script && { script }) });
      for (const [index, count] of COUNTS.entries()) {
        const { perSecond, microseconds, generatorMicroseconds, p50Ms, p99Ms } = costs[index] as Cost;
        const cost = `${microseconds.toFixed(1)} µs each and ${generatorMicroseconds.toFixed(1)} of wrk`;
        bench.note(
          `${what}, ${count === 1 ? "the single process" : `${count} workers`}`,
          perSecond,
          "/s",
          `${cost}, p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
        );
      }
    };
    await measure("schedule pulls of 16.6 KB", "/v1/channels/large/schedule");
    await measure("answers, one per request", "", join(import.meta.dirname, "answers.lua"));
    for (const [index, count] of COUNTS.entries()) {
      const bytes = await treeBytes(pids[index] ?? 0);
      bench.note(`resident memory of all its processes, ${count}`, bytes / 1e6, "MB", "");
    }
  } finally {
    for (const edge of edges) await edge.stop();
  }
}
