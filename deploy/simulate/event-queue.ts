/** Virtual time: what is planned happens in order of its time, then of its planning. Nothing here waits. */

export interface Planned {
  atMs: number;
  order: number;
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

/** A binary heap; what was called off stays in it until its time. */
export function createEventQueue(): EventQueue {
  const heap: Planned[] = [];
  let now = 0;
  let order = 0;
  let events = 0;

  const before = (a: Planned, b: Planned) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

  function push(planned: Planned): void {
    let place = heap.length;
    heap.push(planned);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!before(planned, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = planned;
  }

  function pop(): Planned {
    const first = heap[0] as Planned;
    const last = heap.pop() as Planned;
    const length = heap.length;
    if (length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && before(heap[right] as Planned, heap[child] as Planned)) child = right;
      const below = heap[child] as Planned;
      if (!before(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  const at = (atMs: number, run: () => void | Promise<void>): Planned => {
    const planned: Planned = { atMs: Math.max(now, atMs), order: order++, run };
    push(planned);
    return planned;
  };

  return {
    nowMs: () => now,
    at,
    after: (delayMs, run) => at(now + delayMs, run),
    events: () => events,
    async runUntil(endMs, enough) {
      while (heap.length > 0 && (heap[0] as Planned).atMs <= endMs) {
        const { atMs, run } = pop();
        if (!run) continue;
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
