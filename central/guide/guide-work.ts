/**
 * The part of an import that takes time: reading a guide, putting it right, comparing it with what is stored. Here
 * where it is called; `platform/guide-thread.ts` has the same done in a thread of its own, so that a large guide
 * takes no time from whoever else asks something of central.
 */
import type { Channel } from "../../shared/guide/channel.ts";
import { type ComparedChannel, compareChannel, type IncomingRows, type StoredChannel } from "./compare.ts";
import type { ReaderLimits, ReaderProgress } from "./guide-reader.ts";
import { type GuideStats, type ImportOptions, putRight, readRawGuide } from "./import.ts";
import type { ImportReport } from "./import-report.ts";
import type { FeedClock } from "./zone-clock.ts";

/** Plain data, to be handed to a thread. */
export interface WorkSettings {
  /** Of the channels that have one, by the ids that files write. */
  zones: ReadonlyMap<string, string>;
  zone?: string | undefined;
  clock?: FeedClock | undefined;
  nowMs: number;
  /** Programmes that ended before are left out. */
  keptFromMs: number;
  defaultLengthMs?: number | undefined;
  limits?: Partial<ReaderLimits> | undefined;
}

/** What is stored of a channel; asked for some channels ahead. */
export type StoredOf = (channel: string) => Promise<StoredChannel>;

export interface GuideOutcome {
  defects: ImportReport["defects"];
  stats: GuideStats;
}

/** A guide that was read to its end. Its methods are called in this order, each once. */
export interface ReadGuide {
  /** @returns new and changed channels */
  putRight(known: readonly Channel[]): Promise<Channel[]>;
  /** @returns one for each channel that it has programmes of */
  compare(storedOf: StoredOf): AsyncIterable<ComparedChannel>;
  /** Once all were compared. */
  outcome(): GuideOutcome;
}

export interface GuideWork {
  /**
   * Has a guide read, then used; what it holds is let go of when the use of it ends.
   *
   * @param onProgress given running totals
   * @param pause asked between small parts of what is done in the caller's own thread
   * @throws {CuecastError} when the guide is refused whole, and whatever `bytes` or `use` throw
   */
  withGuide<T>(
    bytes: AsyncIterable<Uint8Array>,
    settings: WorkSettings,
    onProgress: (progress: Readonly<ReaderProgress>) => void,
    use: (guide: ReadGuide) => Promise<T>,
    pause?: () => Promise<void>,
  ): Promise<T>;
}

/** Settings as the reader takes them. */
export function importOptions({ zones, limits, defaultLengthMs, ...rest }: WorkSettings): ImportOptions {
  return {
    ...rest,
    zoneOf: (xmltvId) => zones.get(xmltvId),
    ...(limits !== undefined && { limits }),
    ...(defaultLengthMs !== undefined && { defaultLengthMs }),
  };
}

export const workInPlace: GuideWork = {
  async withGuide(bytes, settings, onProgress, use, pause) {
    const options = importOptions(settings);
    const raw = await readRawGuide(bytes, { ...options, onProgress, ...(pause && { pause }) });
    let file: ReturnType<typeof putRight> | undefined;
    return await use({
      async putRight(known) {
        file = putRight(raw, known, options);
        return file.channels;
      },
      compare: (storedOf) => compareRows(file?.programmes ?? [], storedOf, settings.keptFromMs),
      outcome: () => ({ defects: file?.defects() ?? [], stats: file?.stats as GuideStats }),
    });
  },
};

/** Of rows that are there already, too: those that were held back of a guide. */
export async function* compareRows(
  programmes: Iterable<IncomingRows>,
  storedOf: StoredOf,
  keptFromMs: number,
): AsyncGenerator<ComparedChannel, void, undefined> {
  for (const rows of programmes) yield compareChannel(rows, await storedOf(rows.channel), keptFromMs);
}
