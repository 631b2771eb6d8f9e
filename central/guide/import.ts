/**
 * Imports a guide file: reads it whole, puts it right, and works out what the store has to change. Pure but
 * for the bytes it is handed and the rows it asks for: the caller writes, or only shows what it would write.
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
import type { ChannelItem, ProgrammeItem } from "./guide-items.ts";
import { type IncomingProgramme, type Move, matchProgrammes } from "./identity.ts";
import { type CleanProgramme, normaliseGuide } from "./normalise.ts";
import { refusal } from "./refusal.ts";
import { readXmltv, type XmltvOptions } from "./xmltv.ts";

/** Most programmes of one file: twice what 100 MB hold. */
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

/** Counts of programmes, and each move. */
export interface GuideDiff {
  added: number;
  moved: Move[];
  changed: number;
  removed: number;
  unchanged: number;
}

export interface GuideImport {
  channels: { upsert: Channel[] };
  programmes: { upsert: Programme[]; remove: string[] };
  diff: GuideDiff;
  defects: Defect[];
  /** What the file holds, once put right. */
  stats: {
    bytes: number;
    plainBytes: number;
    channels: number;
    programmes: number;
    fromMs?: number;
    untilMs?: number;
  };
}

/**
 * @returns what to write, all of it in one transaction; nothing when the file is what is there already
 * @throws {CuecastError} when the file is refused whole (see `readXmltv`): then nothing is to be written
 */
export async function readGuide(
  bytes: AsyncIterable<Uint8Array>,
  existing: ExistingGuide,
  options: ImportOptions = {},
): Promise<GuideImport> {
  const defects = createDefectLog();
  const read = await collect(bytes, defects, options);
  const knownChannels = new Set(existing.channels.map(({ id, xmltvId }) => xmltvId ?? id));
  const clean = normaliseGuide(read.channels, read.programmes, defects, {
    knownChannels,
    defaultLengthMs: options.defaultLengthMs,
  });
  const { upsert, idByXmltvId } = channelRows(clean.channels, existing.channels, defects);
  const result: GuideImport = {
    channels: { upsert },
    programmes: { upsert: [], remove: [] },
    diff: { added: 0, moved: [], changed: 0, removed: 0, unchanged: 0 },
    defects: [],
    stats: { bytes: read.bytes, plainBytes: read.plainBytes, channels: clean.channels.length, programmes: 0 },
  };
  for (const [xmltvId, programmes] of clean.programmes) {
    const channel = idByXmltvId.get(xmltvId) ?? xmltvId;
    const incoming = programmes.map((programme) => programmeRow(channel, programme, defects));
    add(result, incoming, matchProgrammes(await existing.programmesOf(channel), incoming));
    clean.programmes.set(xmltvId, []);
  }
  result.defects = defects.list();
  return result;
}

/** An existing guide held in memory. */
export function guideInMemory(channels: readonly Channel[], programmes: readonly Programme[]): ExistingGuide {
  const byChannel = Map.groupBy(programmes, ({ channel }) => channel);
  for (const list of byChannel.values()) list.sort((one, other) => one.startMs - other.startMs);
  return { channels, programmesOf: (channel) => byChannel.get(channel) ?? [] };
}

interface Collected {
  channels: ChannelItem[];
  programmes: ProgrammeItem[];
  bytes: number;
  plainBytes: number;
}

async function collect(
  bytes: AsyncIterable<Uint8Array>,
  defects: DefectLog,
  options: ImportOptions,
): Promise<Collected> {
  const read: Collected = { channels: [], programmes: [], bytes: 0, plainBytes: 0 };
  const items = readXmltv(bytes, {
    ...options,
    onProgress(progress) {
      read.bytes = progress.bytes;
      read.plainBytes = progress.plainBytes;
      options.onProgress?.(progress);
    },
  });
  for await (const item of items) {
    if (item.kind === "programme") {
      item.description = undefined;
      read.programmes.push(item);
    } else if (item.kind === "channel") {
      read.channels.push(item);
    } else {
      defects.add(item.code, item.line, () => item.text, item.count);
    }
    if (read.programmes.length > PROGRAMMES_MAX || read.channels.length > CHANNELS_MAX) {
      throw refusal(
        "guide-too-large",
        `it has over ${PROGRAMMES_MAX} programmes or ${CHANNELS_MAX} channels; split it by channels or days`,
      );
    }
  }
  if (read.programmes.length === 0 && read.channels.length === 0) {
    throw refusal("not-a-guide", "it is XMLTV without a single channel or programme; fetch the file again");
  }
  return read;
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

function add(
  result: GuideImport,
  incoming: IncomingProgramme[],
  match: ReturnType<typeof matchProgrammes>,
): void {
  for (const programme of match.upsert) result.programmes.upsert.push(programme);
  for (const id of match.remove) result.programmes.remove.push(id);
  for (const move of match.moved) result.diff.moved.push(move);
  result.diff.added += match.added;
  result.diff.changed += match.changed;
  result.diff.removed += match.remove.length;
  result.diff.unchanged += match.unchanged;
  const { stats } = result;
  stats.programmes += incoming.length;
  for (const edge of [incoming[0], incoming.at(-1)]) {
    if (edge === undefined) continue;
    stats.fromMs = Math.min(stats.fromMs ?? edge.startMs, edge.startMs);
    stats.untilMs = Math.max(stats.untilMs ?? edge.endMs, edge.endMs);
  }
}
