/**
 * One file of the log with what finds its entries. The file that is written has its table in memory; a full one has
 * only a filter there, and the table beside it on disk, so that memory does not grow with what is remembered.
 */
import { checksum } from "../../../../shared/runtime/checksum.ts";
import { type Entry, entryFromLine } from "./entry.ts";
import type { LogFile } from "./files.ts";
import { HashFilter } from "./hash-filter.ts";
import type { Hash, HashSeed, PairKind } from "./pair-hash.ts";
import { type PlaceTable, placesOnDisk, SLOT_BYTES } from "./place-table.ts";

export interface Segment {
  /** 1, 2, 3 … */
  sequence: number;
  file: LogFile;
  /** Up to here everything is on disk. */
  bytes: number;
  entries: number;
  /** Numbers of its answers for central; `lastNumber` is one less than `firstNumber` while there is none. */
  firstNumber: number;
  lastNumber: number;
  /** When the last of its keys is forgotten. */
  forgetMs: number;
  /** When it was written to last. */
  lastAtMs: number;
  /** Its hashes, while they are in memory. */
  table: PlaceTable | undefined;
  filter: HashFilter;
  /** Its table on disk, and how many slots that has. */
  index: { file: LogFile; slots: number } | undefined;
}

export const logName = (sequence: number) => `${String(sequence).padStart(8, "0")}.log`;
export const indexName = (sequence: number) => `${String(sequence).padStart(8, "0")}.idx`;

const decoder = new TextDecoder();
const LINE_READ_BYTES = 512;
const NEWLINE = 10;
/** A box sends at most 64 KiB. */
const LINE_BYTES_MAX = 131_072;

/** The entry whose line begins there; undefined when none does. */
export function entryAt(segment: Segment, place: number): Entry | undefined {
  for (let most = LINE_READ_BYTES; most <= LINE_BYTES_MAX; most *= 4) {
    const bytes = segment.file.readNow(place, Math.min(most, segment.bytes - place));
    const end = bytes.indexOf(NEWLINE);
    if (end >= 0) return entryFromLine(decoder.decode(bytes.subarray(0, end)));
  }
  return undefined;
}

const fits = (entry: Entry, kind: PairKind, box: string, id: string) =>
  entry.box === box && (kind === "key" ? entry.key === id : entry.cue === id && entry.count > 0);

/**
 * What the segment has of a pair.
 *
 * @param hash of the pair
 */
export function findIn(
  segment: Segment,
  hash: Hash,
  kind: PairKind,
  box: string,
  id: string,
): { entry: Entry; place: number } | undefined {
  const { high, low } = hash;
  const { table, filter, index } = segment;
  if (table ? !table.has(high, low) : !filter.mayHave(high, low)) return undefined;
  const places = table
    ? table.places(high, low)
    : index &&
      placesOnDisk(index.slots, high, low, (at, bytes) =>
        index.file.readNow(HEADER_BYTES + filter.words.byteLength + at, bytes),
      );
  let found: { entry: Entry; place: number } | undefined;
  for (const place of places ?? []) {
    const entry = entryAt(segment, place);
    if (entry && fits(entry, kind, box, id) && (!found || place > found.place)) found = { entry, place };
  }
  return found;
}

/** "CCAX" 1, then the checksum of the rest of the header and of the filter. */
const MAGIC = 0x43434158;
const VERSION = 1;
const HEADER_BYTES = 80;
const CHECKED_FROM = 12;

const bytesOf = (words: Uint32Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** What is kept beside a full segment: its facts, its filter, its table. */
export function packIndex(segment: Segment, seed: HashSeed): Uint8Array {
  const { table, filter } = segment;
  if (!table) throw new Error("Cannot write this index: the segment's table is not in memory");
  const [filterBytes, tableBytes] = [bytesOf(filter.words), bytesOf(table.words)];
  const index = new Uint8Array(HEADER_BYTES + filterBytes.length + tableBytes.length);
  index.set(filterBytes, HEADER_BYTES);
  index.set(tableBytes, HEADER_BYTES + filterBytes.length);
  const header = new DataView(index.buffer);
  header.setUint32(0, MAGIC);
  header.setUint32(4, VERSION, true);
  for (const [at, value] of [
    ...[seed[0], seed[1], segment.entries, tableBytes.length / SLOT_BYTES, filterBytes.length],
  ].entries())
    header.setUint32(CHECKED_FROM + at * 4, value, true);
  for (const [at, value] of [
    ...[segment.bytes, segment.firstNumber, segment.lastNumber, segment.forgetMs, segment.lastAtMs],
  ].entries())
    header.setFloat64(32 + at * 8, value, true);
  header.setUint32(8, checksum(index.subarray(CHECKED_FROM, HEADER_BYTES + filterBytes.length)), true);
  return index;
}

/**
 * @returns what an index says of its segment; undefined when it is damaged, of another seed, or of another file
 */
export async function readIndex(
  file: LogFile,
  seed: HashSeed,
  logBytes: number,
): Promise<Omit<Segment, "sequence" | "file"> | undefined> {
  const size = await file.size();
  if (size < HEADER_BYTES) return undefined;
  const head = await file.read(0, HEADER_BYTES);
  const header = new DataView(head.buffer, head.byteOffset);
  if (header.getUint32(0) !== MAGIC || header.getUint32(4, true) !== VERSION) return undefined;
  const [high, low, entries = 0, slots = 0, filterBytes = 0] = Array.from({ length: 5 }, (_, at) =>
    header.getUint32(CHECKED_FROM + at * 4, true),
  );
  if (high !== seed[0] >>> 0 || low !== seed[1] >>> 0) return undefined;
  if (size !== HEADER_BYTES + filterBytes + slots * SLOT_BYTES) return undefined;
  const kept = await file.read(HEADER_BYTES, filterBytes);
  if (checksum(kept, checksum(head.subarray(CHECKED_FROM))) !== header.getUint32(8, true)) return undefined;
  const [bytes = 0, firstNumber = 0, lastNumber = 0, forgetMs = 0, lastAtMs = 0] = Array.from(
    { length: 5 },
    (_, at) => header.getFloat64(32 + at * 8, true),
  );
  // Longer: it ends with a refused group that could not be cut off, whose numbers must not be given again.
  if (bytes !== logBytes) return undefined;
  const words = new Uint32Array(filterBytes / 4);
  bytesOf(words).set(kept);
  return {
    ...{ bytes, entries, firstNumber, lastNumber, forgetMs, lastAtMs },
    ...{ table: undefined, filter: new HashFilter(words), index: { file, slots } },
  };
}
