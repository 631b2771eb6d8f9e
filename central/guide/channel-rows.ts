/**
 * The channels of a guide as rows: our id for the file's, a number that a viewer can dial, names by language.
 * What an editor set before (id, number, locators) stays.
 */
import { createHash } from "node:crypto";
import {
  CHANNEL_NAME_MAX,
  CHANNEL_NUMBER_MAX,
  type Channel,
  LANGUAGES_MAX,
  LOCATORS_MAX,
} from "../../shared/guide/channel.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { channelNumber } from "./channel-number.ts";
import { cutText, type DefectLog } from "./defects.ts";
import type { ChannelItem, LanguageText } from "./guide-items.ts";
import { refusal } from "./refusal.ts";

const ID_MAX = 128;
const WEB_URL = /^https?:\/\/[^\s<>"]{1,1990}$/;
/** `7-1`, as American stations number themselves: the viewer dials the 7. */
const MAJOR_MINOR = /^(\d{1,4})[-.]\d{1,3}$/;

/**
 * A file's channel id in our alphabet: every other character, and `~`, as `~` and the hex of its UTF-8
 * bytes, so that different ids stay different; the longest end in a hash.
 */
export function channelIdFor(xmltvId: string): string {
  let id = "";
  for (const character of xmltvId) {
    if (/[A-Za-z0-9._:-]/.test(character)) id += character;
    else
      for (const byte of new TextEncoder().encode(character))
        id += `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  if (id.length <= ID_MAX) return id;
  return `${id.slice(0, ID_MAX - 18)}~~${createHash("sha256").update(xmltvId).digest("hex").slice(0, 16)}`;
}

export interface ChannelRows {
  /** New and changed rows. */
  upsert: Channel[];
  /** Our id by the file's, for every channel of the file and every one known before. */
  idByXmltvId: Map<string, string>;
}

/** @throws {CuecastError} `guide-too-large` when no number is left */
export function channelRows(
  items: readonly ChannelItem[],
  existing: readonly Channel[],
  defects: DefectLog,
): ChannelRows {
  const known = new Map<string, Channel>();
  for (const channel of existing) known.set(channel.xmltvId ?? channel.id, channel);
  const idByXmltvId = new Map<string, string>();
  for (const { id, guideRef } of existing) if (guideRef !== undefined) idByXmltvId.set(guideRef, id);
  for (const [xmltvId, { id }] of known) idByXmltvId.set(xmltvId, id);
  const numbers = new Set(existing.map(({ number }) => number));
  const wanted = new Map<ChannelItem, number>();
  for (const item of items) {
    const number = known.has(item.id) ? undefined : wantedNumber(item);
    if (number === undefined || numbers.has(number)) continue;
    numbers.add(number);
    wanted.set(item, number);
  }
  const upsert: Channel[] = [];
  let lowest = 1;
  for (const item of items) {
    const old = known.get(item.id);
    let number = old?.number ?? wanted.get(item);
    if (number === undefined) {
      while (numbers.has(lowest)) lowest++;
      if (lowest > CHANNEL_NUMBER_MAX) {
        throw refusal(
          "guide-too-large",
          `it and what is there have over ${CHANNEL_NUMBER_MAX} channels; leave some out`,
        );
      }
      number = lowest;
      numbers.add(number);
    }
    const row = channelRow(item, old, number, defects);
    idByXmltvId.set(item.id, row.id);
    if (row.guideRef !== undefined && !known.has(row.guideRef)) idByXmltvId.set(row.guideRef, row.id);
    if (old === undefined || canonicalJson(row) !== canonicalJson(old)) upsert.push(row);
  }
  return { upsert, idByXmltvId };
}

function wantedNumber(item: ChannelItem): number | undefined {
  if (item.number !== undefined) return item.number;
  for (const { text } of item.names) {
    const number = channelNumber(MAJOR_MINOR.exec(text)?.[1] ?? text);
    if (number !== undefined) return number;
  }
  return undefined;
}

function channelRow(
  item: ChannelItem,
  old: Channel | undefined,
  number: number,
  defects: DefectLog,
): Channel {
  const id = old?.id ?? channelIdFor(item.id);
  const isNumber = ({ text }: LanguageText) => channelNumber(text) !== undefined || MAJOR_MINOR.test(text);
  const spoken = item.names.filter((name) => !isNumber(name));
  const names = spoken.length > 0 ? spoken : item.names;
  const name = cutName(names[0]?.text ?? item.id, item.line, defects);
  const icon = item.iconUrl;
  if (icon !== undefined && !WEB_URL.test(icon))
    defects.add("bad-icon", item.line, () => `${item.id} ${icon}`);
  const logoUrl = icon !== undefined && WEB_URL.test(icon) ? icon : old?.logoUrl;
  return inOrder({
    id,
    xmltvId: item.id === id ? undefined : item.id,
    number,
    name,
    names: textsByLanguage(names, (text) =>
      text === names[0]?.text ? name : cutName(text, item.line, defects),
    ),
    logoUrl,
    locators: old?.locators ?? item.locators?.slice(0, LOCATORS_MAX),
    guideRef: item.guideRef ?? old?.guideRef,
    zone: old?.zone,
  });
}

function cutName(name: string, line: number, defects: DefectLog): string {
  if (name.length > CHANNEL_NAME_MAX) defects.add("text-cut", line, () => name);
  return cutText(name, CHANNEL_NAME_MAX);
}

/** The first text of each language; undefined unless there are two languages at least. */
export function textsByLanguage(
  texts: readonly LanguageText[],
  cut: (text: string) => string,
): Record<string, string> | undefined {
  if (texts.length < 2) return undefined;
  const byLanguage = new Map<string, string>();
  for (const { lang, text } of texts) {
    if (lang !== undefined && !byLanguage.has(lang) && byLanguage.size < LANGUAGES_MAX)
      byLanguage.set(lang, cut(text));
  }
  return byLanguage.size < 2 ? undefined : Object.fromEntries(byLanguage);
}

/** One order of fields and no undefined ones. */
function inOrder(channel: Channel): Channel {
  const { id, xmltvId, number, name, names, logoUrl, locators, guideRef, zone } = channel;
  return JSON.parse(JSON.stringify({ id, xmltvId, number, name, names, logoUrl, locators, guideRef, zone }));
}
