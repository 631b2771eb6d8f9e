/** The clock port. Wall time says what is due; monotonic time measures. */

export interface Clock {
  /** ms since the Unix epoch, UTC, by this machine: may step, may be wrong by years. */
  wallMs(): number;
  /** ms since some fixed moment of this process: never steps back; may stand still in suspend. */
  monotonicMs(): number;
}
