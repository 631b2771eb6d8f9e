/** Makes guide items from the tokens of an XMLTV file: which element means what. */
import { channelNumber } from "./channel-number.ts";
import type { ChannelItem, ProgrammeItem } from "./guide-items.ts";
import {
  type Attributes,
  createElementText,
  type ItemBuilder,
  type ItemSink,
  REPEATS_MAX,
  type TimeOptions,
} from "./item-sink.ts";
import { type EpisodeNumber, seriesOf } from "./series.ts";
import { parseXmltvTime, type WrittenTime } from "./xmltv-time.ts";
import { type ClockEvidence, createZoneClock, weighTitle } from "./zone-clock.ts";

/** Written times remembered: every channel of a guide begins programmes on the same hours. */
const TIMES_MAX = 5_000;
/** No time is longer; what is, is not worth remembering. */
const TIME_CHARACTERS_MAX = 40;

/** The child elements whose text is wanted; all others pass by. */
const WANTED = new Set(["title", "sub-title", "category", "episode-num", "display-name", "lcn"]);

export function createXmltvBuilder(
  sink: ItemSink,
  options: TimeOptions,
  evidence: ClockEvidence,
): ItemBuilder {
  const { share, report, restore } = sink;
  const resolve = createZoneClock(options.clock ?? "offset");
  const { zone: ownZone, zoneOf } = options;
  const element = createElementText(sink);
  let channel: ChannelItem | undefined;
  let programme: ProgrammeItem | undefined;
  let episodes: EpisodeNumber[] = [];
  let itemDepth = 0;
  let field = "";
  let fieldAttributes: Attributes = {};
  const times = new Map<string, WrittenTime | null>();
  let startTime: WrittenTime | undefined;
  let zone: string | undefined;
  /** The latest start of each channel so far: tells which of two equal local times is meant. */
  const latestStart = new Map<string, number>();

  function timeOf(text: string): WrittenTime | null {
    const known = times.get(text);
    if (known !== undefined) return known;
    const time = parseXmltvTime(text);
    if (text.length > TIME_CHARACTERS_MAX) return time;
    if (times.size >= TIMES_MAX) times.clear();
    // In memory of its own, as what is shared is.
    times.set(` ${text}`.slice(1), time);
    return time;
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
      fieldAttributes = attributes;
      element.begin(line);
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
    if (start.offsetMs === undefined || (stop !== null && stop.offsetMs === undefined))
      report("time-without-zone", line, `${channelId} ${startText}`);
    zone = zoneOf?.(channelId) ?? ownZone;
    startTime = start;
    const from = resolve(start, zone, zone === undefined ? 0 : (latestStart.get(channelId) ?? 0));
    const until = stop === null ? null : resolve(stop, zone, from.ms);
    if (zone !== undefined) {
      latestStart.set(channelId, from.ms);
      if (from.contradicts || until?.contradicts) {
        report("zone-offset", line, `${channelId} ${startText}, taken as ${isoText(from.ms)}, in ${zone}`);
      }
    }
    episodes = [];
    return {
      kind: "programme",
      channel: channelId,
      startMs: from.ms,
      endMs: until?.ms ?? null,
      titles: [],
      subtitle: undefined,
      categories: undefined,
      series: undefined,
      isNew: undefined,
      line,
    };
  }

  function closeField(): void {
    // A programme's texts are copied once it is complete; a channel is kept as it is.
    const text = element.end(channel === undefined ? sink.clean : share);
    const name = field;
    field = "";
    if (text === "") return;
    const inLanguage = () => sink.languageText(fieldAttributes.lang, text, element.line);
    if (channel !== undefined) {
      if (name === "display-name" && channel.names.length < REPEATS_MAX) channel.names.push(inLanguage());
      if (name === "lcn") channel.number ??= channelNumber(text);
    }
    if (programme === undefined) return;
    if (name === "title" && programme.titles.length < REPEATS_MAX)
      programme.titles = [...programme.titles, inLanguage()];
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
      const title = programme.titles[0]?.text ?? "";
      const series = episodes.length === 0 ? undefined : seriesOf(episodes, title);
      programme.series = series === undefined ? undefined : share(series);
      if (zone !== undefined && startTime !== undefined) weighTitle(evidence, title, startTime, zone);
      sink.add(programme);
    }
    if (channel !== undefined) sink.add(channel);
    programme = channel = undefined;
    field = "";
  }

  return {
    open,
    text(text) {
      if (field !== "") element.append(text);
    },
    close(depth) {
      if (field !== "" && depth === itemDepth + 1) closeField();
      else if (depth === itemDepth) complete();
    },
    end() {},
  };
}

const isoText = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
