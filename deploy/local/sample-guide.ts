/** Makes an XMLTV guide around a moment, for a first look: Chinese channels, programmes of our own invention. */
import {
  SAMPLE_CATEGORIES,
  SAMPLE_CHANNELS,
  SAMPLE_PROGRAMMES,
  type SampleChannel,
  type SampleProgramme,
} from "./sample-channels.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** China has one zone and no summer time. */
const ZONE_OFFSET_MS = 8 * 3_600_000;
/** Shortest piece of a rota that is worth a programme of its own. */
const SHORTEST_MINUTES = 10;

export interface SampleGuideOptions {
  /** From the local day of `nowMs` on, 1 to 14. */
  days?: number;
  /** 1 to 16. */
  channels?: number;
}

/** One programme of a day; minutes from local midnight. */
interface Slot {
  from: number;
  until: number;
  key: string;
}

/**
 * The same text for every moment of one local day (Asia/Shanghai), and programmes without a gap.
 *
 * @param nowMs ms since the Unix epoch
 */
export function makeSampleGuide(nowMs: number, { days = 3, channels = 12 }: SampleGuideOptions = {}): string {
  const firstDay = Math.floor((nowMs + ZONE_OFFSET_MS) / DAY_MS);
  const chosen = SAMPLE_CHANNELS.slice(0, channels);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE tv SYSTEM "xmltv.dtd">',
    '<tv generator-info-name="Cuecast sample">',
  ];
  for (const [at, channel] of chosen.entries()) lines.push(channelXml(channel, at + 1));
  for (const [at, channel] of chosen.entries()) {
    for (let day = firstDay; day < firstDay + days; day++) {
      const midnightMs = day * DAY_MS - ZONE_OFFSET_MS;
      for (const slot of daySlots(channel, day + at)) {
        lines.push(programmeXml(channel.id, midnightMs, slot, day));
      }
    }
  }
  lines.push("</tv>", "");
  return lines.join("\n");
}

/** A whole day: what is fixed, and the rota in between, which begins elsewhere every day. */
function daySlots({ fixed, rota }: SampleChannel, turn: number): Slot[] {
  const slots: Slot[] = [];
  let next = turn % rota.length;
  let at = 0;
  const fill = (until: number) => {
    while (at < until) {
      const key = rota[next++ % rota.length] ?? "";
      const end = at + (SAMPLE_PROGRAMMES[key]?.minutes ?? 30);
      // A short rest goes to the last one, which runs longer for it.
      const stop = end + SHORTEST_MINUTES > until ? until : end;
      slots.push({ from: at, until: stop, key });
      at = stop;
    }
  };
  for (const [clock, key] of fixed) {
    const [hours = 0, minutes = 0] = clock.split(":").map(Number);
    const from = hours * 60 + minutes;
    fill(from);
    at = from + (SAMPLE_PROGRAMMES[key]?.minutes ?? 30);
    slots.push({ from, until: at, key });
  }
  fill(24 * 60);
  return slots;
}

function channelXml({ id, zh, en }: SampleChannel, number: number): string {
  return [
    `<channel id="${id}">`,
    `  <display-name lang="zh">${escapeXml(zh)}</display-name>`,
    `  <display-name lang="en">${escapeXml(en)}</display-name>`,
    `  <lcn>${number}</lcn>`,
    "</channel>",
  ].join("\n");
}

function programmeXml(channel: string, midnightMs: number, { from, until, key }: Slot, day: number): string {
  const programme = SAMPLE_PROGRAMMES[key] as SampleProgramme;
  const [categoryZh, categoryEn] = SAMPLE_CATEGORIES[programme.category] ?? ["", ""];
  const episode = (day % 60) + 1;
  const start = xmltvTime(midnightMs + from * MINUTE_MS);
  const stop = xmltvTime(midnightMs + until * MINUTE_MS);
  return [
    `<programme start="${start}" stop="${stop}" channel="${channel}">`,
    `  <title lang="zh">${escapeXml(programme.zh)}</title>`,
    `  <title lang="en">${escapeXml(programme.en)}</title>`,
    ...(programme.series ? [`  <sub-title lang="zh">第 ${episode} 集</sub-title>`] : []),
    `  <category lang="zh">${categoryZh}</category>`,
    `  <category lang="en">${categoryEn}</category>`,
    ...(programme.series ? [`  <episode-num system="xmltv_ns">.${episode - 1}.</episode-num>`] : []),
    "</programme>",
  ].join("\n");
}

/** `20261123190000 +0800` */
function xmltvTime(atMs: number): string {
  const local = new Date(atMs + ZONE_OFFSET_MS).toISOString();
  return `${local.slice(0, 19).replace(/[-:T]/g, "")} +0800`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
