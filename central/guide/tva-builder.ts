/**
 * Makes programmes of a TV-Anytime schedule (ETSI TS 102 822-3-1), as DVB-I carries it: what a programme is
 * stands in one table, when it is on in another, joined by its CRID.
 */

import { fillPlaceholder, parseDuration, parseDvbTime } from "./dvb-time.ts";
import type { LanguageText, ProgrammeItem } from "./guide-items.ts";
import {
  type Attributes,
  createElementText,
  type ItemBuilder,
  type ItemSink,
  REPEATS_MAX,
  type TimeOptions,
} from "./item-sink.ts";
import { refusal } from "./refusal.ts";
import type { WrittenTime } from "./xmltv-time.ts";
import { type ClockEvidence, createZoneClock, weighTitle } from "./zone-clock.ts";

/** Programmes that one file may describe, and events that may wait for their description. */
const HELD_MAX = 500_000;

interface Info {
  titles: LanguageText[];
  subtitle?: string | undefined;
  categories?: string[] | undefined;
  series?: string | undefined;
}

interface Event extends Info {
  channel: string;
  crid: string;
  startText: string;
  endText: string;
  durationText: string;
  isNew?: boolean | undefined;
  line: number;
}

const EVENTS = new Set(["ScheduleEvent", "BroadcastEvent"]);
const TEXTS = new Set(["Title", "Name", "PublishedStartTime", "PublishedEndTime", "PublishedDuration"]);

export function createTvaBuilder(
  sink: ItemSink,
  options: TimeOptions,
  evidence: ClockEvidence,
  root: Attributes,
): ItemBuilder {
  const { share, report } = sink;
  const resolve = createZoneClock(options.clock ?? "offset");
  const element = createElementText(sink);
  const path: string[] = [];
  const infos = new Map<string, Info>();
  const waiting: Event[] = [];
  let language = root["xml:lang"];
  let channel = "";
  let info: (Info & { crid: string }) | undefined;
  let event: Event | undefined;
  let service: { id: string; names: LanguageText[]; line: number } | undefined;
  let field = "";
  let fieldAttributes: Attributes = {};

  function open(name: string, attributes: Attributes, depth: number, line: number): void {
    path.length = depth - 1;
    path.push(name);
    if (name === "ProgramInformationTable" || name === "ProgramLocationTable") {
      language = attributes["xml:lang"] ?? root["xml:lang"];
    }
    if (name === "ProgramInformation") info = { crid: share(attributes.programId ?? ""), titles: [] };
    if (name === "Schedule") channel = share(attributes.serviceIDRef ?? "");
    if (name === "ServiceInformation") service = { id: share(attributes.serviceId ?? ""), names: [], line };
    if (EVENTS.has(name)) {
      const on = attributes.serviceIDRef === undefined ? channel : share(attributes.serviceIDRef);
      event = { channel: on, crid: "", titles: [], startText: "", endText: "", durationText: "", line };
    }
    if (event !== undefined) {
      if (name === "Program") event.crid = share(attributes.crid ?? "");
      if (name === "FirstShowing" && attributes.value !== "false") event.isNew = true;
      if (name === "Repeat" && attributes.value !== "false") event.isNew ??= false;
    }
    if ((name === "EpisodeOf" || name === "MemberOf") && attributes.crid) {
      const told = info ?? event;
      if (told) told.series ??= share(`crid:${attributes.crid}`);
    }
    if (TEXTS.has(name)) {
      field = name;
      fieldAttributes = attributes;
      element.begin(line);
    }
  }

  function closeField(): void {
    const text = element.end();
    const name = field;
    const { type = "main" } = fieldAttributes;
    const lang = fieldAttributes["xml:lang"] ?? language;
    field = "";
    if (text === "") return;
    if (event !== undefined) {
      if (name === "PublishedStartTime") event.startText = text;
      if (name === "PublishedEndTime") event.endText = text;
      if (name === "PublishedDuration") event.durationText = text;
    }
    if (service !== undefined && name === "Name" && path.at(-2) === "ServiceInformation") {
      service.names.push(sink.languageText(lang, text, element.line));
    }
    const told = info ?? event;
    if (told === undefined) return;
    if (name === "Title" && type === "main" && told.titles.length < REPEATS_MAX) {
      told.titles.push(sink.languageText(lang, text, element.line));
    } else if (name === "Title" && /^(secondary|episodeTitle)$/.test(type)) {
      told.subtitle ??= text;
    } else if (name === "Name" && path.at(-2) === "Genre") {
      const categories = told.categories ?? [];
      if (categories.length < REPEATS_MAX) told.categories = [...categories, text];
    }
  }

  function hold(): void {
    if (infos.size + waiting.length > HELD_MAX) {
      throw refusal(
        "guide-too-large",
        `it describes over ${HELD_MAX} programmes; split it by channels or days`,
      );
    }
  }

  function close(depth: number): void {
    const name = path[depth - 1];
    if (field !== "" && name === field) closeField();
    if (name === "ProgramInformation" && info !== undefined) {
      const { crid, ...rest } = info;
      infos.set(crid, { ...rest, titles: ownLanguageFirst(rest.titles, language) });
      info = undefined;
      hold();
    } else if (name !== undefined && EVENTS.has(name) && event !== undefined) {
      if (event.titles.length > 0 || infos.has(event.crid)) complete(event);
      else waiting.push(event);
      event = undefined;
      hold();
    } else if (name === "ServiceInformation" && service !== undefined) {
      sink.add({ kind: "channel", ...service });
      service = undefined;
    }
    path.length = Math.max(0, depth - 1);
  }

  function timeOf(text: string, line: number): WrittenTime | null {
    const filled = options.nowMs === undefined ? undefined : fillPlaceholder(text, options.nowMs);
    if (filled !== undefined) report("placeholder-date", line, text);
    return parseDvbTime(filled ?? text);
  }

  function complete({
    channel: on,
    crid,
    startText,
    endText,
    durationText,
    isNew,
    line,
    ...own
  }: Event): void {
    const told = infos.get(crid);
    const start = timeOf(startText, line);
    if (start === null) {
      report("bad-start", line, `${on} PublishedStartTime "${startText}"`);
      return;
    }
    const zone = options.zoneOf?.(on) ?? options.zone;
    if (start.offsetMs === undefined) report("time-without-zone", line, `${on} ${startText}`);
    const from = resolve(start, zone, 0);
    if (from.contradicts) {
      const taken = new Date(from.ms).toISOString().replace(".000Z", "Z");
      report("zone-offset", line, `${on} ${startText}, taken as ${taken}, in ${zone}`);
    }
    const titles = own.titles.length > 0 ? ownLanguageFirst(own.titles, language) : (told?.titles ?? []);
    if (zone !== undefined) weighTitle(evidence, titles[0]?.text ?? "", start, zone);
    const item: ProgrammeItem = {
      kind: "programme",
      channel: on,
      startMs: from.ms,
      endMs: endOf(from.ms, endText, durationText, line, on, zone),
      titles: [...titles],
      subtitle: own.subtitle ?? told?.subtitle,
      categories: own.categories ?? told?.categories,
      series: own.series ?? told?.series,
      isNew,
      line,
    };
    sink.add(item);
  }

  function endOf(
    startMs: number,
    endText: string,
    durationText: string,
    line: number,
    on: string,
    zone: string | undefined,
  ): number | null {
    const durationMs = durationText === "" ? null : parseDuration(durationText);
    if (durationMs !== null) return startMs + durationMs;
    const end = endText === "" ? null : parseDvbTime(endText);
    if (end !== null) return resolve(end, zone, startMs).ms;
    if (durationText !== "" || endText !== "") {
      report("bad-stop", line, `${on} PublishedDuration "${durationText}" PublishedEndTime "${endText}"`);
    }
    return null;
  }

  return {
    open,
    text(text) {
      if (field !== "") element.append(text);
    },
    close,
    end() {
      for (const each of waiting) complete(each);
    },
  };
}

/** The main title is the one in the language of the file. */
function ownLanguageFirst(titles: readonly LanguageText[], language: string | undefined): LanguageText[] {
  const own = titles.filter(({ lang }) => lang === undefined || lang === language);
  return [...own, ...titles.filter((title) => !own.includes(title))];
}
