/**
 * Reads a guide file whole and puts it right: rows by channel, complete but for the programmes' ids. Pure but
 * for the bytes it is handed. What the rows change is `compare.ts`; what becomes of it, `importer.ts`.
 */
import type { Channel } from "../../shared/guide/channel.ts";
import { CATEGORIES_MAX, CATEGORY_MAX, SUBTITLE_MAX, TITLE_MAX } from "../../shared/guide/programme.ts";
import { channelRows, textsByLanguage } from "./channel-rows.ts";
import type { IncomingRows } from "./compare.ts";
import { createDefectLog, cutText, type Defect, type DefectLog } from "./defects.ts";
import { type ChannelItem, programmeText } from "./guide-items.ts";
import { type ReaderOptions, readGuideItems } from "./guide-reader.ts";
import { HOLE_MIN_MS, type IncomingProgramme } from "./identity.ts";
import { type CleanProgramme, mergeChannels, normaliseChannel } from "./normalise.ts";
import { refusal } from "./refusal.ts";
import { createProgrammeSpool, type ProgrammeSpool } from "./spool.ts";
import { type ClockEvidence, FEED_CLOCKS } from "./zone-clock.ts";

/** Most programmes of one file: three times what 100 MB hold. */
export const PROGRAMMES_MAX = 1_000_000;
/** Most channels of one file; a line-up holds no more. */
export const CHANNELS_MAX = 5_000;

/** Half a year: no guide is made as far ahead, and a year that was mistyped is beyond it. */
const AHEAD_MAX_MS = 180 * 86_400_000;

export interface ImportOptions extends ReaderOptions {
  /** Length of a programme without stop that nothing follows; 30 min unless told. */
  defaultLengthMs?: number;
  /** Programmes that ended before are left out; none unless told. */
  keptFromMs?: number;
}

export interface GuideStats {
  /** As received, and unpacked. */
  bytes: number;
  plainBytes: number;
  channels: number;
  programmes: number;
  /** First start and last end; absent without programmes. */
  fromMs?: number;
  untilMs?: number;
  /** How many titles that name an hour agree with which clock, where a zone is known. */
  evidence?: ClockEvidence;
}

/** A file that was read to its end, being put right. */
export interface GuideFile {
  /** New and changed rows. */
  channels: Channel[];
  /** By our channel id; made as they are asked for, once. */
  programmes: Iterable<IncomingRows>;
  /** All of them once the programmes have been asked for. */
  defects(): Defect[];
  /** Likewise. */
  stats: GuideStats;
}

/** A file that was read to its end, as it says. */
export interface RawGuide {
  channels: ChannelItem[];
  programmes: ProgrammeSpool;
  defects: DefectLog;
  sizes: { bytes: number; plainBytes: number };
  evidence: ClockEvidence;
}

/** @throws {CuecastError} when the file is refused whole (see `readGuideItems`): then nothing of it is to be used */
export async function readGuideFile(
  bytes: AsyncIterable<Uint8Array>,
  known: readonly Channel[],
  options: ImportOptions = {},
): Promise<GuideFile> {
  return putRight(await readRawGuide(bytes, options), known, options);
}

/**
 * The second half: takes what the first one read, which is used up.
 *
 * @param known the channels that are there
 */
export function putRight(file: RawGuide, known: readonly Channel[], options: ImportOptions = {}): GuideFile {
  const { defects } = file;
  const declared = mergeChannels(file.channels, defects);
  const { upsert, idByXmltvId } = channelRows([...declared.values()], known, defects);
  const stats: GuideStats = { ...file.sizes, channels: declared.size, programmes: 0 };
  if (FEED_CLOCKS.some((clock) => file.evidence[clock] > 0)) stats.evidence = file.evidence;
  const programmes = normalise(file.programmes, idByXmltvId, defects, stats, options);
  return { channels: upsert, programmes, defects: () => defects.list(), stats };
}

/** The first half of `readGuideFile`: takes as long as the bytes do. */
export async function readRawGuide(
  bytes: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<RawGuide> {
  const defects = createDefectLog();
  const channels: ChannelItem[] = [];
  const programmes = createProgrammeSpool();
  const sizes = { bytes: 0, plainBytes: 0 };
  const evidence = { offset: 0, digits: 0, utc: 0 };
  let count = 0;
  const pieces = readGuideItems(bytes, {
    ...options,
    evidence,
    onProgress(progress) {
      sizes.bytes = progress.bytes;
      sizes.plainBytes = progress.plainBytes;
      options.onProgress?.(progress);
    },
  });
  for await (const piece of pieces) {
    for (const item of piece) {
      if (item.kind === "programme") {
        programmes.add(item);
        count++;
      } else if (item.kind === "channel") {
        channels.push(item);
      } else {
        defects.add(item.code, item.line, () => item.text, item.count);
      }
    }
    const over = (most: string) => {
      const line = piece.at(-1)?.line ?? 0;
      return refusal(
        "guide-too-large",
        `it has over ${most} up to line ${line}; split it by channels or days`,
      );
    };
    if (count > PROGRAMMES_MAX) throw over(`${PROGRAMMES_MAX} programmes`);
    if (channels.length > CHANNELS_MAX) throw over(`${CHANNELS_MAX} channels`);
  }
  if (count === 0 && channels.length === 0) {
    const unread = defects.count("bad-start");
    throw refusal(
      "not-a-guide",
      unread > 0
        ? `its ${unread} programmes have no start that is a time; look at the file`
        : "it has not a single channel or programme; fetch the file again",
    );
  }
  return { channels, programmes, defects, sizes, evidence };
}

/** Channel by channel, so that only one is held as objects. */
function* normalise(
  spool: ProgrammeSpool,
  idByXmltvId: ReadonlyMap<string, string>,
  defects: DefectLog,
  stats: GuideStats,
  options: ImportOptions,
): Generator<IncomingRows, void, undefined> {
  // A file may write one channel under two ids.
  const xmltvIds = Map.groupBy(spool.channels(), (xmltvId) => idByXmltvId.get(xmltvId));
  for (const [channel, names] of xmltvIds) {
    const items = names.flatMap((name) => spool.take(name));
    if (channel === undefined) {
      for (const item of items) {
        const code = item.channel === "" ? "programme-without-channel" : "unknown-channel";
        defects.add(code, item.line, () => programmeText(item));
      }
      continue;
    }
    if (names.length > 1) items.sort((one, other) => one.line - other.line);
    const { nowMs = Number.POSITIVE_INFINITY } = options;
    const clean = normaliseChannel(items, defects, options.defaultLengthMs).filter((programme) =>
      isNear(channel, programme, defects, nowMs + AHEAD_MAX_MS),
    );
    measure(stats, clean);
    const kept = clean.filter((programme) => isKept(channel, programme, defects, options.keptFromMs));
    reportHoles(channel, kept, defects);
    yield { channel, rows: kept.map((programme) => programmeRow(channel, programme, defects)) };
  }
}

function isNear(channel: string, programme: CleanProgramme, defects: DefectLog, lastMs: number): boolean {
  if (programme.startMs <= lastMs) return true;
  defects.add("far-off", programme.line, () => programmeText({ channel, ...programme }));
  return false;
}

/** Where `matchProgrammes` takes nothing to be known. */
function reportHoles(channel: string, kept: readonly CleanProgramme[], defects: DefectLog): void {
  for (const [at, programme] of kept.entries()) {
    const before = kept[at - 1];
    if (before === undefined || programme.startMs - before.endMs <= HOLE_MIN_MS) continue;
    const hours = Math.floor((programme.startMs - before.endMs) / 3_600_000);
    const text = () => `${hours} h before ${programmeText({ channel, ...programme })}`;
    defects.add("hole", programme.line, text);
  }
}

function isKept(
  channel: string,
  programme: CleanProgramme,
  defects: DefectLog,
  keptFromMs = -Infinity,
): boolean {
  if (programme.endMs >= keptFromMs) return true;
  defects.add("ended-long-ago", programme.line, () => programmeText({ channel, ...programme }));
  return false;
}

function measure(stats: GuideStats, clean: readonly CleanProgramme[]): void {
  const first = clean[0];
  const last = clean.at(-1);
  if (first === undefined || last === undefined) return;
  stats.programmes += clean.length;
  stats.fromMs = Math.min(stats.fromMs ?? first.startMs, first.startMs);
  stats.untilMs = Math.max(stats.untilMs ?? last.endMs, last.endMs);
}

function programmeRow(channel: string, programme: CleanProgramme, defects: DefectLog): IncomingProgramme {
  const { startMs, endMs, line, titles } = programme;
  const cut = (text: string, max: number) => {
    if (text.length > max) defects.add("text-cut", line, () => text);
    return cutText(text, max);
  };
  const row: IncomingProgramme = { channel, title: cut(titles[0]?.text ?? "", TITLE_MAX), startMs, endMs };
  const byLanguage = textsByLanguage(titles, (text) =>
    text === titles[0]?.text ? row.title : cut(text, TITLE_MAX),
  );
  if (byLanguage !== undefined) row.titles = byLanguage;
  if (programme.series !== undefined) row.series = programme.series;
  if (programme.subtitle !== undefined) row.subtitle = cut(programme.subtitle, SUBTITLE_MAX);
  if (programme.categories !== undefined) {
    row.categories = programme.categories.slice(0, CATEGORIES_MAX).map((text) => cut(text, CATEGORY_MAX));
  }
  if (programme.isNew !== undefined) row.isNew = programme.isNew;
  return row;
}
