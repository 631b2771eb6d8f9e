/**
 * Cues as rows of numbers, in the order of a schedule.
 *
 * A million cues as objects take 400 MB and seconds of collecting garbage; as rows they take 23 bytes each, and
 * only those of a window that somebody asks for become objects.
 */

/** Of a row that appears. */
export const APPEARS = 0;
/** A row without a winner. */
export const NOBODY = -1;

export interface CueRows {
  readonly count: number;
  readonly atMs: Float64Array;
  /** Place of the placement among those of the channel. */
  readonly placement: Uint32Array;
  /** Place of the programme in the channel's index, or of the firing in the placement's list. */
  readonly source: Uint32Array;
  /** Index of the occurrence within its programme. */
  readonly index: Uint16Array;
  /** APPEARS, or 1 and more: the place of the reason in REASONS, plus one. */
  readonly fate: Uint8Array;
  /** Row of the cue that it lost to, or NOBODY. */
  readonly lostTo: Int32Array;
}

/** Rows being gathered; may be used again after `clear()`. */
export interface RowDraft extends CueRows {
  count: number;
  add(atMs: number, placement: number, source: number, index: number, fate: number): void;
  clear(): void;
}

const FIRST_CAPACITY = 4096;

/** Of one row: columns lie behind one another in one buffer, of which a collector has to know one and not six. */
const ROW_BYTES = 8 + 4 + 4 + 4 + 2 + 1;

function columns(capacity: number) {
  const buffer = new ArrayBuffer(capacity * ROW_BYTES);
  // The widest first: each begins where its numbers may.
  return {
    atMs: new Float64Array(buffer, 0, capacity),
    placement: new Uint32Array(buffer, 8 * capacity, capacity),
    source: new Uint32Array(buffer, 12 * capacity, capacity),
    lostTo: new Int32Array(buffer, 16 * capacity, capacity),
    index: new Uint16Array(buffer, 20 * capacity, capacity),
    fate: new Uint8Array(buffer, 22 * capacity, capacity),
  };
}

export function createRowDraft(): RowDraft {
  const grow = (draft: RowDraft) => {
    const more = columns(draft.atMs.length * 2);
    more.atMs.set(draft.atMs);
    more.placement.set(draft.placement);
    more.source.set(draft.source);
    more.index.set(draft.index);
    more.fate.set(draft.fate);
    Object.assign(draft, more);
  };
  const draft: RowDraft = {
    count: 0,
    ...columns(FIRST_CAPACITY),
    add(atMs, placement, source, index, fate) {
      const row = draft.count;
      if (row === draft.atMs.length) grow(draft);
      draft.atMs[row] = atMs;
      draft.placement[row] = placement;
      draft.source[row] = source;
      draft.index[row] = index;
      draft.fate[row] = fate;
      draft.count++;
    },
    clear() {
      draft.count = 0;
    },
  };
  return draft;
}

/** A copy of the rows in another order, `order.length` of them; nobody has lost yet. */
export function arranged(rows: CueRows, order: Uint32Array): CueRows {
  const count = order.length;
  const made = { count, ...columns(count) };
  for (let to = 0; to < count; to++) {
    const from = order[to] as number;
    made.atMs[to] = rows.atMs[from] as number;
    made.placement[to] = rows.placement[from] as number;
    made.source[to] = rows.source[from] as number;
    made.index[to] = rows.index[from] as number;
    made.fate[to] = rows.fate[from] as number;
  }
  made.lostTo.fill(NOBODY);
  return made;
}

/** The place of the first row at an instant or after it. */
export function firstRowAt({ atMs, count }: CueRows, instantMs: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] as number) < instantMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The order of a schedule: `atMs`, then priority (higher first), then id.
 *
 * Most of it by sorting plain numbers, which is many times faster than asking a function: an instant relative
 * to the first, the priority, and the row, packed into the 53 bits that a number holds exactly. What they leave
 * equal is put right by id.
 *
 * @param priority of a placement
 * @param compareIds of two rows that share instant and priority
 */
export function orderRows(
  rows: CueRows,
  priority: (placement: number) => number,
  compareIds: (a: number, b: number) => number,
): Uint32Array {
  const { count, atMs, placement } = rows;
  let leastMs = Number.POSITIVE_INFINITY;
  let mostMs = 0;
  for (let row = 0; row < count; row++) {
    leastMs = Math.min(leastMs, atMs[row] as number);
    mostMs = Math.max(mostMs, atMs[row] as number);
  }
  const order = new Uint32Array(count);
  const rankOf = (row: number) => PRIORITY_MOST - priority(placement[row] as number);
  if (count === 0) return order;
  if ((mostMs - leastMs + 1) * PRIORITIES * count < Number.MAX_SAFE_INTEGER) {
    const keys = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      keys[row] = (((atMs[row] as number) - leastMs) * PRIORITIES + rankOf(row)) * count + row;
    }
    keys.sort();
    for (let place = 0; place < count; place++) order[place] = (keys[place] as number) % count;
  } else {
    for (let row = 0; row < count; row++) order[row] = row;
    order.sort((a, b) => (atMs[a] as number) - (atMs[b] as number) || rankOf(a) - rankOf(b));
  }
  const same = (a: number, b: number) => atMs[a] === atMs[b] && rankOf(a) === rankOf(b);
  for (let from = 0; from < count; ) {
    let until = from + 1;
    while (until < count && same(order[from] as number, order[until] as number)) until++;
    if (until - from > 1) order.subarray(from, until).sort(compareIds);
    from = until;
  }
  return order;
}

const PRIORITY_MOST = 1000;
const PRIORITIES = 2001;
