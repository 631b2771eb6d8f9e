/** For tests: a guide read, compared and handed out at once, over a guide held in memory. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import {
  addCounts,
  type ChangeCounts,
  countChanges,
  type ExistingGuide,
  noChanges,
} from "../guide/compare.ts";
import type { Defect } from "../guide/defects.ts";
import { type Move, matchProgrammes } from "../guide/identity.ts";
import { type GuideStats, type ImportOptions, readGuideFile } from "../guide/import.ts";

export interface GuideImport {
  channels: { upsert: Channel[] };
  programmes: { upsert: Programme[]; remove: string[] };
  diff: Omit<ChangeCounts, "moved"> & { moved: Move[] };
  defects: Defect[];
  stats: GuideStats;
}

export async function readGuide(
  bytes: AsyncIterable<Uint8Array>,
  existing: ExistingGuide,
  options: ImportOptions = {},
): Promise<GuideImport> {
  const { channels, programmes, defects, stats } = await readGuideFile(bytes, existing.channels, options);
  const counts = noChanges();
  const upsert: Programme[][] = [];
  const remove: string[][] = [];
  const moved: Move[][] = [];
  for (const { channel, rows } of programmes) {
    const change = matchProgrammes(existing.programmesOf(channel), rows);
    upsert.push(change.upsert);
    remove.push(change.remove);
    moved.push(change.moved);
    addCounts(counts, countChanges(change));
  }
  return {
    channels: { upsert: channels },
    programmes: { upsert: upsert.flat(), remove: remove.flat() },
    diff: { ...counts, moved: moved.flat() },
    defects: defects(),
    stats,
  };
}

/** An existing guide held in memory. */
export function guideInMemory(channels: readonly Channel[], programmes: readonly Programme[]): ExistingGuide {
  const byChannel = Map.groupBy(programmes, ({ channel }) => channel);
  for (const list of byChannel.values()) list.sort((one, other) => one.startMs - other.startMs);
  return { channels, programmesOf: (channel) => byChannel.get(channel) ?? [] };
}
