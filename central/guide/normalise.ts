/**
 * Puts right what one guide file says: channels merged; a channel's programmes sorted, each with a start and an
 * end, none over another. Whatever is changed or left out is counted in the defect log; nothing is silent.
 */
import { XMLTV_ID_MAX } from "../../shared/guide/channel.ts";
import { PROGRAMME_LENGTH_MAX_MS } from "../../shared/guide/programme.ts";
import { titleKey } from "../../shared/guide/title-key.ts";
import type { DefectLog } from "./defects.ts";
import { type ChannelItem, type LanguageText, type ProgrammeItem, programmeText } from "./guide-items.ts";

const DAY_MS = 86_400_000;
/** Length of a programme without stop that nothing follows; the commonest slot. */
const DEFAULT_LENGTH_MS = 1_800_000;
/** A missing stop is not stretched over a gap longer than this: what follows then is another day. */
const STRETCH_MAX_MS = 6 * 3_600_000;
/** A stop that was moved to the next day is plausible up to this length. */
const OVER_MIDNIGHT_MAX_MS = 12 * 3_600_000;

export interface CleanProgramme {
  startMs: number;
  /** After `startMs`, at most 48 h, not after the next one's start. */
  endMs: number;
  /** At least one; the first is the guide's main title. */
  titles: LanguageText[];
  subtitle?: string;
  categories?: string[];
  series?: string;
  isNew?: boolean;
  line: number;
}

/** @returns one channel per id, in the order of the file, each with at least one name */
export function mergeChannels(
  channels: readonly ChannelItem[],
  defects: DefectLog,
): Map<string, ChannelItem> {
  const byId = new Map<string, ChannelItem>();
  for (const channel of channels) {
    const { id, line } = channel;
    if (id === "") {
      defects.add("channel-without-id", line, () => channel.names[0]?.text ?? "");
      continue;
    }
    if (id.length > XMLTV_ID_MAX) {
      defects.add("bad-channel-id", line, () => id);
      continue;
    }
    const first = byId.get(id);
    if (first === undefined) {
      byId.set(id, { ...channel, names: [...channel.names] });
      continue;
    }
    defects.add("duplicate-channel", line, () => id);
    first.names.push(...channel.names);
    first.number ??= channel.number;
    first.iconUrl ??= channel.iconUrl;
    if (channel.locators !== undefined) first.locators ??= channel.locators;
    if (channel.guideRef !== undefined) first.guideRef ??= channel.guideRef;
  }
  for (const channel of byId.values()) {
    if (channel.names.length > 0) continue;
    defects.add("channel-without-name", channel.line, () => channel.id);
    channel.names.push({ text: channel.id });
  }
  return byId;
}

/**
 * The programmes of one channel put right. The steps stand in an order that matters: ends are only judged
 * once the starts are sorted and single.
 *
 * @param programmes in the order of the file; may be changed
 * @param defaultLengthMs of one without stop that nothing follows
 * @returns sorted by start, none over another
 */
export function normaliseChannel(
  programmes: readonly ProgrammeItem[],
  defects: DefectLog,
  defaultLengthMs = DEFAULT_LENGTH_MS,
): CleanProgramme[] {
  const titled = programmes.filter((programme) => hasTitle(programme, defects));
  const sorted = sortByStart(titled, defects);
  const lasting = sorted.filter((programme) => hasLength(programme, defects));
  const single = oneAtATime(withoutDuplicates(lasting, defects), defects);
  return single.map((programme, at) => withEnd(programme, single[at + 1], defects, defaultLengthMs));
}

function hasTitle(programme: ProgrammeItem, defects: DefectLog): boolean {
  if (programme.titles.length > 0) return true;
  defects.add("missing-title", programme.line, () => programmeText(programme));
  if (programme.subtitle === undefined) return false;
  programme.titles.push({ text: programme.subtitle });
  return true;
}

function sortByStart(programmes: ProgrammeItem[], defects: DefectLog): ProgrammeItem[] {
  let latestMs = -1;
  for (const programme of programmes) {
    if (programme.startMs < latestMs) defects.add("unsorted", programme.line, () => programmeText(programme));
    latestMs = Math.max(latestMs, programme.startMs);
  }
  return programmes.sort((one, other) => one.startMs - other.startMs || one.line - other.line);
}

/** Mends a stop that lies before the start, and tells whether any time is left. */
function hasLength(programme: ProgrammeItem, defects: DefectLog): boolean {
  const { startMs, endMs, line } = programme;
  if (endMs === startMs) {
    defects.add("zero-length", line, () => programmeText(programme));
    return false;
  }
  if (endMs !== null && endMs < startMs) {
    defects.add("stop-before-start", line, () => programmeText(programme));
    const nextDayMs = endMs + DAY_MS;
    programme.endMs = nextDayMs > startMs && nextDayMs - startMs <= OVER_MIDNIGHT_MAX_MS ? nextDayMs : null;
  }
  return true;
}

function withoutDuplicates(programmes: ProgrammeItem[], defects: DefectLog): ProgrammeItem[] {
  const kept: ProgrammeItem[] = [];
  let group: ProgrammeItem[] = [];
  for (const programme of programmes) {
    if (group[0]?.startMs !== programme.startMs) group = [];
    const twin = group.find((other) => isSame(other, programme));
    if (twin !== undefined) {
      defects.add("duplicate-programme", programme.line, () => programmeText(programme));
      twin.endMs ??= programme.endMs;
      continue;
    }
    group.push(programme);
    kept.push(programme);
  }
  return kept;
}

/** Of equal starts: same title, and ends that do not contradict each other. */
function isSame(one: ProgrammeItem, other: ProgrammeItem): boolean {
  if (one.endMs !== null && other.endMs !== null && one.endMs !== other.endMs) return false;
  return titleKey(one.titles[0]?.text ?? "") === titleKey(other.titles[0]?.text ?? "");
}

/** One programme per start. */
function oneAtATime(programmes: ProgrammeItem[], defects: DefectLog): ProgrammeItem[] {
  const kept: ProgrammeItem[] = [];
  for (let at = 0; at < programmes.length; ) {
    let next = at + 1;
    const startMs = programmes[at]?.startMs;
    while (programmes[next]?.startMs === startMs && next < programmes.length) next++;
    const group = programmes.slice(at, next);
    const nextStartMs = programmes[next]?.startMs;
    const chosen = group.find((programme) => programme.endMs === nextStartMs) ?? group[0];
    for (const programme of group) {
      if (programme === chosen) kept.push(programme);
      else defects.add("same-start", programme.line, () => programmeText(programme));
    }
    at = next;
  }
  return kept;
}

function withEnd(
  programme: ProgrammeItem,
  next: ProgrammeItem | undefined,
  defects: DefectLog,
  defaultLengthMs: number,
): CleanProgramme {
  const { startMs, line } = programme;
  let endMs = programme.endMs;
  if (endMs === null) {
    const stretched = next !== undefined && next.startMs - startMs <= STRETCH_MAX_MS;
    endMs = stretched ? next.startMs : startMs + defaultLengthMs;
    defects.add(stretched ? "missing-stop" : "missing-stop-guessed", line, () => programmeText(programme));
  }
  if (next !== undefined && endMs > next.startMs) {
    endMs = next.startMs;
    defects.add("overlap", line, () => `${programmeText(programme)} into ${programmeText(next)}`);
  }
  if (endMs - startMs > PROGRAMME_LENGTH_MAX_MS) {
    endMs = startMs + PROGRAMME_LENGTH_MAX_MS;
    defects.add("too-long", line, () => programmeText(programme));
  }
  const { titles, subtitle, categories, series, isNew } = programme;
  return { startMs, endMs, titles, subtitle, categories, series, isNew, line };
}
