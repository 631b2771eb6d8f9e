/**
 * One group commit in a log file: a head with a checksum, then its entries, a line each.
 *
 * Problem: a write may reach the disk in part, and a disk may change what lies on it. Idea: the head says how long
 * the record is and what its checksum is, so a part is told from a whole; its first byte never occurs in the lines,
 * which are ASCII, so the next record can be found behind a damaged one.
 */
import { checksum } from "../../../../shared/runtime/checksum.ts";

/** Read by the byte: 0xCC 'C' 'A' 1. */
const MAGIC = 0xcc434101;
export const MAGIC_FIRST_BYTE = 0xcc;
export const HEAD_BYTES = 40;
/** Beyond it a length is damage. */
export const RECORD_BYTES_MAX = 268_435_456;

export interface RecordHead {
  /** Of head and lines together. */
  bytes: number;
  entries: number;
  /** How many of them are for central. */
  queued: number;
  /** Number of the first of those; the rest follow. */
  firstNumber: number;
  /** When it was written. */
  atMs: number;
  /** Numbers before the first that were given to nothing: a write of theirs failed, and may stand there all the same. */
  skipped: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @throws {Error} a bug: an entry that is not ASCII */
export function packRecord(lines: string, head: Omit<RecordHead, "bytes">): Uint8Array {
  const record = new Uint8Array(HEAD_BYTES + lines.length);
  const { read, written } = encoder.encodeInto(lines, record.subarray(HEAD_BYTES));
  if (read !== written || read !== lines.length) {
    throw new Error("Cannot write this group: an entry is not ASCII");
  }
  const view = viewOf(record);
  view.setUint32(0, MAGIC);
  view.setUint32(8, lines.length, true);
  view.setUint32(12, head.entries, true);
  view.setUint32(16, head.queued, true);
  view.setFloat64(20, head.firstNumber, true);
  view.setFloat64(28, head.atMs, true);
  view.setUint32(36, head.skipped, true);
  view.setUint32(4, checksum(record.subarray(8)), true);
  return record;
}

/** What a head says; undefined when it is none. Only `recordHolds` tells whether it is true. */
export function readHead(bytes: Uint8Array): RecordHead | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const head = viewOf(bytes);
  const length = head.getUint32(8, true);
  if (head.getUint32(0) !== MAGIC || length > RECORD_BYTES_MAX) return undefined;
  return {
    bytes: HEAD_BYTES + length,
    entries: head.getUint32(12, true),
    queued: head.getUint32(16, true),
    firstNumber: head.getFloat64(20, true),
    atMs: head.getFloat64(28, true),
    skipped: head.getUint32(36, true),
  };
}

/** @param record all its bytes */
export const recordHolds = (record: Uint8Array): boolean =>
  checksum(record.subarray(8)) === viewOf(record).getUint32(4, true);

/** The lines of a whole record, without their ends. */
export const linesOf = (record: Uint8Array): string[] =>
  decoder.decode(record.subarray(HEAD_BYTES, record.length - 1)).split("\n");
