/** The runtime's gzip, and a turn of its event loop. */
import { gzipSync } from "node:zlib";

/** Level 6 unless told: bodies are compressed once and sent many times, but the first asker waits. */
export const gzip = (bytes: Uint8Array<ArrayBuffer>, level = 6): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(bytes, { level }));

/** Lets what waits (requests, replies) run first. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
