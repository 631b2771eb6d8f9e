/**
 * Holds the programmes of a file by channel until the whole file is read, as bytes outside the heap: a third
 * of the memory of objects, and nothing for the garbage collector to walk through.
 */
import type { LanguageText, ProgrammeItem } from "./guide-items.ts";

/** Programmes of a channel gathered before they are packed. */
const BLOCK_PROGRAMMES = 16;

export interface ProgrammeSpool {
  add(programme: ProgrammeItem): void;
  /** In the order in which they first came. */
  channels(): string[];
  /** A channel's programmes in the order in which they came; they are forgotten. */
  take(channel: string): ProgrammeItem[];
}

interface Held {
  blocks: Uint8Array[];
  /** Not packed yet. */
  waiting: Packed[];
}

/** A programme as a JSON array, fields in this order. */
type Packed = [
  startMs: number,
  endMs: number | null,
  line: number,
  titles: LanguageText[],
  subtitle: string | null,
  categories: string[] | null,
  series: string | null,
  isNew: boolean | null,
];

export function createProgrammeSpool(): ProgrammeSpool {
  const byChannel = new Map<string, Held>();
  const encoder = new TextEncoder();
  return {
    add({ channel, startMs, endMs, line, titles, subtitle, categories, series, isNew }) {
      let held = byChannel.get(channel);
      if (held === undefined) {
        held = { blocks: [], waiting: [] };
        byChannel.set(channel, held);
      }
      held.waiting.push([
        startMs,
        endMs,
        line,
        titles,
        subtitle ?? null,
        categories ?? null,
        series ?? null,
        isNew ?? null,
      ]);
      if (held.waiting.length < BLOCK_PROGRAMMES) return;
      held.blocks.push(encoder.encode(JSON.stringify(held.waiting)));
      held.waiting = [];
    },
    channels: () => [...byChannel.keys()],
    take(channel) {
      const held = byChannel.get(channel);
      byChannel.delete(channel);
      if (held === undefined) return [];
      const decoder = new TextDecoder();
      const unpacked = held.blocks.map((block) => JSON.parse(decoder.decode(block)) as Packed[]);
      return [...unpacked, held.waiting].flat().map((packed) => unpack(channel, packed));
    },
  };
}

function unpack(
  channel: string,
  [startMs, endMs, line, titles, subtitle, categories, series, isNew]: Packed,
): ProgrammeItem {
  return {
    kind: "programme",
    channel,
    startMs,
    endMs,
    titles,
    subtitle: subtitle ?? undefined,
    categories: categories ?? undefined,
    series: series ?? undefined,
    isNew: isNew ?? undefined,
    line,
  };
}
