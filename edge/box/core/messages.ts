/** What goes into the core and what comes out of it: plain data, executed by the driver. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { Results } from "../../../shared/protocol/results.ts";
import type { Seed } from "./chance.ts";
import type { AnswerChoice, Happening, TaskKind } from "./state.ts";

/** A record of the store, already proven whole and of the shape its key promises. */
export interface Entry {
  key: string;
  data: unknown;
}

/** Both sides of the clock as the input came in. */
export interface Stamp {
  wallClockMs: number;
  /** Runs evenly, from any beginning; called monotonic elsewhere. */
  steadyMs: number;
}

export type Happened =
  /** The store was read. `seed` is drawn anew at every start. */
  | { type: "loaded"; seed: Seed; entries: readonly Entry[]; damaged: readonly string[] }
  | { type: "tick" }
  | { type: "tune"; channel: string }
  | Reply
  /** A write was done, or could not be. `data`: the very thing that was to be written. */
  | { type: "stored"; key: string; data: unknown; ok: boolean }
  /** The overlay stands on the screen. */
  | { type: "shown"; cue: string }
  | { type: "answer"; cue: string; choice: AnswerChoice }
  | { type: "dismissed"; cue: string }
  /** How much later than the edge's time the picture reaches the viewer was measured. */
  | { type: "delay"; delayMs: number }
  /** The machine says that its network is back. */
  | { type: "online" };

/** How a request ended. The driver has checked `content` against its kind. */
export interface Reply {
  type: "reply";
  request: number;
  /** HTTP status; 0 when there was no reply, -1 when it was none that can be read. */
  status: number;
  content: unknown;
  etag: string | null;
  retryAfterMs: number;
  sentMs: number;
  receivedMs: number;
}

export type Input = Happened & Stamp;

/** What the overlay draws; the whole of it at every change. */
export interface View {
  cue: string;
  interaction: Interaction;
  phase: "open" | "answered" | "closed" | "results";
  languages: readonly string[];
  /** What the viewer chose; the last one. */
  choice: AnswerChoice | null;
  /** Whether an answer can be given (again). */
  answerable: boolean;
  results: Results | null;
  /** Until it leaves by itself. */
  leftMs: number;
  /** Until answers close; null when it takes none. */
  closesInMs: number | null;
  /** Where images are. */
  edge: string | null;
}

export type Effect =
  | {
      type: "request";
      request: number;
      kind: TaskKind;
      method: "GET" | "POST";
      url: string;
      /** JSON text. */
      body: string | null;
      etag: string | null;
      timeoutMs: number;
    }
  | { type: "put"; key: string; data: unknown }
  | { type: "remove"; key: string }
  /** One timer; a new one replaces the old. */
  | { type: "arm"; delayMs: number }
  | { type: "show"; view: View }
  | { type: "hide"; cue: string }
  /** Have it at hand before it is shown. */
  | { type: "preload"; url: string }
  | { type: "report"; level: "debug" | "info" | "warn"; happening: Happening };
