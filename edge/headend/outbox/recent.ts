/**
 * Keys and votes that are on disk in the journal only, kept in memory until they are written into their tables.
 *
 * Problem: keys are random, so every answer would write a page of its own into each index, 4 KiB for 100 bytes,
 * and twenty times a second the same pages again. Idea (a log-structured merge, O'Neil and others 1996): a group
 * is written as one row of a journal, in order of time; once some tens of thousands are gathered they go into
 * the tables sorted, piece by piece, so that neighbours share a page. What the journal holds is read at the start.
 */
import { pairId, type RememberedKey, type Vote } from "./ledger.ts";

/** Rows of each kind in one piece: about 10 ms of writing. */
export const PIECE_ROWS = 500;

export interface Piece {
  keys: readonly RememberedKey[];
  votes: readonly Vote[];
  /** With it everything up to this row of the journal is in the tables. */
  journalUntil: number | undefined;
}

export interface Recent {
  key(box: string, key: string): RememberedKey | undefined;
  vote(box: string, cue: string): Vote | undefined;
  /** @param journal the row that holds them */
  add(keys: Iterable<RememberedKey>, votes: Iterable<Vote>, journal: number): void;
  /** Keys not yet in their table. */
  size(): number;
  /** Whether a merge has begun and is not at its end. */
  merging(): boolean;
  /** What to write into the tables next, in the order of their indexes; undefined when there is nothing. */
  piece(): Piece | undefined;
  /** The piece is on disk. */
  written(piece: Piece): void;
}

interface Run {
  keys: Map<string, RememberedKey>;
  votes: Map<string, Vote>;
  journal: number;
}

const emptyRun = (): Run => ({ keys: new Map(), votes: new Map(), journal: 0 });

/** In the order of an index by two columns, which compares bytes; ids are ASCII. */
const inOrder = <T>(entries: ReadonlyMap<string, T>): T[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

export function createRecent(): Recent {
  let active = emptyRun();
  let frozen: { run: Run; keys: RememberedKey[]; votes: Vote[]; at: number } | undefined;

  const freeze = () => {
    if (active.journal === 0) return undefined;
    const run = active;
    active = emptyRun();
    return { run, keys: inOrder(run.keys), votes: inOrder(run.votes), at: 0 };
  };

  return {
    key: (box, key) => active.keys.get(pairId(box, key)) ?? frozen?.run.keys.get(pairId(box, key)),
    vote: (box, cue) => active.votes.get(pairId(box, cue)) ?? frozen?.run.votes.get(pairId(box, cue)),
    add(keys, votes, journal) {
      for (const key of keys) active.keys.set(pairId(key.box, key.key), key);
      for (const vote of votes) active.votes.set(pairId(vote.box, vote.cue), vote);
      active.journal = journal;
    },
    size: () => active.keys.size + (frozen ? Math.max(0, frozen.keys.length - frozen.at) : 0),
    merging: () => frozen !== undefined,
    piece() {
      frozen ??= freeze();
      if (!frozen) return undefined;
      const { keys, votes, at, run } = frozen;
      const until = at + PIECE_ROWS;
      return {
        keys: keys.slice(at, until),
        votes: votes.slice(at, until),
        journalUntil: until >= Math.max(keys.length, votes.length) ? run.journal : undefined,
      };
    },
    written(piece) {
      if (!frozen) return;
      frozen.at += PIECE_ROWS;
      if (piece.journalUntil !== undefined) frozen = undefined;
    },
  };
}
