/** Hears from central what changed, over server-sent events, and says when the line is cut. */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Topic } from "../../live/events.ts";

export interface Live {
  /** @param heard after a topic changed, and after the line came back: then anything may have. @returns stops */
  listen(topics: readonly Topic[], heard: () => void): () => void;
  /** Told at every change, and at once; `heardMs`: when central was last heard of, by this machine's clock. @returns stops */
  onState(told: (connected: boolean, heardMs: number) => void): () => void;
  start(): void;
  stop(): void;
}

/** Central beats every 15 s: what is silent for longer than two beats and a slow line is cut, however open it looks. */
const SILENT_MS = 40_000;
/** After central refused, or a proxy said that it does not answer. */
const AGAIN_MS = 5_000;

export function createLive(path: string, timers: Timers, clock: Clock): Live {
  const listeners = new Set<{ topics: readonly Topic[]; heard(): void }>();
  const states = new Set<(connected: boolean, heardMs: number) => void>();
  let source: EventSource | undefined;
  let started = false;
  let connected = true;
  let heardMs = clock.wallMs();
  let opened = false;
  /** Of the silence, or of the next try. */
  let cancel = () => {};

  const say = (next: boolean) => {
    if (next === connected) return;
    connected = next;
    for (const told of states) told(next, heardMs);
  };
  const tellAll = () => {
    for (const { heard } of [...listeners]) heard();
  };
  const again = (delayMs: number, run: () => void) => {
    cancel();
    cancel = timers.after(delayMs, run);
  };
  const lost = () => {
    say(false);
    open();
  };
  const waits = () => again(SILENT_MS, lost);
  const beats = () => {
    heardMs = clock.wallMs();
    waits();
  };

  function open(): void {
    source?.close();
    source = new EventSource(path);
    waits();
    source.onopen = () => {
      beats();
      say(true);
      if (opened) tellAll();
      opened = true;
    };
    source.onerror = () => {
      say(false);
      if (source?.readyState !== EventSource.CLOSED) return;
      // Signed out, or refused. Whoever asks next finds out why; the browser does not try by itself.
      source = undefined;
      again(AGAIN_MS, open);
      tellAll();
    };
    source.addEventListener("beat", beats);
    source.onmessage = ({ data }) => {
      beats();
      const { topics } = JSON.parse(data) as { topics: Topic[] };
      for (const listener of [...listeners]) {
        if (listener.topics.some((topic) => topics.includes(topic))) listener.heard();
      }
    };
  }
  const offline = () => say(false);

  return {
    listen(topics, heard) {
      const listener = { topics, heard };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(told) {
      states.add(told);
      told(connected, heardMs);
      return () => states.delete(told);
    },
    start() {
      if (started) return;
      started = true;
      open();
      addEventListener("offline", offline);
      addEventListener("online", open);
    },
    stop() {
      started = false;
      removeEventListener("offline", offline);
      removeEventListener("online", open);
      cancel();
      source?.close();
      source = undefined;
      opened = false;
      say(true);
    },
  };
}
