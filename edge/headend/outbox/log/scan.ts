/** Reads a log file from its beginning, record by record, past whatever is damaged. */
import type { LogFile } from "./files.ts";
import { HEAD_BYTES, MAGIC_FIRST_BYTE, type RecordHead, readHead, recordHolds } from "./record.ts";

export interface Scanned {
  at: number;
  head: RecordHead;
  /** The whole record. */
  record: Uint8Array;
}

const CHUNK_BYTES = 1_048_576;

/**
 * Records that hold, in order. What lies between two of them is damage; what lies behind the last is damage too, or
 * the part of a group that a crash cut off.
 *
 * @param from where a record begins
 * @param until bytes of the file
 */
export async function* scan(file: LogFile, from: number, until: number): AsyncGenerator<Scanned, void> {
  let chunk = new Uint8Array();
  let chunkAt = from;
  let at = from;
  /** Bytes at `at`, at least `bytes` of them unless the file ends. */
  const bytesAt = async (bytes: number): Promise<Uint8Array> => {
    const most = Math.min(bytes, until - at);
    if (at < chunkAt || at + most > chunkAt + chunk.length) {
      chunk = new Uint8Array(await file.read(at, Math.min(until - at, Math.max(CHUNK_BYTES, most))));
      chunkAt = at;
    }
    return chunk.subarray(at - chunkAt);
  };
  while (until - at >= HEAD_BYTES) {
    const head = readHead(await bytesAt(HEAD_BYTES));
    if (head && at + head.bytes <= until) {
      const bytes = await bytesAt(head.bytes);
      const record = bytes.subarray(0, head.bytes);
      if (record.length === head.bytes && recordHolds(record)) {
        yield { at, head, record };
        at += head.bytes;
        continue;
      }
    }
    at++;
    // To the next byte that may begin a record.
    for (;;) {
      const rest = await bytesAt(1);
      if (rest.length === 0) return;
      const found = rest.indexOf(MAGIC_FIRST_BYTE);
      if (found >= 0) {
        at += found;
        break;
      }
      at += rest.length;
      if (at >= until) return;
    }
  }
}
