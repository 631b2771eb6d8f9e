/**
 * Holds the programmes of a file by channel until the whole file is read, as bytes outside the heap: a third
 * of the memory of objects, and nothing for the garbage collector to walk through.
 */
import type { LanguageText, ProgrammeItem } from "./guide-items.ts";

/** Text of a channel that is gathered before it becomes bytes, characters. */
const BLOCK_CHARACTERS = 2_048;

export interface ProgrammeSpool {
  /** Copies what it keeps: texts may be slices of something larger. */
  add(programme: ProgrammeItem): void;
  /** In the order in which they first came. */
  channels(): string[];
  /** A channel's programmes in the order in which they came; they are forgotten. */
  take(channel: string): ProgrammeItem[];
}

interface Held {
  /** Each a JSON array of packed programmes. */
  blocks: Uint8Array[];
  /** Packed programmes that are not in a block yet, a comma before each. */
  waiting: string;
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
        held = { blocks: [], waiting: "" };
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
      held.waiting += `,${JSON.stringify(packed)}`;
      if (held.waiting.length < BLOCK_CHARACTERS) return;
      held.blocks.push(encoder.encode(asArray(held.waiting)));
      held.waiting = "";
    },
    channels: () => [...byChannel.keys()],
    take(channel) {
      const held = byChannel.get(channel);
      byChannel.delete(channel);
      if (held === undefined) return [];
      const decoder = new TextDecoder();
      const arrays = [...held.blocks.map((block) => decoder.decode(block)), asArray(held.waiting)];
      return arrays.flatMap((array) =>
        (JSON.parse(array) as Packed[]).map((packed) => unpack(channel, packed)),
      );
    },
  };
}

const asArray = (packed: string) => `[${packed.slice(1)}]`;

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
