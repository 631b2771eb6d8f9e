/** How long many runs of one thing took, told as replies feel it: by the clock, and what was computed meanwhile. */
import process from "node:process";
import { quantile } from "./figures.ts";

export interface Taken {
  ms: number;
  /**
   * Of this thread where the runtime tells it (Node; the system counts it in ticks of 4 ms), else of the whole process
   * with the threads that collect and compile beside it; less than `ms`: it waited for a core.
   */
  cpuMs: number;
}

function computedMs(): number {
  const own = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage;
  const { user, system } = own ? own.call(process) : process.cpuUsage();
  return (user + system) / 1000;
}

/** What comes of it is handed back beside the time, not with it: times are kept, and must keep nothing else alive. */
export function timed<T>(run: () => T): [T, Taken] {
  const before = computedMs();
  const fromMs = performance.now();
  const value = run();
  const ms = performance.now() - fromMs;
  return [value, { ms, cpuMs: computedMs() - before }];
}

export async function timedAsync<T>(run: () => Promise<T>): Promise<[T, Taken]> {
  const before = computedMs();
  const fromMs = performance.now();
  const value = await run();
  const ms = performance.now() - fromMs;
  return [value, { ms, cpuMs: computedMs() - before }];
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
  const p99 = `p99 ${quantile(clock, 0.99).toFixed(1)} (computing ${quantile(computing, 0.99).toFixed(1)})`;
  const most = `most computing ${Math.max(...computing).toFixed(1)}`;
  return `${p99}, worst of ${rest.length} ${tell(slowest)}, ${most}, first ${first ? tell(first) : "–"}`;
}
