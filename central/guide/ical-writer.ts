/** A channel's programmes and cues as iCalendar (RFC 5545). Pure. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";

/** Octets of a line, its end left aside (RFC 5545, 3.1). */
const LINE_BYTES_MAX = 75;

const written = (text: string) => text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
const time = (ms: number) => `${new Date(ms).toISOString().replace(/[-:]/g, "").slice(0, 15)}Z`;

/** A content line, folded between characters. */
function line(text: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= LINE_BYTES_MAX) return `${text}\r\n`;
  let out = "";
  let bytes = 0;
  for (const character of text) {
    const size = encoder.encode(character).length;
    if (bytes + size > LINE_BYTES_MAX) {
      out += "\r\n ";
      // The blank counts.
      bytes = 1;
    }
    out += character;
    bytes += size;
  }
  return `${out}\r\n`;
}

interface Event {
  uid: string;
  startMs: number;
  endMs: number;
  summary: string;
  description?: string | undefined;
  categories: readonly string[];
}

/** At least one component is demanded (RFC 5545, 3.6); of a calendar without events this one, which says nothing. */
const ZONE_ALONE = [
  ...["BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"],
  ...["TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"],
];

/** @param stampMs when this was written down */
export function* writeIcal(
  channel: Channel,
  programmes: Iterable<Programme>,
  cues: Iterable<Cue>,
  stampMs: number,
): Generator<string> {
  yield line("BEGIN:VCALENDAR");
  yield line("VERSION:2.0");
  yield line("PRODID:-//Cuecast//Schedule//EN");
  yield line("CALSCALE:GREGORIAN");
  yield line(`X-WR-CALNAME:${written(channel.name)}`);
  let empty = true;
  for (const { id, startMs, endMs, title, subtitle, categories = [] } of programmes) {
    empty = false;
    yield event(
      { uid: id, startMs, endMs, summary: title, description: subtitle, categories },
      channel,
      stampMs,
    );
  }
  for (const { id, atMs, untilMs, interaction, version } of cues) {
    empty = false;
    const summary = `${interaction}@${version}`;
    const description = `Cue ${id}`;
    const endMs = Math.max(untilMs, atMs + 1000);
    yield event(
      { uid: `cue-${id}`, startMs: atMs, endMs, summary, description, categories: ["CUE"] },
      channel,
      stampMs,
    );
  }
  if (empty) yield ZONE_ALONE.map(line).join("");
  yield line("END:VCALENDAR");
}

function event(of: Event, channel: Channel, stampMs: number): string {
  const { uid, startMs, endMs, summary, description, categories } = of;
  const lines = [
    "BEGIN:VEVENT",
    `UID:${written(`${uid}@${channel.id}.cuecast`)}`,
    `DTSTAMP:${time(stampMs)}`,
    `DTSTART:${time(startMs)}`,
    `DTEND:${time(endMs)}`,
    `SUMMARY:${written(summary)}`,
    `LOCATION:${written(channel.name)}`,
  ];
  if (description !== undefined) lines.push(`DESCRIPTION:${written(description)}`);
  if (categories.length > 0) lines.push(`CATEGORIES:${categories.map(written).join(",")}`);
  return [...lines, "TRANSP:TRANSPARENT", "END:VEVENT"].map(line).join("");
}
