/** What rows of a guide change in the store, channel by channel. Pure. */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { packProgrammes, unpackProgrammes } from "../store/guide-body.ts";
import { type IncomingProgramme, type Move, matchProgrammes, type ProgrammeMatch } from "./identity.ts";
import { MOVES_TOLD_MAX } from "./import-report.ts";

/** All programmes of a channel, sorted by start; asked channel by channel, to hold one at a time. */
export type ProgrammesOf = (channel: string) => readonly Programme[];

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

/** What central has of a channel when a guide is compared. */
export interface StoredChannel {
  /** As `packProgrammes` made it; absent when there is none. */
  body?: Uint8Array | undefined;
  /** Whether something is on air that the guide may move. */
  watched: boolean;
}

/** What the rows of one channel change; as bytes, since it may come from another thread. */
export interface ComparedChannel {
  channel: string;
  counts: ChangeCounts;
  /** The first of them. */
  moves: Move[];
  /** What is to be kept of the channel; absent when nothing changes. */
  body?: Uint8Array;
  /** Where something changes that is watched: all programmes after the change, as a body, and the rows as JSON. */
  watched?: { after: Uint8Array; rows: Uint8Array };
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

/** @param keptFromMs programmes that ended before are not kept */
export function compareChannel(
  { channel, rows }: IncomingRows,
  stored: StoredChannel,
  keptFromMs: number,
): ComparedChannel {
  const existing = stored.body === undefined ? [] : unpackProgrammes(stored.body);
  const isKept = ({ endMs }: { endMs: number }) => endMs >= keptFromMs;
  // What is over is neither new nor gone: it is left out of both.
  const match = matchProgrammes(existing.filter(isKept), rows.filter(isKept));
  const counts = countChanges(match);
  // Only where something changes: otherwise a channel's schedule would change by the calendar alone.
  if (match.upsert.length === 0 && match.remove.length === 0) return { channel, counts, moves: [] };
  const after = programmesAfter(existing, match);
  const kept = after.filter(isKept);
  const body = packProgrammes(kept);
  const moves = match.moved.slice(0, MOVES_TOLD_MAX);
  if (!stored.watched) return { channel, counts, moves, body };
  const whole = kept.length === after.length ? body : packProgrammes(after);
  const watched = { after: whole, rows: new TextEncoder().encode(JSON.stringify(rows)) };
  return { channel, counts, moves, body, watched };
}

/** The channel's programmes once the change is written, by start. */
function programmesAfter(existing: readonly Programme[], { upsert, remove }: ProgrammeMatch): Programme[] {
  const byId = new Map(existing.map((programme) => [programme.id, programme]));
  for (const id of remove) byId.delete(id);
  for (const programme of upsert) byId.set(programme.id, programme);
  return [...byId.values()].sort((one, other) => one.startMs - other.startMs);
}
