/**
 * Unpacks gzip as it streams in: of one member or of several, and with zeros behind the last, as tools that write in
 * blocks leave them. The web's `DecompressionStream` takes one member and nothing behind it.
 */
import { createGunzip } from "node:zlib";

const PLAIN_PIECE_BYTES = 65_536;

/** Why gzip cannot be unpacked. */
export class GzipError extends Error {
  /** It ends before its last member does; else it is damaged. */
  readonly cutOff: boolean;
  constructor(message: string, cutOff: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = "GzipError";
    this.cutOff = cutOff;
  }
}

/**
 * @param packed small pieces: one is unpacked before the next is asked for
 * @throws {GzipError} and whatever `packed` throws
 */
export async function* gunzipPieces(
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: PLAIN_PIECE_BYTES });
  let wake = () => {};
  let failed: (Error & { code?: string }) | undefined;
  let ended = false;
  gunzip.on("readable", () => wake());
  gunzip.on("end", () => {
    ended = true;
    wake();
  });
  gunzip.on("error", (error) => {
    failed = error;
    wake();
  });
  /** What is unpacked, until `done` says so. */
  async function* unpacked(done: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const plain = gunzip.read() as Uint8Array | null;
      if (plain !== null) yield plain;
      else if (failed) throw new GzipError(failed.message, failed.code === "Z_BUF_ERROR", failed);
      else if (ended || done()) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  try {
    let behind = 0;
    let stopped = false;
    for await (const piece of packed) {
      let taken = stopped;
      if (!stopped) {
        gunzip.write(piece, () => {
          taken = true;
          wake();
        });
        yield* unpacked(() => taken);
      }
      // What it leaves of a piece begins with a zero behind a member.
      const left = piece.subarray(Math.max(0, gunzip.bytesWritten - behind));
      stopped ||= left.length > 0;
      assertZeros(left);
      behind += piece.length;
    }
    if (!stopped) gunzip.end();
    yield* unpacked(() => false);
  } finally {
    gunzip.destroy();
  }
}

function assertZeros(bytes: Uint8Array): void {
  if (bytes.some((byte) => byte !== 0)) throw new GzipError("bytes follow the zeros behind it", false);
}
