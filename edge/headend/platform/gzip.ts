/** The runtime's gzip, and a turn of its event loop. */
import { gzipSync } from "node:zlib";

/** Level 6: bodies are compressed once and sent many times, but the first asker waits. */
export const gzip = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(bytes, { level: 6 }));

/** Lets what waits (requests, replies) run first. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
