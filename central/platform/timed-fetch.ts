/** `fetch` that gives up: a server that accepts and never answers must not hold anybody for ever. */

/** @param timeoutMs from asking to the last byte of the reply */
export function createTimedFetch(timeoutMs: number): typeof globalThis.fetch {
  return (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return fetch(input, { ...init, signal });
  };
}
