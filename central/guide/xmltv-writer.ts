/** A channel's guide as XMLTV, such that importing it again changes nothing. Pure. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { SERIES_SYSTEM } from "./series.ts";

/** What XML 1.0 cannot carry at all. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const written = (text: string) =>
  text.replace(UNWRITABLE, "\ufffd").replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const time = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)} +0000`;

const element = (name: string, text: string, lang?: string) =>
  `<${name}${lang === undefined ? "" : ` lang="${written(lang)}"`}>${written(text)}</${name}>`;

/** The main text first, under its language where that is known, then the others. */
function inLanguages(name: string, main: string, texts: Record<string, string> | undefined): string[] {
  const others = Object.entries(texts ?? {});
  const own = others.findIndex(([, text]) => text === main);
  const first = own < 0 ? undefined : others.splice(own, 1)[0]?.[0];
  return [element(name, main, first), ...others.map(([lang, text]) => element(name, text, lang))];
}

/** @param programmes by start */
export function* writeXmltv(channel: Channel, programmes: Iterable<Programme>): Generator<string> {
  const id = written(channel.xmltvId ?? channel.id);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="Cuecast">\n';
  yield `  <channel id="${id}">\n`;
  for (const name of inLanguages("display-name", channel.name, channel.names)) yield `    ${name}\n`;
  yield `    ${element("display-name", String(channel.number))}\n`;
  if (channel.logoUrl !== undefined) yield `    <icon src="${written(channel.logoUrl)}"/>\n`;
  yield "  </channel>\n";
  for (const programme of programmes) {
    const { startMs, endMs, title, titles, subtitle, categories = [], series, isNew } = programme;
    yield `  <programme start="${time(startMs)}" stop="${time(endMs)}" channel="${id}">\n`;
    for (const each of inLanguages("title", title, titles)) yield `    ${each}\n`;
    if (subtitle !== undefined) yield `    ${element("sub-title", subtitle)}\n`;
    for (const category of categories) yield `    ${element("category", category)}\n`;
    if (series !== undefined) {
      yield `    <episode-num system="${SERIES_SYSTEM}">${written(series)}</episode-num>\n`;
    }
    if (isNew === false) yield "    <previously-shown/>\n";
    if (isNew === true) yield "    <new/>\n";
    yield "  </programme>\n";
  }
  yield "</tv>\n";
}
