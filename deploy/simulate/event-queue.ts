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

interface Item extends Planned {
  readonly atMs: number;
}

/** A few events of a world fall into one drawer. */
const DRAWER_MS = 4_000;

/**
 * What is near stands in order, the next one last; the rest lies in drawers, each in the order of its planning, until its
 * time comes. Most is called off before that (a box arms its timer anew in every step), and then was in nobody's way.
 */
export function createEventQueue(): EventQueue {
  const soon: Item[] = [];
  const drawers = new Map<number, Item[]>();
  /** The last one that was opened. */
  let opened = -1;
  let now = 0;
  let events = 0;

  /** Behind those of the same time. */
  function insert(item: Item): void {
    let place = soon.length;
    while (place > 0) {
      const next = soon[place - 1] as Item;
      if (next.atMs > item.atMs) break;
      soon[place--] = next;
    }
    soon[place] = item;
  }

  function at(atMs: number, run: () => void | Promise<void>): Planned {
    const item: Item = { run, atMs: Math.max(now, atMs) };
    const number = Math.floor(item.atMs / DRAWER_MS);
    if (number <= opened) {
      insert(item);
      return item;
    }
    const drawer = drawers.get(number);
    if (drawer) drawer.push(item);
    else drawers.set(number, [item]);
    return item;
  }

  function open(): void {
    const drawer = drawers.get(++opened);
    if (!drawer) return;
    drawers.delete(opened);
    for (const item of drawer) if (item.run) insert(item);
  }

  /** The next one, taken out; undefined when none is left until an instant. */
  function take(endMs: number): Item | undefined {
    while (soon.length === 0 && drawers.size > 0 && (opened + 1) * DRAWER_MS <= endMs) open();
    const next = soon[soon.length - 1];
    return next && next.atMs <= endMs ? soon.pop() : undefined;
  }

  return {
    nowMs: () => now,
    at,
    after: (delayMs, run) => at(now + delayMs, run),
    events: () => events,
    async runUntil(endMs, enough) {
      for (let next = take(endMs); next; next = take(endMs)) {
        const { run } = next;
        if (!run) continue;
        next.run = null;
        now = next.atMs;
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
