/**
 * The plain bytes of a guide: unpacked when they are gzip (told by their first bytes), within limits. Twice, where they
 * are gzip then still: a server may pack once more what is packed.
 */
import { GzipError, gunzipPieces } from "../../shared/runtime/gunzip.ts";
import { refusal } from "./refusal.ts";

export interface SizeLimits {
  /** Most bytes once unpacked. */
  plainBytesMax: number;
  /** Most plain bytes per packed byte; guides pack 10 to 30 fold, bombs 1,000 fold. */
  ratioMax: number;
}

/** 1 GiB: ten times the largest guides seen. */
export const SIZE_LIMITS: SizeLimits = { plainBytesMax: 1_073_741_824, ratioMax: 250 };

/** Counted as the bytes pass, for progress. */
export interface ByteCounts {
  /** As received. */
  bytes: number;
  /** Once unpacked. */
  plainBytes: number;
}

/** Pieces are cut to this, so that one piece of a bomb cannot unpack to much, and parsing yields often. */
const PIECE_BYTES = 65_536;
const PACKED_PIECE_BYTES = 8_192;
/** The ratio is judged from here on: a small guide of blanks is no bomb. */
const RATIO_FROM_BYTES = 16_777_216;

/**
 * @returns pieces of at most 64 KiB
 * @throws {CuecastError} `guide-too-large`, or `guide-truncated` when the compression breaks off
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  counts: ByteCounts,
  limits: SizeLimits = SIZE_LIMITS,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    const { packed, whole } = await look(pieces);
    for await (const piece of packed ? unpackTwice(whole, counts, limits) : whole) {
      if (!packed) counts.bytes += piece.length;
      for (let at = 0; at < piece.length; at += PIECE_BYTES) {
        const part = piece.subarray(at, at + PIECE_BYTES);
        counts.plainBytes += part.length;
        checkSize(counts, limits, packed);
        yield part;
      }
    }
  } finally {
    await pieces.return?.();
  }
}

function checkSize(counts: ByteCounts, limits: SizeLimits, packed: boolean): void {
  if (counts.plainBytes > limits.plainBytesMax) {
    throw refusal(
      "guide-too-large",
      `it has more than ${limits.plainBytesMax} bytes${packed ? " once unpacked" : ""}; split it by channels or days`,
    );
  }
  if (
    packed &&
    counts.plainBytes > RATIO_FROM_BYTES &&
    counts.plainBytes > limits.ratioMax * Math.max(counts.bytes, 1)
  ) {
    throw refusal(
      "guide-too-large",
      `its gzip unpacks to over ${limits.ratioMax} times its size, as a bomb's does and no guide's, ${counts.plainBytes} bytes from the first ${counts.bytes}; do not unpack it, ask who sent it`,
    );
  }
}

/** Whether the bytes are gzip, and all of them. */
async function look(pieces: AsyncIterator<Uint8Array>) {
  const head = await readHead(pieces);
  return { packed: head[0] === 0x1f && head[1] === 0x8b, whole: prepend(head, pieces) };
}

async function* unpackTwice(
  packed: AsyncIterable<Uint8Array>,
  counts: ByteCounts,
  limits: SizeLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const once = await look(unpack(packed, counts, counts));
  if (!once.packed) {
    yield* once.whole;
    return;
  }
  const between = { bytes: 0, plainBytes: 0 };
  async function* counted() {
    for await (const piece of once.whole) {
      between.plainBytes += piece.length;
      checkSize({ ...between, bytes: counts.bytes }, limits, true);
      yield piece;
    }
  }
  yield* unpack(counted(), between, counts);
}

/** At least two bytes, unless there are fewer in all. */
async function readHead(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await pieces.next();
    if (done) return head;
    head = head.length === 0 ? value : new Uint8Array([...head, ...value]);
  }
  return head;
}

async function* prepend(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

/** @param counts whose bytes they are; `told` names the place */
async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  counts: ByteCounts,
  told: ByteCounts,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* gunzipPieces(smallPieces(packed, counts));
  } catch (cause) {
    if (!(cause instanceof GzipError)) throw cause;
    const what = cause.cutOff ? "breaks off" : "is damaged";
    // What the last piece unpacks to is lost with it.
    const plain = told.plainBytes > 0 ? `, more than ${told.plainBytes} once unpacked` : "";
    const why = cause.cutOff ? "" : ` (${cause.message})`;
    const state = `its gzip ${what} after ${told.bytes} bytes${plain}${why}; fetch the file again`;
    throw refusal("guide-truncated", state, cause);
  }
}

async function* smallPieces(
  packed: AsyncIterable<Uint8Array>,
  counts: ByteCounts,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of packed) {
    for (let at = 0; at < piece.length; at += PACKED_PIECE_BYTES) {
      const part = piece.subarray(at, at + PACKED_PIECE_BYTES);
      counts.bytes += part.length;
      yield part;
    }
  }
}
