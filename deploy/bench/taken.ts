/** How long many runs of one thing took, told as replies feel it: by the clock, and what was computed meanwhile. */
import process from "node:process";
import { quantile } from "./figures.ts";

export interface Taken {
  ms: number;
  /** Of the whole process, collectors included; less than `ms`: it waited for a core. */
  cpuMs: number;
}

const computedMs = (usage: NodeJS.CpuUsage) => (usage.user + usage.system) / 1000;

/** What comes of it is handed back beside the time, not with it: times are kept, and must keep nothing else alive. */
export function timed<T>(run: () => T): [T, Taken] {
  const before = process.cpuUsage();
  const fromMs = performance.now();
  const value = run();
  const ms = performance.now() - fromMs;
  return [value, { ms, cpuMs: computedMs(process.cpuUsage(before)) }];
}

export async function timedAsync<T>(run: () => Promise<T>): Promise<[T, Taken]> {
  const before = process.cpuUsage();
  const fromMs = performance.now();
  const value = await run();
  const ms = performance.now() - fromMs;
  return [value, { ms, cpuMs: computedMs(process.cpuUsage(before)) }];
}

export const median = (all: readonly Taken[]) =>
  quantile(
    all.map(({ ms }) => ms),
    0.5,
  );

/** The first runs code that is not compiled yet, and is told by itself. */
export function spread([first, ...rest]: readonly Taken[]): string {
  const tell = ({ ms, cpuMs }: Taken) => `${ms.toFixed(1)} (computing ${cpuMs.toFixed(1)})`;
  const clock = rest.map(({ ms }) => ms);
  const computing = rest.map(({ cpuMs }) => cpuMs);
  const slowest = rest.reduce((a, b) => (b.ms > a.ms ? b : a));
  const half = `half within ${quantile(computing, 0.5).toFixed(1)} computing`;
  const p99 = `p99 ${quantile(clock, 0.99).toFixed(1)} (computing ${quantile(computing, 0.99).toFixed(1)})`;
  const most = `most computing ${Math.max(...computing).toFixed(1)}`;
  return `${half}, ${p99}, worst of ${rest.length} ${tell(slowest)}, ${most}, first ${first ? tell(first) : "–"}`;
}
