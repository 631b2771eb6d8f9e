/** What the makers of guide items share: the items and defects gathered, and texts cleaned and kept in little memory. */
import { countMarkedAmpersands, unmarkAmpersands } from "./ampersands.ts";
import { cutText, type DefectCode } from "./defects.ts";
import type { GuideItem, LanguageText } from "./guide-items.ts";
import type { FeedClock } from "./zone-clock.ts";

/** Longest text of one element, characters; rows hold far less. */
export const ELEMENT_TEXT_MAX = 2_000;
/** Most elements of one kind in one item: titles, categories, names. */
export const REPEATS_MAX = 50;
/** Most distinct texts held to share their memory. */
const SHARED_TEXTS_MAX = 5_000;

/** What a decoder, ours or one before us, puts for bytes that are no character. */
const REPLACEMENT = "\uFFFD";
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const UNCLEAN = /[\p{Cc}\u00a0\u2028\u2029]| {2}/u;
const UNCLEAN_RUNS = /[\s\p{Cc}]+/gu;

export type Attributes = Record<string, string>;

/** Makes items of one format from its tokens; `guide-reader.ts` drives it. */
export interface ItemBuilder {
  /** An element opened, `depth` elements inside the root. */
  open(name: string, attributes: Attributes, depth: number, line: number): void;
  /** Text within the innermost element. */
  text(text: string): void;
  close(depth: number): void;
  /** The file ended as it should. */
  end(): void;
}

/** How times are to be understood. */
export interface TimeOptions {
  /** The zone of channels that have none of their own, and of times that name none; UTC without. */
  zone?: string | undefined;
  /** Of a channel, by the id that files write. */
  zoneOf?: ((xmltvId: string) => string | undefined) | undefined;
  /** What shows the local time, where a zone is known; `offset` unless told. */
  clock?: FeedClock | undefined;
  /** The day of times whose date is a placeholder, any moment of it; they are no times without. */
  nowMs?: number | undefined;
}

export interface ItemSink {
  add(item: GuideItem): void;
  report(code: DefectCode, line: number, text: string, count?: number): void;
  /** The items complete so far, handed over. */
  take(): GuideItem[];
  /** The text cleaned of blanks; maybe a slice of the piece that is being read, for what is not kept longer. */
  clean(raw: string): string;
  /**
   * The text cleaned of blanks, in memory of its own: a slice of the input would keep its whole piece alive.
   * Equal texts share one.
   */
  share(raw: string): string;
  /** The text with its bare ampersands put back, counted. */
  restore(text: string, line: number): string;
  /** CDATA's, where a bare & is right. */
  restoreCdata(text: string): string;
  countReplacements(text: string, line: number): void;
  /** @param raw as the file gives the language, if it does */
  languageText(raw: string | undefined, text: string, line: number): LanguageText;
}

export function createItemSink(): ItemSink {
  let ready: GuideItem[] = [];
  const shared = new Map<string, string>();

  const clean = (raw: string) => (UNCLEAN.test(raw) ? raw.replace(UNCLEAN_RUNS, " ") : raw).trim();

  function share(raw: string): string {
    const known = shared.get(raw);
    if (known !== undefined) return known;
    const own = ` ${clean(raw)}`.slice(1);
    if (shared.size >= SHARED_TEXTS_MAX) shared.clear();
    shared.set(own, own);
    return own;
  }
  const report = (code: DefectCode, line: number, text: string, count = 1) => {
    ready.push({ kind: "defect", code, count, line, text: share(cutText(text, 200)) });
  };
  return {
    add: (item) => {
      ready.push(item);
    },
    report,
    take() {
      const items = ready;
      ready = [];
      return items;
    },
    clean,
    share,
    restore(text, line) {
      const marked = countMarkedAmpersands(text);
      if (marked === 0) return text;
      const whole = unmarkAmpersands(text);
      report("bare-ampersand", line, whole, marked);
      return whole;
    },
    restoreCdata: unmarkAmpersands,
    countReplacements(text, line) {
      if (text.includes(REPLACEMENT))
        report("replacement-characters", line, text, text.split(REPLACEMENT).length - 1);
    },
    languageText(raw, text, line) {
      const given = raw?.trim();
      if (!given) return { text };
      const lang = share(given.replaceAll("_", "-"));
      if (lang.length <= 35 && LANGUAGE.test(lang)) return { lang, text };
      report("bad-language", line, `lang="${given}" "${text}"`);
      return { text };
    },
  };
}

/** Gathers the text of one element, up to its limit; every row's is smaller, and whoever makes the row counts the cut. */
export interface ElementText {
  line: number;
  begin(line: number): void;
  append(text: string): void;
  /** @returns the whole, cleaned; in memory of its own unless told to clean it otherwise */
  end(clean?: (raw: string) => string): string;
}

export function createElementText(sink: ItemSink): ElementText {
  let whole = "";
  const element: ElementText = {
    line: 0,
    begin(line) {
      element.line = line;
      whole = "";
    },
    append(text) {
      if (whole.length >= ELEMENT_TEXT_MAX) return;
      whole = whole === "" ? text : whole + text;
      if (whole.length > ELEMENT_TEXT_MAX) {
        whole = cutText(whole, ELEMENT_TEXT_MAX);
      }
    },
    end: (clean = sink.share) => clean(whole),
  };
  return element;
}
