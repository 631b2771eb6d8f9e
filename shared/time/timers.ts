/** The timer port: one call after a delay, and its cancelling. */

export interface Timers {
  /**
   * Calls `run` once, `delayMs` from now or a little later.
   *
   * @param delayMs 0 to 2,147,483,647 (what a 32-bit timer carries); longer waits are made of hops
   * @returns cancels the call; harmless when it was made already
   */
  after(delayMs: number, run: () => void): () => void;
}
