/** Shows how far an upload is: bytes and MB/s, on one line of a terminal, or every few seconds in a log. */

const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 5_000;

export interface Progress {
  /** The same bytes, counted as they pass. */
  through(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  /** After the reply: leaves the line. */
  end(): void;
}

/** @param totalBytes undefined when it is not known */
export function createProgress(
  out: { isTTY?: boolean; write(text: string): unknown },
  totalBytes: number | undefined,
): Progress {
  let bytes = 0;
  let shownMs = 0;
  let shown = false;
  const beganMs = performance.now();
  const megabytes = (count: number) => (count / 1e6).toFixed(1);

  function show(last: boolean): void {
    const nowMs = performance.now();
    if (!last && nowMs - shownMs < (out.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return;
    // In a log, what takes no time needs no line.
    if (!out.isTTY && !shown && nowMs - beganMs < LOG_EVERY_MS) return;
    shownMs = nowMs;
    shown = true;
    const of = totalBytes === undefined ? "" : ` of ${megabytes(totalBytes)}`;
    const rate = (bytes / 1e3 / Math.max(1, nowMs - beganMs)).toFixed(1);
    const line = `${megabytes(bytes)}${of} MB sent, ${rate} MB/s${last ? "; central compares it" : ""}`;
    out.write(out.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  }
  return {
    async *through(source) {
      for await (const piece of source) {
        bytes += piece.length;
        show(false);
        yield piece;
      }
      show(true);
    },
    end() {
      if (shown && out.isTTY) out.write("\r\x1b[K");
    },
  };
}
