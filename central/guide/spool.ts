/**
 * Holds the programmes of a file by channel until the whole file is read, as bytes outside the heap: a third
 * of the memory of objects, and nothing for the garbage collector to walk through.
 */
import type { LanguageText, ProgrammeItem } from "./guide-items.ts";

/** Characters gathered before they are packed. */
const BLOCK_CHARACTERS = 4_096;

export interface ProgrammeSpool {
  add(programme: ProgrammeItem): void;
  /** In the order in which they first came. */
  channels(): string[];
  /** A channel's programmes in the order in which they came; they are forgotten. */
  take(channel: string): ProgrammeItem[];
}

interface Held {
  blocks: Uint8Array[];
  /** Programmes not packed yet, as JSON, a comma after each. */
  text: string;
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
        held = { blocks: [], text: "" };
        byChannel.set(channel, held);
      }
      const packed: Packed = [
        startMs,
        endMs,
        line,
        titles,
        subtitle ?? null,
        categories ?? null,
        series ?? null,
        isNew ?? null,
      ];
      held.text += `${JSON.stringify(packed)},`;
      if (held.text.length < BLOCK_CHARACTERS) return;
      held.blocks.push(encoder.encode(held.text));
      held.text = "";
    },
    channels: () => [...byChannel.keys()],
    take(channel) {
      const held = byChannel.get(channel);
      byChannel.delete(channel);
      if (held === undefined) return [];
      const decoder = new TextDecoder();
      const texts = [...held.blocks.map((block) => decoder.decode(block)), held.text];
      return texts.flatMap((text) =>
        (JSON.parse(`[${text.slice(0, -1)}]`) as Packed[]).map((packed) => unpack(channel, packed)),
      );
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
