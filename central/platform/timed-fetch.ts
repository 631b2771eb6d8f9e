/**
 * `fetch` that gives up: a server that accepts and never answers must not hold anybody for ever.
 *
 * Time in which this process computes does not count: a reply that waits to be read meanwhile came in time. Right after a
 * large publication that is seconds, and a withdrawal would be refused because `air` did not answer, which had.
 */
import { setTimeout } from "node:timers";

/** A busy thread wakes late from a step; only the step counts. */
const STEP_MS = 100;

function abortAfter(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const step = (leftMs: number) => {
    if (leftMs <= 0) {
      controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError"));
      return;
    }
    const stepMs = Math.min(STEP_MS, leftMs);
    // What was answered long ago must not keep a process that ends.
    setTimeout(() => step(leftMs - stepMs), stepMs).unref();
  };
  step(timeoutMs);
  return controller.signal;
}

/** @param timeoutMs from asking to the last byte of the reply */
export function createTimedFetch(timeoutMs: number): typeof globalThis.fetch {
  return (input, init) => {
    const timeout = abortAfter(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return fetch(input, { ...init, signal });
  };
}
