/** The guide reader as the routes want it: whole guides in, whole guides and a report out. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { guideInMemory, readGuide } from "../guide/import.ts";
import type { GuideReader } from "../routes/guide.ts";

const mergeById = <T extends { id: string }>(
  before: readonly T[],
  upsert: readonly T[],
  remove: readonly string[],
) => {
  const merged = new Map(before.map((each) => [each.id, each]));
  for (const id of remove) merged.delete(id);
  for (const each of upsert) merged.set(each.id, each);
  return [...merged.values()];
};

export const guideReader: GuideReader = async (bytes, existing) => {
  const read = await readGuide(bytes, guideInMemory(existing.channels, existing.programmes));
  const known = new Set(existing.channels.map(({ id }) => id));
  const added = read.channels.upsert.filter(({ id }) => !known.has(id)).length;
  return {
    channels: mergeById<Channel>(existing.channels, read.channels.upsert, []),
    programmes: mergeById<Programme>(existing.programmes, read.programmes.upsert, read.programmes.remove),
    report: {
      channels: {
        added,
        changed: read.channels.upsert.length - added,
        unchanged: read.stats.channels - read.channels.upsert.length,
      },
      programmes: { ...read.diff, moved: read.diff.moved.length },
      moves: read.diff.moved.slice(0, MOVES_TOLD_MAX),
      defects: read.defects,
      stats: read.stats,
    },
  };
};

/** Moves told one by one; all are counted. */
const MOVES_TOLD_MAX = 100;
