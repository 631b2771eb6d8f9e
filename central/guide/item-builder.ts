/** Makes guide items from the tokens of an XMLTV file: which element means what. `xmltv.ts` drives it. */
import { CHANNEL_NUMBER_MAX } from "../../shared/guide/channel.ts";
import { countMarkedAmpersands, unmarkAmpersands } from "./ampersands.ts";
import { cutText, type DefectCode } from "./defects.ts";
import type { ChannelItem, GuideItem, LanguageText, ProgrammeItem } from "./guide-items.ts";
import { type EpisodeNumber, seriesOf } from "./series.ts";
import { parseXmltvTime, type XmltvTime } from "./xmltv-time.ts";

/** Longest text of one element, characters; rows hold far less. */
const ELEMENT_TEXT_MAX = 2_000;
/** Most elements of one kind in one item: titles, categories, names. */
const REPEATS_MAX = 50;
/** Most distinct texts held to share their memory. */
const SHARED_TEXTS_MAX = 5_000;

/** What a decoder, ours or one before us, puts for bytes that are no character. */
const REPLACEMENT = "\uFFFD";
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const UNCLEAN = /[\p{Cc}\u00a0\u2028\u2029]| {2}/u;
const UNCLEAN_RUNS = /[\s\p{Cc}]+/gu;
/** The child elements whose text is wanted; all others pass by. */
const WANTED = new Set(["title", "sub-title", "category", "episode-num", "display-name", "lcn"]);

export type Attributes = Record<string, string>;

export interface ItemBuilder {
  /** An element opened, `depth` elements inside the root. */
  open(name: string, attributes: Attributes, depth: number, line: number): void;
  text(text: string, line: number): void;
  cdata(text: string, line: number): void;
  close(depth: number): void;
  /** The items complete so far, handed over. */
  take(): GuideItem[];
  report(code: DefectCode, line: number, text: string, count?: number): void;
}

/** @param zoneOffsetMs the zone of times that name none */
export function createItemBuilder(zoneOffsetMs: number): ItemBuilder {
  let ready: GuideItem[] = [];
  let channel: ChannelItem | undefined;
  let programme: ProgrammeItem | undefined;
  let episodes: EpisodeNumber[] = [];
  let itemDepth = 0;
  let field = "";
  let fieldLine = 0;
  let fieldAttributes: Attributes = {};
  let fieldText = "";
  let lastTimeText = "";
  let lastTime: XmltvTime | null = null;
  const shared = new Map<string, string>();

  const report = (code: DefectCode, line: number, text: string, count = 1) => {
    ready.push({ kind: "defect", code, count, line, text: share(cutText(text, 200)) });
  };

  /**
   * The text cleaned of blanks, in memory of its own: a slice of the input would keep its whole piece alive.
   * Equal texts share one.
   */
  function share(raw: string): string {
    const known = shared.get(raw);
    if (known !== undefined) return known;
    const clean = (UNCLEAN.test(raw) ? raw.replace(UNCLEAN_RUNS, " ") : raw).trim();
    const own = ` ${clean}`.slice(1);
    if (shared.size >= SHARED_TEXTS_MAX) shared.clear();
    shared.set(own, own);
    return own;
  }

  function restore(text: string, line: number): string {
    const marked = countMarkedAmpersands(text);
    if (marked === 0) return text;
    const whole = unmarkAmpersands(text);
    report("bare-ampersand", line, whole, marked);
    return whole;
  }

  function countReplacements(text: string, line: number): void {
    if (text.includes(REPLACEMENT))
      report("replacement-characters", line, text, text.split(REPLACEMENT).length - 1);
  }

  /** A stop is often the next start. */
  function timeOf(text: string): XmltvTime | null {
    if (text !== lastTimeText) {
      lastTime = parseXmltvTime(text, zoneOffsetMs);
      lastTimeText = ` ${text}`.slice(1);
    }
    return lastTime;
  }

  function open(name: string, attributes: Attributes, depth: number, line: number): void {
    if (name === "programme" || name === "channel") {
      // One that was never closed ends where the next begins.
      complete();
      itemDepth = depth;
      for (const key in attributes) attributes[key] = restore(attributes[key] ?? "", line);
      if (name === "channel") {
        channel = { kind: "channel", id: share(attributes.id ?? ""), names: [], line };
      } else {
        programme = startProgramme(attributes, line);
      }
      return;
    }
    if (depth !== itemDepth + 1) return;
    if (programme !== undefined) {
      if (name === "new" || name === "premiere") programme.isNew = true;
      if (name === "previously-shown") programme.isNew ??= false;
    }
    if (channel !== undefined && name === "icon" && channel.iconUrl === undefined && attributes.src) {
      channel.iconUrl = share(restore(attributes.src, line));
    }
    if (WANTED.has(name) && (programme !== undefined || channel !== undefined)) {
      field = name;
      fieldLine = line;
      fieldAttributes = attributes;
      fieldText = "";
    }
  }

  function startProgramme(attributes: Attributes, line: number): ProgrammeItem | undefined {
    const channelId = share(attributes.channel ?? "");
    const startText = attributes.start ?? "";
    const start = timeOf(startText);
    if (start === null) {
      report("bad-start", line, `${channelId} start="${startText}"`);
      return undefined;
    }
    const stopText = attributes.stop?.trim() ?? "";
    const stop = stopText === "" ? null : timeOf(stopText);
    if (stopText !== "" && stop === null)
      report("bad-stop", line, `${channelId} ${startText} stop="${stopText}"`);
    if (!start.zoned || stop?.zoned === false) report("time-without-zone", line, `${channelId} ${startText}`);
    episodes = [];
    return {
      kind: "programme",
      channel: channelId,
      startMs: start.ms,
      endMs: stop?.ms ?? null,
      titles: [],
      subtitle: undefined,
      categories: undefined,
      series: undefined,
      isNew: undefined,
      line,
    };
  }

  function append(text: string): void {
    if (fieldText.length >= ELEMENT_TEXT_MAX) return;
    fieldText = fieldText === "" ? text : fieldText + text;
    if (fieldText.length > ELEMENT_TEXT_MAX) {
      report("text-cut", fieldLine, fieldText);
      fieldText = cutText(fieldText, ELEMENT_TEXT_MAX);
    }
  }

  function languageText(text: string): LanguageText {
    const raw = fieldAttributes.lang?.trim();
    if (!raw) return { text };
    const lang = share(raw.replaceAll("_", "-"));
    if (lang.length <= 35 && LANGUAGE.test(lang)) return { lang, text };
    report("bad-language", fieldLine, `lang="${raw}" "${text}"`);
    return { text };
  }

  function closeField(): void {
    const text = share(fieldText);
    const name = field;
    field = "";
    if (text === "") return;
    if (channel !== undefined) {
      if (name === "display-name" && channel.names.length < REPEATS_MAX)
        channel.names.push(languageText(text));
      if (name === "lcn") channel.number ??= channelNumber(text);
    }
    if (programme === undefined) return;
    if (name === "title" && programme.titles.length < REPEATS_MAX)
      programme.titles = [...programme.titles, languageText(text)];
    else if (name === "sub-title") programme.subtitle ??= text;
    else if (name === "category") {
      const categories = programme.categories ?? [];
      if (categories.length < REPEATS_MAX) programme.categories = [...categories, text];
    } else if (name === "episode-num" && episodes.length < REPEATS_MAX) {
      episodes.push({ system: fieldAttributes.system ?? "", text });
    }
  }

  function complete(): void {
    if (programme !== undefined) {
      const series = episodes.length === 0 ? undefined : seriesOf(episodes, programme.titles[0]?.text ?? "");
      programme.series = series === undefined ? undefined : share(series);
      ready.push(programme);
    }
    if (channel !== undefined) ready.push(channel);
    programme = channel = undefined;
    field = "";
  }

  return {
    open,
    text(raw, line) {
      const text = restore(raw, line);
      countReplacements(text, line);
      if (field !== "") append(text);
    },
    cdata(raw, line) {
      // Where a bare & is right.
      const text = unmarkAmpersands(raw);
      countReplacements(text, line);
      if (field !== "") append(text);
    },
    close(depth) {
      if (field !== "" && depth === itemDepth + 1) closeField();
      else if (depth === itemDepth) complete();
    },
    take() {
      const items = ready;
      ready = [];
      return items;
    },
    report,
  };
}

/** A number that a viewer can dial; undefined when the text is none. */
export function channelNumber(text: string): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= CHANNEL_NUMBER_MAX ? number : undefined;
}
