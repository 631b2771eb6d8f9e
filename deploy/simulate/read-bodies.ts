/** What edges' bodies say, read once for all boxes that get them and for all edges that give the same bytes. */
import type { CachedBody } from "../../edge/headend/serve/cached-body.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";

export interface ReadBodies {
  text(body: CachedBody): string;
  schedule(body: CachedBody): Schedule;
}

/** Bodies remembered: what is sent lately. */
const REMEMBERED_MAX = 500;
const decoder = new TextDecoder();

/** @param onSchedule called for every schedule that differs from those before */
export function createReadBodies(onSchedule: (schedule: Schedule) => void): ReadBodies {
  const read = new Map<string, { text: string; schedule: Schedule | undefined }>();
  /** The last cues of each channel: bodies that differ in nothing but their refresh refer to the same. */
  const lately = new Map<string, { text: string; cues: Schedule["cues"] }>();

  function shared({ channel, cues }: Schedule): Schedule["cues"] {
    const text = JSON.stringify(cues);
    let last = lately.get(channel);
    if (last?.text !== text) {
      last = { text, cues };
      lately.set(channel, last);
    }
    return last.cues;
  }

  function entryOf(body: CachedBody) {
    let entry = read.get(body.etag);
    if (!entry) {
      if (read.size >= REMEMBERED_MAX) read.delete(read.keys().next().value as string);
      entry = { text: decoder.decode(body.bytes), schedule: undefined };
      read.set(body.etag, entry);
    }
    return entry;
  }

  return {
    text: (body) => entryOf(body).text,
    schedule(body) {
      const entry = entryOf(body);
      if (!entry.schedule) {
        entry.schedule = JSON.parse(entry.text) as Schedule;
        entry.schedule.cues = shared(entry.schedule);
        onSchedule(entry.schedule);
      }
      return entry.schedule;
    },
  };
}
