/** What a benchmark hands in: figures with their units, and how they were taken. */
import { execFileSync } from "node:child_process";
import { load } from "./load.ts";
import { processorTimeMs } from "./processor-time.ts";

export interface Figure {
  what: string;
  value: number;
  unit: string;
  note?: string;
}

export interface Bench {
  /** Adds a figure to the table. */
  note(what: string, value: number, unit: string, more?: string): void;
  /** A folder of its own, removed afterwards. */
  dir: string;
  /** How long each load lasts. */
  seconds: number;
  runtime: "deno" | "node";
}

export const quantile = (values: readonly number[], part: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
};

export interface Cost {
  microseconds: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Loads are taken this often and the cheapest counts: other work on the machine only ever adds. */
const ROUNDS = 3;

/**
 * Processor time a request, user and system, of all the processes that served it.
 *
 * @throws when a request failed
 */
export async function costPerRequest(
  pids: readonly number[],
  url: string,
  options: { seconds: number; connections: number; headers?: Record<string, string>; script?: string },
): Promise<Cost> {
  const spent = async () => (await Promise.all(pids.map(processorTimeMs))).reduce((sum, ms) => sum + ms, 0);
  await load(url, { ...options, seconds: 1 });
  let best: Cost | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await spent();
    const result = await load(url, options);
    const microseconds = (((await spent()) - before) * 1000) / result.requests;
    if (result.failures > 0) throw new Error(`Cannot trust the figure of ${url}: ${result.trouble}`);
    if (best && best.microseconds <= microseconds) continue;
    const { p50Ms, p99Ms, requests, seconds } = result;
    best = { microseconds, perSecond: requests / seconds, p50Ms, p99Ms };
  }
  return best as Cost;
}

/** Whether a program is there; where it is not, the table says so. */
export function has(bench: Bench, program: string, debianPackage: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    bench.note(`${program}`, Number.NaN, "", `left out: not installed (Debian package ${debianPackage})`);
    return false;
  }
}
