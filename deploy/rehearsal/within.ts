/** Promises in milliseconds, judged with the machine's load in mind and always told. */
import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";
import type { TestContext } from "node:test";

/** Runnable processes a core, over the last minute, beyond which others take the time that is measured. */
const LOAD_A_CORE_MOST = 2;
const ALLOWANCE = 4;

/**
 * Holds a promise to its limit; on a machine that is busy with other work, to four times the limit: then a
 * figure says little, but what hangs is still found.
 */
export function assertWithin(t: TestContext, what: string, tookMs: number, limitMs: number): void {
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  const busy = load > LOAD_A_CORE_MOST;
  const told = `${what} in ${Math.round(tookMs)} ms (promised: ${limitMs} ms${busy ? `; the machine is busy: ${load.toFixed(1)} a core` : ""})`;
  t.diagnostic(told);
  assert.ok(tookMs <= limitMs * (busy ? ALLOWANCE : 1), told);
}
