/**
 * Imports a guide file: reads it whole, puts it right, and works out what the store has to change, channel by
 * channel. Pure but for the bytes it is handed and the rows it asks for: the caller writes, or only shows what
 * would be written.
 */
import type { Channel } from "../../shared/guide/channel.ts";
import {
  CATEGORIES_MAX,
  CATEGORY_MAX,
  type Programme,
  SUBTITLE_MAX,
  TITLE_MAX,
} from "../../shared/guide/programme.ts";
import { channelRows, textsByLanguage } from "./channel-rows.ts";
import { createDefectLog, cutText, type Defect, type DefectLog } from "./defects.ts";
import { type ChannelItem, programmeText } from "./guide-items.ts";
import { type IncomingProgramme, type Move, matchProgrammes } from "./identity.ts";
import { type CleanProgramme, mergeChannels, normaliseChannel } from "./normalise.ts";
import { refusal } from "./refusal.ts";
import { createProgrammeSpool, type ProgrammeSpool } from "./spool.ts";
import { readXmltv, type XmltvOptions } from "./xmltv.ts";

/** Most programmes of one file: three times what 100 MB hold. */
export const PROGRAMMES_MAX = 1_000_000;
/** Most channels of one file; a line-up holds no more. */
export const CHANNELS_MAX = 5_000;

/** What the store has now. */
export interface ExistingGuide {
  channels: readonly Channel[];
  /** All programmes of a channel, sorted by start; asked channel by channel, to hold one at a time. */
  programmesOf(channel: string): readonly Programme[] | Promise<readonly Programme[]>;
}

export interface ImportOptions extends XmltvOptions {
  /** Length of a programme without stop that nothing follows; 30 min unless told. */
  defaultLengthMs?: number;
}

/** What one channel of the file changes. */
export interface ProgrammesChange {
  channel: string;
  /** New and changed rows, whole. */
  upsert: Programme[];
  /** Ids. */
  remove: string[];
  moved: Move[];
}

export interface GuideSummary {
  /** Programmes. */
  counts: { added: number; moved: number; changed: number; removed: number; unchanged: number };
  defects: Defect[];
  /** What the file holds, once put right. */
  stats: GuideStats;
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
}

export interface GuideChanges {
  /** New and changed rows. */
  channels: Channel[];
  /** One change per channel that has programmes in the file; the summary comes at the end. */
  programmes: AsyncGenerator<ProgrammesChange, GuideSummary, undefined>;
}

/** All at once, for guides of a size that memory holds. */
export interface GuideImport {
  channels: { upsert: Channel[] };
  programmes: { upsert: Programme[]; remove: string[] };
  diff: Omit<GuideSummary["counts"], "moved"> & { moved: Move[] };
  defects: Defect[];
  stats: GuideStats;
}

/**
 * What to write, all of it in one transaction; nothing when the file is what is there already.
 *
 * @throws {CuecastError} when the file is refused whole (see `readXmltv`): then nothing is to be written
 */
export async function readGuide(
  bytes: AsyncIterable<Uint8Array>,
  existing: ExistingGuide,
  options: ImportOptions = {},
): Promise<GuideImport> {
  const { channels, programmes } = await readGuideChanges(bytes, existing, options);
  const upsert: Programme[][] = [];
  const remove: string[][] = [];
  const moved: Move[][] = [];
  for (;;) {
    const { done, value } = await programmes.next();
    if (done) {
      const { counts, defects, stats } = value;
      return {
        channels: { upsert: channels },
        programmes: { upsert: upsert.flat(), remove: remove.flat() },
        diff: { ...counts, moved: moved.flat() },
        defects,
        stats,
      };
    }
    upsert.push(value.upsert);
    remove.push(value.remove);
    moved.push(value.moved);
  }
}

/**
 * As `readGuide`, channel by channel. The file has been read to its end, and taken, before anything is
 * handed out.
 */
export async function readGuideChanges(
  bytes: AsyncIterable<Uint8Array>,
  existing: ExistingGuide,
  options: ImportOptions = {},
): Promise<GuideChanges> {
  const defects = createDefectLog();
  const file = await readFile(bytes, defects, options);
  const declared = mergeChannels(file.channels, defects);
  const { upsert, idByXmltvId } = channelRows([...declared.values()], existing.channels, defects);
  const stats: GuideStats = { ...file.sizes, channels: declared.size, programmes: 0 };
  const programmes = matchChannels(file.programmes, idByXmltvId, existing, defects, stats, options);
  return { channels: upsert, programmes };
}

/** An existing guide held in memory. */
export function guideInMemory(channels: readonly Channel[], programmes: readonly Programme[]): ExistingGuide {
  const byChannel = Map.groupBy(programmes, ({ channel }) => channel);
  for (const list of byChannel.values()) list.sort((one, other) => one.startMs - other.startMs);
  return { channels, programmesOf: (channel) => byChannel.get(channel) ?? [] };
}

interface GuideFile {
  channels: ChannelItem[];
  programmes: ProgrammeSpool;
  sizes: { bytes: number; plainBytes: number };
}

async function readFile(
  bytes: AsyncIterable<Uint8Array>,
  defects: DefectLog,
  options: ImportOptions,
): Promise<GuideFile> {
  const channels: ChannelItem[] = [];
  const programmes = createProgrammeSpool();
  const sizes = { bytes: 0, plainBytes: 0 };
  let count = 0;
  const items = readXmltv(bytes, {
    ...options,
    onProgress(progress) {
      sizes.bytes = progress.bytes;
      sizes.plainBytes = progress.plainBytes;
      options.onProgress?.(progress);
    },
  });
  for await (const item of items) {
    if (item.kind === "programme") {
      programmes.add(item);
      count++;
    } else if (item.kind === "channel") {
      channels.push(item);
    } else {
      defects.add(item.code, item.line, () => item.text, item.count);
    }
    if (count > PROGRAMMES_MAX || channels.length > CHANNELS_MAX) {
      const most = `${PROGRAMMES_MAX} programmes or ${CHANNELS_MAX} channels`;
      throw refusal("guide-too-large", `it has over ${most}; split it by channels or days`);
    }
  }
  if (count === 0 && channels.length === 0) {
    throw refusal("not-a-guide", "it is XMLTV without a single channel or programme; fetch the file again");
  }
  return { channels, programmes, sizes };
}

async function* matchChannels(
  spool: ProgrammeSpool,
  idByXmltvId: ReadonlyMap<string, string>,
  existing: ExistingGuide,
  defects: DefectLog,
  stats: GuideStats,
  options: ImportOptions,
): AsyncGenerator<ProgrammesChange, GuideSummary, undefined> {
  const counts = { added: 0, moved: 0, changed: 0, removed: 0, unchanged: 0 };
  for (const xmltvId of spool.channels()) {
    const items = spool.take(xmltvId);
    const channel = idByXmltvId.get(xmltvId);
    if (channel === undefined) {
      const code = xmltvId === "" ? "programme-without-channel" : "unknown-channel";
      for (const item of items) defects.add(code, item.line, () => programmeText(item));
      continue;
    }
    const clean = normaliseChannel(items, defects, options.defaultLengthMs);
    const incoming = clean.map((programme) => programmeRow(channel, programme, defects));
    const { upsert, remove, moved, ...rest } = matchProgrammes(
      await existing.programmesOf(channel),
      incoming,
    );
    counts.added += rest.added;
    counts.changed += rest.changed;
    counts.unchanged += rest.unchanged;
    counts.moved += moved.length;
    counts.removed += remove.length;
    measure(stats, incoming);
    yield { channel, upsert, remove, moved };
  }
  return { counts, defects: defects.list(), stats };
}

function measure(stats: GuideStats, incoming: readonly IncomingProgramme[]): void {
  const first = incoming[0];
  const last = incoming.at(-1);
  if (first === undefined || last === undefined) return;
  stats.programmes += incoming.length;
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
  const byLanguage = textsByLanguage(titles, (text) => cutText(text, TITLE_MAX));
  if (byLanguage !== undefined) row.titles = byLanguage;
  if (programme.series !== undefined) row.series = programme.series;
  if (programme.subtitle !== undefined) row.subtitle = cut(programme.subtitle, SUBTITLE_MAX);
  if (programme.categories !== undefined) {
    row.categories = programme.categories.slice(0, CATEGORIES_MAX).map((text) => cut(text, CATEGORY_MAX));
  }
  if (programme.isNew !== undefined) row.isNew = programme.isNew;
  return row;
}
