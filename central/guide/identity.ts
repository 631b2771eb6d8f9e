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
import { hash } from "node:crypto";
import type { Programme } from "../../shared/guide/programme.ts";
import { titleKey } from "../../shared/guide/title-key.ts";

/** Farthest that a programme may move and still be the same. */
export const MOVE_MAX_MS = 6 * 3_600_000;
/** Most cells of one alignment; beyond it both lists are cut into parts of that size. */
const ALIGNMENT_CELLS_MAX = 250_000;

const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

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
 * @returns what makes the store agree with the guide from the first incoming start to the last incoming end;
 *   existing programmes outside stay, and one that reaches in from before and is not in the guide is cut
 */
export function matchProgrammes(
  existing: readonly Programme[],
  incoming: readonly IncomingProgramme[],
): ProgrammeMatch {
  const match: ProgrammeMatch = { upsert: [], remove: [], moved: [], added: 0, changed: 0, unchanged: 0 };
  const firstMs = incoming[0]?.startMs;
  const lastMs = incoming.at(-1)?.endMs;
  if (firstMs === undefined || lastMs === undefined) return match;

  const inReach = existing.filter(({ startMs, endMs }) => endMs > firstMs && startMs < lastMs);
  const partners = pair(inReach, incoming);
  const kept = new Set(partners.values());
  for (const programme of inReach) {
    if (kept.has(programme)) continue;
    if (programme.startMs >= firstMs) {
      match.remove.push(programme.id);
    } else {
      match.upsert.push({ ...programme, endMs: firstMs });
      match.changed++;
    }
  }
  const removed = new Set(match.remove);
  const taken = new Set<string>();
  for (const { id } of existing) if (!removed.has(id)) taken.add(id);
  for (const programme of incoming) {
    const old = partners.get(programme);
    if (old === undefined) {
      const id = newId(programme, taken);
      taken.add(id);
      match.upsert.push({ id, ...programme });
      match.added++;
      continue;
    }
    const row = { id: old.id, ...programme };
    const { channel, title, startMs } = row;
    if (old.startMs !== startMs) {
      match.moved.push({ id: old.id, channel, title, fromMs: old.startMs, toMs: startMs });
    } else if (sameProgramme(old, row)) {
      match.unchanged++;
      continue;
    } else {
      match.changed++;
    }
    match.upsert.push(row);
  }
  // An id that comes back under the same start and title is no removal.
  match.remove = match.remove.filter((id) => !taken.has(id));
  return match;
}

/** incoming → existing, one to one. */
function pair(
  existing: readonly Programme[],
  incoming: readonly IncomingProgramme[],
): Map<IncomingProgramme, Programme> {
  const partners = new Map<IncomingProgramme, Programme>();
  if (existing.length === 0) return partners;
  // Most guides that come say again what is there: then no title need be looked at twice.
  if (existing.length === incoming.length && existing.every((old, at) => standsThere(old, incoming[at]))) {
    for (const [at, programme] of incoming.entries()) partners.set(programme, existing[at] as Programme);
    return partners;
  }
  const keys = new Map<string, string>();
  const keyOf = ({ title }: { title: string }) => {
    const known = keys.get(title);
    if (known !== undefined) return known;
    const key = titleKey(title);
    keys.set(title, key);
    return key;
  };
  const agreement = createAgreement(existing, incoming, keyOf);
  const oldByTitle = Map.groupBy(existing, keyOf);
  const freshByTitle = Map.groupBy(incoming, keyOf);
  for (const [title, fresh] of freshByTitle) {
    const old = oldByTitle.get(title);
    if (old === undefined) continue;
    let oldFrom = 0;
    let freshFrom = 0;
    let oldAt = 0;
    for (const [at, programme] of fresh.entries()) {
      while ((old[oldAt]?.startMs ?? Infinity) < programme.startMs) oldAt++;
      const same = old[oldAt];
      if (same?.startMs !== programme.startMs) continue;
      // A pair at equal starts parts both lists: nothing is paired across it.
      align(old.slice(oldFrom, oldAt), fresh.slice(freshFrom, at), agreement, partners);
      partners.set(programme, same);
      oldFrom = oldAt + 1;
      freshFrom = at + 1;
    }
    align(old.slice(oldFrom), fresh.slice(freshFrom), agreement, partners);
  }
  return partners;
}

const standsThere = (old: Programme, fresh: IncomingProgramme | undefined): boolean =>
  old.startMs === fresh?.startMs && old.title === fresh.title;

/** How many neighbours of two programmes have the same titles, 0 to 2. */
type Agreement = (old: Programme, fresh: IncomingProgramme) => number;

function createAgreement(
  existing: readonly Programme[],
  incoming: readonly IncomingProgramme[],
  keyOf: (programme: IncomingProgramme) => string,
): Agreement {
  // Few guides need it.
  let places: Map<IncomingProgramme, number> | undefined;
  return (old, fresh) => {
    places ??= new Map([...existing.entries(), ...incoming.entries()].map(([at, each]) => [each, at]));
    const oldAt = places.get(old) ?? 0;
    const freshAt = places.get(fresh) ?? 0;
    const agree = (step: number) => {
      const [one, other] = [existing[oldAt + step], incoming[freshAt + step]];
      return one !== undefined && other !== undefined && keyOf(one) === keyOf(other) ? 1 : 0;
    };
    return agree(-1) + agree(1);
  };
}

/** Pairs two sorted lists in order: most neighbours that agree, then most pairs, then least moved in sum. */
function align(
  old: Programme[],
  fresh: IncomingProgramme[],
  agreement: Agreement,
  partners: Map<IncomingProgramme, Programme>,
): void {
  if (old.length === 0 || fresh.length === 0) return;
  if (old.length * fresh.length > ALIGNMENT_CELLS_MAX) {
    const longer = old.length > fresh.length ? old : fresh;
    const middleMs = longer[longer.length >> 1]?.startMs ?? 0;
    const before = ({ startMs }: { startMs: number }) => startMs < middleMs;
    const after = ({ startMs }: { startMs: number }) => startMs >= middleMs;
    align(old.filter(before), fresh.filter(before), agreement, partners);
    align(old.filter(after), fresh.filter(after), agreement, partners);
    return;
  }
  const width = fresh.length + 1;
  // A pair outweighs every sum of moves that it could cost, and a neighbour every number of pairs; sums stay below 2^53.
  const pairsMax = Math.min(old.length, fresh.length);
  const pairWorth = (pairsMax + 1) * MOVE_MAX_MS;
  const worth = (oldAt: number, freshAt: number) => {
    const [one, other] = [old[oldAt] as Programme, fresh[freshAt] as IncomingProgramme];
    const moveMs = Math.abs(one.startMs - other.startMs);
    if (moveMs > MOVE_MAX_MS) return -Infinity;
    return pairWorth * (1 + (pairsMax + 1) * agreement(one, other)) - moveMs;
  };
  // best[i, j]: the most that old from i on and fresh from j on can be worth.
  const best = new Float64Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const paired = worth(i, j) + (best[(i + 1) * width + j + 1] ?? 0);
      const skipped = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
      best[i * width + j] = Math.max(paired, skipped);
    }
  }
  for (let i = 0, j = 0; i < old.length && j < fresh.length; ) {
    const here = best[i * width + j];
    if (here === worth(i, j) + (best[(i + 1) * width + j + 1] ?? 0)) {
      partners.set(fresh[j++] as IncomingProgramme, old[i++] as Programme);
    } else if (here === best[(i + 1) * width + j]) i++;
    else j++;
  }
}

/** `p` and 60 bits of the hash of where it first stood; counted on while that id is another's. */
function newId({ channel, startMs, title }: IncomingProgramme, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const text = `${channel}|${startMs}|${title}${attempt === 0 ? "" : `|${attempt}`}`;
    const digest = hash("sha256", text, "hex");
    let id = "p";
    for (let at = 0; at < 24; at += 2) id += BASE32[Number.parseInt(digest.slice(at, at + 2), 16) & 31];
    if (!taken.has(id)) return id;
  }
}

function sameProgramme(one: Programme, other: Programme): boolean {
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
