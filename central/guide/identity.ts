/**
 * Gives the programmes of one channel ids that stay when they move, because cues hang on them.
 *
 * Problem: a guide has no ids of its own; the next file brings the same programmes, some moved, some gone,
 * and the news on every hour under one title. Idea: what stands at the same start under the same title is the
 * same. Of what is left, equal titles are paired in their order, at most 6 h apart, never across a pair that
 * is already made: as many as possible with the same title before them, or after; among those, as many pairs as
 * possible; among those, the smallest sum of moves. (Without the neighbours, an airing dropped at one end and one
 * added at the other would make each the next.) This is alignment of two sorted lists by dynamic programming, per
 * title. Anything else is new.
 */
import type { Programme } from "../../shared/guide/programme.ts";
import { titleKey } from "../../shared/guide/title-key.ts";
import { programmeId } from "./programme-id.ts";

/** Farthest that a programme may move and still be the same. */
export const MOVE_MAX_MS = 6 * 3_600_000;
/** A hole between two programmes that is longer is not covered: nothing is known of it, where a date is a mistake. */
export const HOLE_MIN_MS = 24 * 3_600_000;
/** Most cells of one alignment; beyond it both lists are cut into parts of that size. */
const ALIGNMENT_CELLS_MAX = 250_000;

/** A programme of the incoming guide, complete but for its id. */
export type IncomingProgramme = Omit<Programme, "id">;

export interface Move {
  id: string;
  channel: string;
  title: string;
  fromMs: number;
  toMs: number;
}

export interface ProgrammeMatch {
  /** New or changed rows, whole. */
  upsert: Programme[];
  /** Ids. */
  remove: string[];
  moved: Move[];
  added: number;
  /** Something else than the start is different. */
  changed: number;
  unchanged: number;
}

/**
 * @param existing all that the store has of the channel, sorted by start
 * @param incoming of the same channel, sorted by start, none over another
 * @returns what makes the store agree with the guide from the first incoming start to the last incoming end, but for
 *   holes of over 24 h; existing programmes outside stay, and one that reaches in from before and is not in the guide
 *   is cut
 */
export function matchProgrammes(
  existing: readonly Programme[],
  incoming: readonly IncomingProgramme[],
): ProgrammeMatch {
  const match: ProgrammeMatch = { upsert: [], remove: [], moved: [], added: 0, changed: 0, unchanged: 0 };
  const covered = coveredBy(incoming);
  const inReach = existing.filter(({ startMs, endMs }) =>
    covered.some(({ fromMs, untilMs }) => endMs > fromMs && startMs < untilMs),
  );
  const partners = pair(inReach, incoming);
  const kept = new Set(partners);
  for (const programme of inReach) {
    if (kept.has(programme)) continue;
    const { startMs } = programme;
    const span = covered.find(({ untilMs }) => startMs < untilMs);
    if (span === undefined || startMs >= span.fromMs) {
      match.remove.push(programme.id);
    } else {
      match.upsert.push({ ...programme, endMs: span.fromMs });
      match.changed++;
    }
  }
  const removed = new Set(match.remove);
  const taken = new Set<string>();
  for (const { id } of existing) if (!removed.has(id)) taken.add(id);
  for (const [at, programme] of incoming.entries()) {
    const old = partners[at];
    if (old === undefined) {
      const id = newId(programme, taken);
      taken.add(id);
      match.upsert.push({ id, ...programme });
      match.added++;
      continue;
    }
    const { channel, title, startMs } = programme;
    if (old.startMs !== startMs) {
      match.moved.push({ id: old.id, channel, title, fromMs: old.startMs, toMs: startMs });
    } else if (sameProgramme(old, programme)) {
      match.unchanged++;
      continue;
    } else {
      match.changed++;
    }
    match.upsert.push({ id: old.id, ...programme });
  }
  // An id that comes back under the same start and title is no removal.
  match.remove = match.remove.filter((id) => !taken.has(id));
  return match;
}

/** What a guide speaks of on a channel: from its first programme to its last, long holes left out. */
function coveredBy(incoming: readonly IncomingProgramme[]): { fromMs: number; untilMs: number }[] {
  const covered: { fromMs: number; untilMs: number }[] = [];
  for (const { startMs, endMs } of incoming) {
    const last = covered.at(-1);
    if (last && startMs - last.untilMs <= HOLE_MIN_MS) last.untilMs = endMs;
    else covered.push({ fromMs: startMs, untilMs: endMs });
  }
  return covered;
}

/** By the place of the incoming one, its partner; one to one. */
function pair(
  existing: readonly Programme[],
  incoming: readonly IncomingProgramme[],
): (Programme | undefined)[] {
  const partners = new Array<Programme | undefined>(incoming.length).fill(undefined);
  if (existing.length === 0) return partners;
  // Most guides that come say again what is there: then no title need be looked at twice.
  if (existing.length === incoming.length && existing.every((old, at) => standsThere(old, incoming[at]))) {
    return [...existing];
  }
  const old = listOf(existing);
  const fresh = listOf(incoming);
  const join = (oldAt: number, freshAt: number) => {
    partners[freshAt] = existing[oldAt];
  };
  for (const [title, freshPlaces] of fresh.byTitle) {
    const oldPlaces = old.byTitle.get(title);
    if (oldPlaces === undefined) continue;
    let oldFrom = 0;
    let freshFrom = 0;
    let oldAt = 0;
    for (const [at, place] of freshPlaces.entries()) {
      const startMs = fresh.startOf(place);
      while (oldAt < oldPlaces.length && old.startOf(oldPlaces[oldAt] as number) < startMs) oldAt++;
      const same = oldPlaces[oldAt];
      if (same === undefined || old.startOf(same) !== startMs) continue;
      // A pair at equal starts parts both lists: nothing is paired across it.
      align(old, oldPlaces.slice(oldFrom, oldAt), fresh, freshPlaces.slice(freshFrom, at), join);
      join(same, place);
      oldFrom = oldAt + 1;
      freshFrom = at + 1;
    }
    align(old, oldPlaces.slice(oldFrom), fresh, freshPlaces.slice(freshFrom), join);
  }
  return partners;
}

const standsThere = (old: Programme, fresh: IncomingProgramme | undefined): boolean =>
  old.startMs === fresh?.startMs && old.title === fresh.title;

/** One of the two lists; its programmes are named by their places in it. */
interface List {
  startOf(place: number): number;
  /** By the key of a title, in order. */
  byTitle: Map<string, number[]>;
  /** The key of the title that stands there; undefined beyond either end. */
  keyAt(place: number): string | undefined;
}

function listOf(programmes: readonly IncomingProgramme[]): List {
  const keys = programmes.map(({ title }) => titleKey(title));
  const byTitle = new Map<string, number[]>();
  for (const [place, key] of keys.entries()) {
    const places = byTitle.get(key);
    if (places === undefined) byTitle.set(key, [place]);
    else places.push(place);
  }
  return {
    startOf: (place) => (programmes[place] as IncomingProgramme).startMs,
    byTitle,
    keyAt: (place) => keys[place],
  };
}

/** Pairs places of one title in order: most neighbours that agree, then most pairs, then least moved in sum. */
function align(
  old: List,
  oldPlaces: readonly number[],
  fresh: List,
  freshPlaces: readonly number[],
  join: (oldAt: number, freshAt: number) => void,
): void {
  if (oldPlaces.length === 0 || freshPlaces.length === 0) return;
  if (oldPlaces.length * freshPlaces.length > ALIGNMENT_CELLS_MAX) {
    const [list, longer] = oldPlaces.length > freshPlaces.length ? [old, oldPlaces] : [fresh, freshPlaces];
    const middleMs = list.startOf(longer[longer.length >> 1] as number);
    const before = (of: List, places: readonly number[]) =>
      places.filter((place) => of.startOf(place) < middleMs);
    const after = (of: List, places: readonly number[]) =>
      places.filter((place) => of.startOf(place) >= middleMs);
    align(old, before(old, oldPlaces), fresh, before(fresh, freshPlaces), join);
    align(old, after(old, oldPlaces), fresh, after(fresh, freshPlaces), join);
    return;
  }
  const width = freshPlaces.length + 1;
  // A pair outweighs every sum of moves that it could cost, and a neighbour every number of pairs; sums stay below 2^53.
  const pairsMax = Math.min(oldPlaces.length, freshPlaces.length);
  const pairWorth = (pairsMax + 1) * MOVE_MAX_MS;
  const worth = (i: number, j: number) => {
    const [oldAt, freshAt] = [oldPlaces[i] as number, freshPlaces[j] as number];
    const moveMs = Math.abs(old.startOf(oldAt) - fresh.startOf(freshAt));
    if (moveMs > MOVE_MAX_MS) return -Infinity;
    return pairWorth * (1 + (pairsMax + 1) * neighboursAgreed(old, oldAt, fresh, freshAt)) - moveMs;
  };
  // best[i, j]: the most that old from i on and fresh from j on can be worth.
  const best = new Float64Array((oldPlaces.length + 1) * width);
  for (let i = oldPlaces.length - 1; i >= 0; i--) {
    for (let j = freshPlaces.length - 1; j >= 0; j--) {
      const paired = worth(i, j) + (best[(i + 1) * width + j + 1] ?? 0);
      const skipped = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
      best[i * width + j] = Math.max(paired, skipped);
    }
  }
  for (let i = 0, j = 0; i < oldPlaces.length && j < freshPlaces.length; ) {
    const here = best[i * width + j];
    if (here === worth(i, j) + (best[(i + 1) * width + j + 1] ?? 0)) {
      join(oldPlaces[i++] as number, freshPlaces[j++] as number);
    } else if (here === best[(i + 1) * width + j]) i++;
    else j++;
  }
}

/** How many neighbours of two programmes have the same titles, 0 to 2. */
function neighboursAgreed(old: List, oldAt: number, fresh: List, freshAt: number): number {
  const agree = (step: number) => {
    const key = old.keyAt(oldAt + step);
    return key !== undefined && key === fresh.keyAt(freshAt + step) ? 1 : 0;
  };
  return agree(-1) + agree(1);
}

/** Counted on while that id is another's. */
function newId({ channel, startMs, title }: IncomingProgramme, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const id = programmeId(`${channel}|${startMs}|${title}${attempt === 0 ? "" : `|${attempt}`}`);
    if (!taken.has(id)) return id;
  }
}

function sameProgramme(one: IncomingProgramme, other: IncomingProgramme): boolean {
  return (
    one.title === other.title &&
    one.endMs === other.endMs &&
    one.series === other.series &&
    one.subtitle === other.subtitle &&
    one.isNew === other.isNew &&
    sameList(one.categories ?? [], other.categories ?? []) &&
    sameList(flat(one.titles), flat(other.titles))
  );
}

/** By language, whatever the order in which they were written. */
function flat(texts: Record<string, string> | undefined): string[] {
  return texts === undefined
    ? []
    : Object.entries(texts)
        .map(([lang, text]) => `${lang}=${text}`)
        .sort();
}

function sameList(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}
