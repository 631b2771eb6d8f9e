/** What rows of a guide change in the store, channel by channel. Pure but for the rows it asks for. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { type IncomingProgramme, matchProgrammes, type ProgrammeMatch } from "./identity.ts";

/** All programmes of a channel, sorted by start; asked channel by channel, to hold one at a time. */
export type ProgrammesOf = (channel: string) => readonly Programme[] | Promise<readonly Programme[]>;

/** What the store has now. */
export interface ExistingGuide {
  channels: readonly Channel[];
  programmesOf: ProgrammesOf;
}

/** What a guide says of one channel: its rows by start, none over another. */
export interface IncomingRows {
  channel: string;
  rows: IncomingProgramme[];
}

/** What the rows of one channel change. */
export interface ProgrammesChange extends ProgrammeMatch {
  channel: string;
  rows: readonly IncomingProgramme[];
  /** What the store has of the channel. */
  existing: readonly Programme[];
}

/** How many programmes, by what became of them. */
export interface ChangeCounts {
  added: number;
  moved: number;
  changed: number;
  removed: number;
  unchanged: number;
}

export const noChanges = (): ChangeCounts => ({ added: 0, moved: 0, changed: 0, removed: 0, unchanged: 0 });

export function countChanges({ added, moved, changed, remove, unchanged }: ProgrammeMatch): ChangeCounts {
  return { added, moved: moved.length, changed, removed: remove.length, unchanged };
}

export function addCounts(sum: ChangeCounts, more: ChangeCounts): void {
  for (const key of Object.keys(sum) as (keyof ChangeCounts)[]) sum[key] += more[key];
}

/** Whether anything is to be written. */
export const isChange = ({ upsert, remove }: ProgrammeMatch): boolean =>
  upsert.length > 0 || remove.length > 0;

/** @returns one change per channel, in their order, those without a difference too */
export async function* compareGuide(
  incoming: Iterable<IncomingRows>,
  programmesOf: ProgrammesOf,
): AsyncGenerator<ProgrammesChange, void, undefined> {
  for (const { channel, rows } of incoming) {
    const existing = await programmesOf(channel);
    yield { channel, rows, existing, ...matchProgrammes(existing, rows) };
  }
}

/** The channel's programmes once the change is written, by start. */
export function programmesAfter({ existing, upsert, remove }: ProgrammesChange): Programme[] {
  const byId = new Map(existing.map((programme) => [programme.id, programme]));
  for (const id of remove) byId.delete(id);
  for (const programme of upsert) byId.set(programme.id, programme);
  return [...byId.values()].sort((one, other) => one.startMs - other.startMs);
}
