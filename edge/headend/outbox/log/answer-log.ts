/**
 * The edge's answers on disk, in order of time: a log that is only written at its end, and what finds a key in it.
 *
 * Problem: tens of thousands of answers a second, each on disk before its reply, each looked for first among
 * millions. A database's index costs a random page for each. Idea (a log-structured store, Rosenblum and Ousterhout
 * 1992, with the filters of O'Neil's merge trees): a group of answers is one record with a checksum at the end of
 * a file and one sync. In memory stands only where the entries of the newest file lie, by hash; a full file has that
 * table beside it on disk and a small filter in memory. What is over goes file by file.
 */
import type { UplinkAnswer } from "../../../../shared/uplink/batch.ts";
import { type Entry, entryFromLine, entryToLine, uplinkAnswerOf } from "./entry.ts";
import type { LogFile, LogFolder } from "./files.ts";
import { filterWordsFor, HashFilter } from "./hash-filter.ts";
import { createLosses } from "./losses.ts";
import { type Hash, type HashSeed, PairHash, type PairKind } from "./pair-hash.ts";
import { PlaceTable, slotsFor } from "./place-table.ts";
import { HEAD_BYTES, linesOf, packRecord, type RecordHead } from "./record.ts";
import { scan } from "./scan.ts";
import { findIn, indexName, logName, packIndex, readIndex, type Segment } from "./segment.ts";

/** Where a record begins, or the log ends. */
export interface LogPlace {
  sequence: number;
  at: number;
}

export interface Found {
  entry: Entry;
  place: LogPlace;
}

export interface NewEntry extends Entry {
  /** Where the vote stands that it takes the place of. */
  voteAt?: LogPlace | undefined;
  /** A later entry of the same group took its place. */
  outdated?: boolean | undefined;
  /** Of its key and of its vote, where whoever made it knows them. */
  keyHash?: Hash | undefined;
  voteHash?: Hash | undefined;
}

export interface AnswerLog {
  /** Of a box and its key, or of a box and a cue. */
  hash(kind: PairKind, box: string, id: string): Hash;
  /**
   * The newest entry of a box's key, or of its vote for a cue; undefined when there is none that is remembered.
   *
   * @param known its hash
   */
  find(kind: PairKind, box: string, id: string, nowMs: number, known?: Hash): Found | undefined;
  /**
   * On disk when it resolves, all or none.
   *
   * @throws the system's error; then the log is as it was before
   */
  append(entries: readonly NewEntry[], nowMs: number): Promise<void>;
  /** Answers for central after a number, by number, within the limits; one goes whatever its size. */
  take(after: number, answersMax: number, bytesMax: number): Promise<UplinkAnswer[]>;
  /** When the first answer for central after a number came in; undefined when there is none. */
  oldestAtMs(after: number): Promise<number | undefined>;
  /** Entries from there on, record by record. */
  replay(from: LogPlace): AsyncGenerator<Entry[], void>;
  /**
   * Removes files of which nothing is remembered any more, whose answers central has, and that ended before.
   *
   * @param kept nothing from here on is removed
   */
  forget(nowMs: number, acknowledged: number, endedBefore: number, kept: LogPlace): Promise<void>;
  /** Writes as much as a body of answers may need, and takes it away again. @throws the system's error */
  proveRoom(): Promise<void>;
  end(): LogPlace;
  lastNumber(): number;
  /** Entries in it, whether their keys are remembered still or not. */
  entries(): number;
  /** How many of the numbers after that stand for nothing that could be sent. */
  missing(after: number): number;
  /** Writes files that somebody deleted or replaced again, from what is still open. @throws the system's error */
  writeAgain(): Promise<void>;
  /** What could not be read, in words. */
  damage(): readonly string[];
  close(): Promise<void>;
}

export interface AnswerLogSettings {
  /** Entries of a full file. Its table takes 48 bytes of memory each, its filter 4. */
  fileEntriesMax: number;
  /** Bytes of a full file; below 2^32. */
  fileBytesMax: number;
}

export const ANSWER_LOG_DEFAULTS: AnswerLogSettings = { fileEntriesMax: 131_072, fileBytesMax: 268_435_456 };

/** A full file is larger than what an edge has to spare of memory. */
const PIECE_BYTES = 1_048_576;

/** A file piece by piece, up to there or its end. */
async function* piecesOf(file: LogFile, bytes: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes; ) {
    const piece = await file.read(at, Math.min(PIECE_BYTES, bytes - at));
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

/** What was taken over from an older outbox is not: it was receipted there. */
const isRemembered = ({ forgetMs }: Entry) => forgetMs > 0;

/** What a body of answers may need, bytes. */
const BODY_BYTES = 65_536;

/**
 * @param ports `lastNumber`: the last number that is known to have been given; the log goes on after it;
 * `acknowledged`: the last that central has; `counted`: where the log ended when that was written down, below 0 when
 * nobody knows
 * @throws the system's error when it cannot be read
 */
export async function openAnswerLog(
  ports: {
    folder: LogFolder;
    seed: HashSeed;
    lastNumber: number;
    acknowledged?: number;
    counted?: LogPlace;
  },
  settings: Partial<AnswerLogSettings> = {},
): Promise<AnswerLog> {
  const { folder, seed } = ports;
  const limits = { ...ANSWER_LOG_DEFAULTS, ...settings };
  const slots = slotsFor(limits.fileEntriesMax * 2);
  const hash = new PairHash(seed);
  /** Oldest first; the last one is written. */
  const segments: Segment[] = [];
  const losses = createLosses();
  let entriesAll = 0;
  let lastNumber = 0;
  let spare: PlaceTable | undefined;
  /** The index that is being written; rejects when it could not be. */
  let sealing: Promise<void> = Promise.resolve();
  /** The written file may hold what was refused: it is not written again. */
  let spoilt = false;
  /** Where `take` goes on: no answer before it is beyond `after`. */
  let cursor: (LogPlace & { after: number }) | undefined;

  /** Numbers given to nothing since the last record. */
  let skipped = 0;

  /**
   * @param before the file of the record before, in which what is missing stood; undefined when that is told otherwise
   * @param expected the number that should come, before a record
   */
  function lookForGap(
    before: number | undefined,
    expected: number,
    head: Pick<RecordHead, "firstNumber" | "skipped">,
  ) {
    if (before !== undefined) losses.gap(before, expected, head.firstNumber - expected - head.skipped);
  }
  /** Whose end was before a record of this file; a file between them that is gone is told by `losses.compare`. */
  const fileBefore = (sequence: number, last: number | undefined) =>
    last === undefined || last === sequence ? sequence : last === sequence - 1 ? last : undefined;
  const active = () => segments.at(-1) as Segment;

  async function writeSegmentAgain(segment: Segment, bytes: number, answers: number): Promise<void> {
    const name = logName(segment.sequence);
    await folder.put(name, piecesOf(segment.file, bytes));
    const file = await folder.open(name);
    segment.file.close();
    segment.file = file;
    losses.writtenAgain(segment.sequence, answers);
  }

  function emptySegment(sequence: number, file: LogFile): Segment {
    const table = spare ?? new PlaceTable(slots);
    spare = undefined;
    table.clear();
    return {
      ...{ sequence, file, bytes: 0, entries: 0, forgetMs: 0, lastAtMs: 0 },
      ...{ firstNumber: lastNumber + 1, lastNumber },
      ...{ table, filter: new HashFilter(filterWordsFor(limits.fileEntriesMax * 2)), index: undefined },
    };
  }

  const hashOf = (kind: PairKind, box: string, id: string): Hash => hash.of(kind, box, id);

  function enter({ table, filter }: Segment, { high, low }: Hash, place: number, replaces: number) {
    table?.put(high, low, place, replaces);
    filter.add(high, low);
  }

  /** Its facts and its table, from its records. */
  async function readSegment(segment: Segment): Promise<void> {
    const size = await segment.file.size();
    let expected = segment.lastNumber + 1;
    for await (const { at, head, record } of scan(segment.file, 0, size)) {
      if (at > segment.bytes) losses.unread(segment.sequence, at - segment.bytes);
      const last = segment.entries === 0 ? segments.at(-1)?.sequence : segment.sequence;
      const before = fileBefore(segment.sequence, last);
      // Of the first file, and of one before which files are gone, its own first record says where it begins.
      if (segment.entries === 0 && (segments.length === 0 || before === undefined))
        segment.firstNumber = expected = head.firstNumber;
      if (head.queued > 0) lookForGap(before, expected, head);
      segment.bytes = at + head.bytes;
      segment.lastAtMs = head.atMs;
      segment.entries += head.entries;
      if (head.queued > 0) segment.lastNumber = head.firstNumber + head.queued - 1;
      expected = segment.lastNumber + 1;
      let place = at + HEAD_BYTES;
      for (const line of linesOf(record)) {
        const entry = entryFromLine(line);
        if (entry) {
          segment.forgetMs = Math.max(segment.forgetMs, entry.forgetMs);
          if (isRemembered(entry)) {
            enter(segment, hashOf("key", entry.box, entry.key), place, -1);
            if (entry.count > 0) {
              const vote = hashOf("vote", entry.box, entry.cue);
              const before = findIn(segment, vote, "vote", entry.box, entry.cue);
              enter(segment, vote, place, before?.place ?? -1);
            }
          }
        }
        place += line.length + 1;
      }
    }
  }

  /** Writes the table of a full file beside it; its memory is free then. */
  async function seal(segment: Segment): Promise<void> {
    if (!segment.table) return;
    const name = indexName(segment.sequence);
    await folder.put(name, packIndex(segment, seed));
    segment.index = { file: await folder.open(name), slots };
    spare = segment.table;
    segment.table = undefined;
  }

  /** The next file. The one before last has its index on disk then: two tables at most are in memory. */
  async function roll(): Promise<void> {
    await sealing.catch(() => {});
    for (const segment of segments.slice(0, -1)) await seal(segment);
    const full = segments.at(-1);
    const sequence = Math.max(full?.sequence ?? 0, ports.counted?.sequence ?? 0) + 1;
    segments.push(emptySegment(sequence, await folder.open(logName(sequence))));
    spoilt = false;
    if (!full) return;
    sealing = seal(full);
    sealing.catch(() => {});
  }

  async function open(): Promise<void> {
    const names = await folder.list();
    const sequences = names
      .filter((name) => /^\d{8}\.log$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
    for (const [index, sequence] of sequences.entries()) {
      const file = await folder.open(logName(sequence));
      const isLast = index === sequences.length - 1;
      const known =
        !isLast && names.includes(indexName(sequence))
          ? await readIndex(await folder.open(indexName(sequence)), seed, await file.size())
          : undefined;
      const segment: Segment = known ? { sequence, file, ...known } : emptySegment(sequence, file);
      if (!known) {
        await readSegment(segment);
        // What follows is part of a group that was never acknowledged. What stands before it may be a whole one that a
        // kill kept from being synced: a box that sends it again gets its receipt for it.
        if (isLast) await file.cut(segment.bytes);
      }
      segments.push(segment);
      if (!known && !isLast) await seal(segment);
      lastNumber = Math.max(lastNumber, segment.lastNumber);
      entriesAll += segment.entries;
    }
    const { acknowledged = 0, counted = { sequence: -1, at: 0 } } = ports;
    const isLost = losses.compare(segments, { acknowledged, counted, lastNumber: ports.lastNumber });
    lastNumber = Math.max(lastNumber, ports.lastNumber);
    if (segments.length === 0 || isLost) await roll();
  }

  /** Walks to the record that holds the first answer after a number. */
  async function* recordsAfter(
    after: number,
  ): AsyncGenerator<{ sequence: number; head: RecordHead; record: Uint8Array }> {
    if (!cursor || cursor.after > after) {
      const from = segments.findLast((segment) => segment.firstNumber <= after + 1) ?? segments[0];
      cursor = { sequence: from?.sequence ?? 1, at: 0, after: 0 };
    }
    const begin: LogPlace = cursor;
    // Behind the first that is given nothing is passed: whoever took it may have to take it again.
    let isPassing = true;
    for (const segment of segments.filter(({ sequence }) => sequence >= begin.sequence)) {
      const from = segment.sequence === begin.sequence ? begin.at : 0;
      // Its own end: it may grow meanwhile.
      for await (const { at, head, record } of scan(segment.file, from, segment.bytes)) {
        const last = head.firstNumber + head.queued - 1;
        if (head.queued > 0 && last > after) {
          isPassing = false;
          yield { sequence: segment.sequence, head, record };
        } else if (isPassing) cursor = { sequence: segment.sequence, at: at + head.bytes, after };
      }
    }
  }

  await open();

  return {
    hash: hashOf,
    find(kind, box, id, nowMs, known = hashOf(kind, box, id)) {
      for (let at = segments.length - 1; at >= 0; at--) {
        const segment = segments[at] as Segment;
        if (segment.forgetMs <= nowMs) continue;
        const found = findIn(segment, known, kind, box, id);
        if (!found) continue;
        if (found.entry.forgetMs <= nowMs) return undefined;
        return { entry: found.entry, place: { sequence: segment.sequence, at: found.place } };
      }
      return undefined;
    },
    async append(entries, nowMs) {
      if (
        spoilt ||
        active().entries + entries.length > limits.fileEntriesMax ||
        active().bytes >= limits.fileBytesMax
      )
        await roll();
      const segment = active();
      const lengths: number[] = [];
      let lines = "";
      let queued = 0;
      for (const entry of entries) {
        const line = entryToLine(entry, nowMs);
        lines += line;
        lengths.push(line.length);
        if (entry.status === "accepted") queued++;
      }
      const firstNumber = lastNumber + 1;
      const head = { entries: entries.length, queued, firstNumber, atMs: nowMs, skipped };
      const record = packRecord(lines, head);
      try {
        await segment.file.write(record, segment.bytes);
        // A receipt for what a name leads to: what is deleted is gone with this process.
        if (!segment.file.isThere()) {
          const answers = segment.lastNumber - segment.firstNumber + 1 + queued;
          await writeSegmentAgain(segment, segment.bytes + record.length, answers);
        }
      } catch (error) {
        await segment.file.cut(segment.bytes).catch(() => {
          // It may stand there whole: neither its place nor its numbers are used again.
          spoilt = true;
          skipped += queued;
          lastNumber += queued;
        });
        throw error;
      }
      let place = segment.bytes + HEAD_BYTES;
      segment.bytes += record.length;
      segment.entries += entries.length;
      segment.lastAtMs = nowMs;
      if (queued > 0) skipped = 0;
      lastNumber += queued;
      segment.lastNumber = lastNumber;
      entriesAll += entries.length;
      entries.forEach((entry, index) => {
        segment.forgetMs = Math.max(segment.forgetMs, entry.forgetMs);
        if (isRemembered(entry)) {
          enter(segment, entry.keyHash ?? hashOf("key", entry.box, entry.key), place, -1);
          if (entry.count > 0 && !entry.outdated) {
            const before = entry.voteAt?.sequence === segment.sequence ? entry.voteAt.at : -1;
            enter(segment, entry.voteHash ?? hashOf("vote", entry.box, entry.cue), place, before);
          }
        }
        place += lengths[index] as number;
      });
    },
    async take(after, answersMax, bytesMax) {
      const taken: UplinkAnswer[] = [];
      let bytes = 0;
      // What is older than the oldest file was forgotten, not lost.
      let expected = Math.max(after + 1, segments[0]?.firstNumber ?? 0);
      let last: number | undefined;
      for await (const { sequence, head, record } of recordsAfter(after)) {
        lookForGap(fileBefore(sequence, last), expected, head);
        last = sequence;
        let number = head.firstNumber;
        for (const line of linesOf(record)) {
          const entry = entryFromLine(line);
          if (entry?.status !== "accepted") continue;
          if (number > after) {
            bytes += line.length + 1;
            if (taken.length >= answersMax || (taken.length > 0 && bytes > bytesMax)) return taken;
            taken.push(uplinkAnswerOf(entry, number, head.atMs));
          }
          number++;
        }
        expected = number;
      }
      // No record comes behind them by which they would be missed.
      losses.gap(active().sequence, expected, lastNumber - skipped - expected + 1);
      return taken;
    },
    async oldestAtMs(after) {
      if (after >= lastNumber) return undefined;
      for await (const { head } of recordsAfter(after)) return head.atMs;
      return undefined;
    },
    async *replay(from) {
      for (const segment of segments) {
        if (segment.sequence < from.sequence) continue;
        const at = segment.sequence === from.sequence ? from.at : 0;
        for await (const { record } of scan(segment.file, at, segment.bytes)) {
          yield linesOf(record).flatMap((line) => entryFromLine(line) ?? []);
        }
      }
    },
    async forget(nowMs, acknowledged, endedBefore, kept) {
      const isOver = (segment: Segment) =>
        segment.forgetMs <= nowMs && segment.lastNumber <= acknowledged && segment.lastAtMs <= endedBefore;
      if (active().entries > 0 && isOver(active())) await roll();
      while (segments.length > 1) {
        const [oldest] = segments as [Segment];
        if (!isOver(oldest) || oldest.sequence >= kept.sequence) return;
        await sealing.catch(() => {});
        await folder.remove(indexName(oldest.sequence));
        await folder.remove(logName(oldest.sequence));
        oldest.file.close();
        oldest.index?.file.close();
        segments.shift();
        entriesAll -= oldest.entries;
        losses.forget(oldest.sequence);
      }
    },
    async proveRoom() {
      const segment = active();
      try {
        await segment.file.write(new Uint8Array(BODY_BYTES), segment.bytes);
      } finally {
        await segment.file.cut(segment.bytes);
      }
    },
    end: () => ({ sequence: active().sequence, at: active().bytes }),
    lastNumber: () => lastNumber,
    entries: () => entriesAll,
    missing: losses.missing,
    async writeAgain() {
      for (const segment of segments) {
        if (segment.file.isThere()) continue;
        await writeSegmentAgain(segment, segment.bytes, segment.lastNumber - segment.firstNumber + 1);
      }
    },
    damage: losses.words,
    async close() {
      await sealing.catch(() => {});
      for (const { file, index } of segments) {
        file.close();
        index?.file.close();
      }
    },
  };
}
