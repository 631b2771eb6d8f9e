/** Hears from central what changed, over server-sent events, and says when the line is cut. */
import type { Topic } from "../../live/events.ts";

export interface Live {
  /** @param heard after a topic changed, and after the line came back: then anything may have. @returns stops */
  listen(topics: readonly Topic[], heard: () => void): () => void;
  /** Told at every change, and at once. @returns stops */
  onState(told: (connected: boolean) => void): () => void;
  start(): void;
  stop(): void;
}

export function createLive(path: string): Live {
  const listeners = new Set<{ topics: readonly Topic[]; heard(): void }>();
  const states = new Set<(connected: boolean) => void>();
  let source: EventSource | undefined;
  let connected = true;
  let opened = false;

  const say = (next: boolean) => {
    if (next === connected) return;
    connected = next;
    for (const told of states) told(next);
  };
  const tellAll = () => {
    for (const { heard } of [...listeners]) heard();
  };

  return {
    listen(topics, heard) {
      const listener = { topics, heard };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(told) {
      states.add(told);
      told(connected);
      return () => states.delete(told);
    },
    start() {
      if (source) return;
      source = new EventSource(path);
      source.onopen = () => {
        say(true);
        if (opened) tellAll();
        opened = true;
      };
      source.onerror = () => {
        say(false);
        // Closed for good: signed out, or refused. Whoever asks next finds out why.
        if (source?.readyState === EventSource.CLOSED) {
          source = undefined;
          tellAll();
        }
      };
      source.onmessage = ({ data }) => {
        const { topics } = JSON.parse(data) as { topics: Topic[] };
        for (const listener of [...listeners]) {
          if (listener.topics.some((topic) => topics.includes(topic))) listener.heard();
        }
      };
    },
    stop() {
      source?.close();
      source = undefined;
      opened = false;
      say(true);
    },
  };
}
