/** Promises in milliseconds, judged with the machine's load in mind and always told. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import type { TestContext } from "node:test";

/** Runnable processes a core, over the last minute, beyond which others take the time that is measured. */
const LOAD_A_CORE_MOST = 2;
/** Seen: 4.7 times, five files side by side and as much again beside them on two cores. */
const ALLOWANCE = 8;

/** Why a figure says little here; undefined when it is to be judged. */
function notAlone(): string | undefined {
  if (process.env.CUECAST_REHEARSE_SIDE_BY_SIDE) return "other tests run beside this one";
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  return load > LOAD_A_CORE_MOST ? `the machine is busy: ${load.toFixed(1)} a core` : undefined;
}

/**
 * Holds a promise to its limit; where other work goes on beside it, to ALLOWANCE times the limit: then a figure
 * says little, but what hangs is still found.
 */
export function assertWithin(t: TestContext, what: string, tookMs: number, limitMs: number): void {
  const excuse = notAlone();
  const told = `${what} in ${Math.round(tookMs)} ms (promised: ${limitMs} ms${excuse ? `; ${excuse}` : ""})`;
  t.diagnostic(told);
  assert.ok(tookMs <= limitMs * (excuse ? ALLOWANCE : 1), told);
}

/**
 * How long a process's threads have waited for a processor since they began, ms, added up; 0 where the kernel does not
 * tell. All of them: the main thread waits for those that collect garbage.
 */
export function starvedMs(pid: number | undefined): number {
  try {
    const tasks = `/proc/${pid}/task`;
    const waits = readdirSync(tasks).map(
      (task) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[1]) / 1e6,
    );
    return waits.reduce((sum, wait) => sum + wait, 0);
  } catch {
    return 0;
  }
}
