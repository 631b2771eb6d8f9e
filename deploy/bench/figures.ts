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
  /** Whether something is to be measured: all of a benchmark unless a part was asked for. */
  wants(what: string): boolean;
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
  /** Of the load itself, beside it. */
  generatorMicroseconds: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Loads are taken this often and the cheapest counts: other work on the machine only ever adds. */
const ROUNDS = 3;

interface LoadOptions {
  seconds: number;
  connections: number;
  /** Beforehand, s: code that was just started is slow. 1 unless told. */
  warmSeconds?: number;
  /** 3 unless told. */
  rounds?: number;
  headers?: Record<string, string>;
  script?: string;
}

/** What is loaded, and the processes that serve it. */
export interface Target {
  pids: readonly number[];
  url: string;
  headers?: Record<string, string>;
}

async function costOnce({ pids, url, headers }: Target, options: LoadOptions): Promise<Cost> {
  const spent = async () => (await Promise.all(pids.map(processorTimeMs))).reduce((sum, ms) => sum + ms, 0);
  const before = await spent();
  const result = await load(url, { ...options, headers: headers ?? options.headers ?? {} });
  const microseconds = (((await spent()) - before) * 1000) / result.requests;
  if (result.failures > 0) throw new Error(`Cannot trust the figure of ${url}: ${result.trouble}`);
  const { p50Ms, p99Ms, requests, seconds, generatorMicroseconds } = result;
  return { microseconds, generatorMicroseconds, perSecond: requests / seconds, p50Ms, p99Ms };
}

/**
 * Processor time a request, user and system, of all the processes that served it, of several servers beside one
 * another: they take turns, so that other work on the machine falls on each of them.
 *
 * @returns in the order of `targets`
 * @throws when a request failed
 */
export async function costsBeside(targets: readonly Target[], options: LoadOptions): Promise<Cost[]> {
  const best: (Cost | undefined)[] = targets.map(() => undefined);
  const { warmSeconds = 1, rounds = ROUNDS } = options;
  for (const target of targets) await costOnce(target, { ...options, seconds: warmSeconds });
  for (let round = 0; round < rounds; round++) {
    for (const [index, target] of targets.entries()) {
      const cost = await costOnce(target, options);
      const before = best[index];
      if (!before || cost.microseconds < before.microseconds) best[index] = cost;
    }
  }
  return best as Cost[];
}

/** As `costsBeside`, of one. */
export async function costPerRequest(
  pids: readonly number[],
  url: string,
  options: LoadOptions,
): Promise<Cost> {
  const [cost] = await costsBeside([{ pids, url }], options);
  return cost as Cost;
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
