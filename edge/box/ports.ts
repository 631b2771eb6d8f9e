/** What a box asks of the machine that it runs on. A box maker implements these; `platform/` has some of each. */
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Random } from "../../shared/time/random.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { View } from "./core/messages.ts";
import type { AnswerChoice, Happening } from "./core/state.ts";

export interface HttpRequest {
  method: "GET" | "POST";
  url: string;
  /** JSON text; null for GET. */
  body: string | null;
  /** What is held already; a browser's own cache sees to that, and ignores it. */
  etag: string | null;
  /** Bearer token; null when the edge demands none. */
  token: string | null;
  timeoutMs: number;
}

export interface HttpReply {
  /** 0 when there was none: refused, cut, timed out. */
  status: number;
  text: string;
  /** What `text` says, where the port has read it already. */
  content?: unknown;
  etag: string | null;
  retryAfter: string | null;
  /** Monotonic, just before sending and just after the head of the reply came. */
  sentMs: number;
  receivedMs: number;
}

export interface Http {
  /** Calls `done` exactly once, within the request's `timeoutMs` or a little later; never throws. */
  send(request: HttpRequest, done: (reply: HttpReply) => void): void;
}

export interface StoreEntry {
  key: string;
  text: string;
}

/**
 * Keeps texts by key through power cuts. A write that was reported done is whole or, at worst, damaged in a
 * way that its checksum shows; one that was not leaves the old text. Writes happen in the order asked.
 */
export interface Store {
  /** Everything there is; an unreadable entry comes with an empty text. */
  load(done: (entries: StoreEntry[]) => void): void;
  put(key: string, text: string, done: (ok: boolean) => void): void;
  remove(key: string): void;
}

export interface ScreenEvents {
  /** It stands on the screen. */
  shown(cue: string): void;
  answer(cue: string, choice: AnswerChoice): void;
  dismissed(cue: string): void;
}

export interface Screen {
  /** Called once, before anything else. */
  attach(events: ScreenEvents): void;
  /** Draws a view, or the change from the one before it of the same cue. */
  show(view: View): void;
  hide(cue: string): void;
  /** Has an image at hand soon. */
  preload(url: string): void;
}

export interface BoxPorts {
  clock: Clock;
  timers: Timers;
  /** Must differ from box to box and from start to start: keys of answers are made of it. */
  random: Random;
  http: Http;
  store: Store;
  screen: Screen;
  log: Log;
  /** Told what happened, as it happens: airings, answers, receipts, schedules. */
  onHappening?(happening: Happening): void;
}
