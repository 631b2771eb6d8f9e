/** What a command sends to central, with its length ahead where that is known. */
import { Buffer } from "node:buffer";
import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import { CuecastError } from "../../shared/errors.ts";
import { plainFetch } from "../../shared/runtime/plain-fetch.ts";

/** The fewer pieces, the fewer turns for both sides. */
const PIECE_BYTES = 262_144;

export interface Upload {
  type: string;
  bytes: AsyncIterable<Uint8Array>;
  /** How many there will be; undefined when that is not known. */
  length?: number | undefined;
}

/** A guide's file. */
export function fileUpload(path: string): Upload {
  const bytes = createReadStream(path, { highWaterMark: PIECE_BYTES });
  return { type: "application/xml", bytes, length: statSync(path).size };
}

/** A guide that is there already. */
export function textUpload(content: string | Uint8Array): Upload {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { type: "application/xml", bytes: Readable.from([bytes]), length: bytes.length };
}

/** @throws {CuecastError} `file-changed` when its length is another; and whatever the bytes and the line throw */
export function upload(
  url: URL,
  { type, bytes, length }: Upload,
  { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  return plainFetch(url, {
    ...{ method: "POST", signal, length },
    headers: { ...headers, "content-type": type },
    body: length === undefined ? gathered(bytes) : exactly(bytes, length),
  });
}

async function* exactly(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  const changed = () =>
    new CuecastError("Cannot send the file: it changed while it was read; send it again", {
      code: "file-changed",
    });
  let sent = 0;
  for await (const piece of bytes) {
    sent += piece.length;
    if (sent > length) throw changed();
    yield piece;
  }
  if (sent < length) throw changed();
}

/** What comes in small pieces goes in large ones: each is a chunk. */
async function* gathered(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    waiting.push(piece);
    length += piece.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
