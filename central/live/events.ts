/**
 * What changed, told to every page that listens: topics, not contents, so that a page asks for what it shows.
 * Changes of one topic within a moment go out as one.
 */
import type { Timers } from "../../shared/time/timers.ts";

/** `air`: a publication; `edges`: a report; `results`: answers or airings; `drafts`: what people changed. */
export const TOPICS = ["air", "edges", "results", "drafts", "guide", "people", "webhooks"] as const;
export type Topic = (typeof TOPICS)[number];

/** Half of the two seconds in which an answer must be seen, less the asking. */
const GATHER_MS = 400;
/** Listeners at once; a page has one. */
export const LISTENERS_MAX = 500;

export interface Events {
  notify(topic: Topic): void;
  /** @returns stops listening; undefined when too many listen already */
  listen(heard: (topics: readonly Topic[]) => void, ended: () => void): (() => void) | undefined;
  close(): void;
}

export function createEvents(timers: Timers): Events {
  const listeners = new Set<{ heard(topics: readonly Topic[]): void; ended(): void }>();
  const waiting = new Set<Topic>();
  let cancel: (() => void) | undefined;

  function tell(): void {
    cancel = undefined;
    const topics = [...waiting];
    waiting.clear();
    for (const listener of [...listeners]) listener.heard(topics);
  }

  return {
    notify(topic) {
      waiting.add(topic);
      cancel ??= timers.after(GATHER_MS, tell);
    },
    listen(heard, ended) {
      if (listeners.size >= LISTENERS_MAX) return undefined;
      const listener = { heard, ended };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      cancel?.();
      for (const listener of [...listeners]) listener.ended();
      listeners.clear();
    },
  };
}
