/** Virtual time: what is planned happens in order of its time, then of its planning. Nothing here waits. */

export interface Planned {
  /** Null once it was called off or has happened. */
  run: (() => void | Promise<void>) | null;
}

export interface EventQueue {
  /** ms since the start. */
  nowMs(): number;
  /** What lies in the past happens now. */
  at(atMs: number, run: () => void | Promise<void>): Planned;
  after(delayMs: number, run: () => void | Promise<void>): Planned;
  /** Runs everything up to an instant, and stands there then; earlier when `enough` says so. */
  runUntil(endMs: number, enough?: () => boolean): Promise<void>;
  /** How many events have happened. */
  events(): number;
}

export function callOff(planned: Planned | null): void {
  if (planned) planned.run = null;
}

const FIRST_ROOM = 1_024;

/** A binary heap over numbers alone, since most of the work is comparing; what was called off stays until its time. */
export function createEventQueue(): EventQueue {
  let times = new Float64Array(FIRST_ROOM);
  let orders = new Float64Array(FIRST_ROOM);
  const items: Planned[] = [];
  let now = 0;
  let order = 0;
  let events = 0;

  function grow(): void {
    const wider = new Float64Array(times.length * 2);
    wider.set(times);
    times = wider;
    const longer = new Float64Array(orders.length * 2);
    longer.set(orders);
    orders = longer;
  }

  function put(place: number, atMs: number, turn: number, item: Planned): void {
    times[place] = atMs;
    orders[place] = turn;
    items[place] = item;
  }

  function push(atMs: number, turn: number, item: Planned): void {
    let place = items.length;
    if (place === times.length) grow();
    items.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = times[parent] as number;
      // Planned later: of equal times, it comes after.
      if (atMs >= above) break;
      put(place, above, orders[parent] as number, items[parent] as Planned);
      place = parent;
    }
    put(place, atMs, turn, item);
  }

  /** The first of two that are there. */
  const sooner = (one: number, other: number) => {
    const gap = (times[one] as number) - (times[other] as number);
    return gap < 0 || (gap === 0 && (orders[one] as number) < (orders[other] as number)) ? one : other;
  };

  function pop(): Planned {
    const first = items[0] as Planned;
    const last = items.pop() as Planned;
    const length = items.length;
    if (length === 0) return first;
    const atMs = times[length] as number;
    const turn = orders[length] as number;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length) child = sooner(child, child + 1);
      const below = times[child] as number;
      if (below > atMs || (below === atMs && (orders[child] as number) > turn)) break;
      put(place, below, orders[child] as number, items[child] as Planned);
      place = child;
    }
    put(place, atMs, turn, last);
    return first;
  }

  const at = (atMs: number, run: () => void | Promise<void>): Planned => {
    const planned: Planned = { run };
    push(Math.max(now, atMs), order++, planned);
    return planned;
  };

  return {
    nowMs: () => now,
    at,
    after: (delayMs, run) => at(now + delayMs, run),
    events: () => events,
    async runUntil(endMs, enough) {
      while (items.length > 0 && (times[0] as number) <= endMs) {
        const atMs = times[0] as number;
        const planned = pop();
        const { run } = planned;
        if (!run) continue;
        planned.run = null;
        now = atMs;
        events++;
        const later = run();
        // Only what compiles a publication has anything to wait for.
        if (later) await later;
        if (enough?.()) return;
      }
      now = Math.max(now, endMs);
    },
  };
}
