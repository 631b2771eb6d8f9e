/**
 * The box in a browser: wiring, and the few calls that a box maker needs. Built to `cuecast-box.js`, which
 * makes them the global `Cuecast`.
 */
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { isId } from "./checks.ts";
import type { Pace } from "./core/pace.ts";
import type { Happening, State } from "./core/state.ts";
import { createBox, isDelay } from "./driver.ts";
import { createOverlay } from "./overlay/overlay.ts";
import { browserClock, browserRandom, browserStore, browserTimers } from "./platform/browser.ts";
import { createXhrHttp } from "./platform/http-xhr.ts";
import { type KeyName, keyName } from "./platform/keys.ts";
import type { Http, Store } from "./ports.ts";

/** The overlay's style sheet, put in by the build, its classes without their prefix. */
declare const CUECAST_STYLE: string;

export interface StartOptions {
  /** Base addresses of edges, at least one. */
  edges: readonly string[];
  /** Pseudonym of this box: 1 to 64 of `A-Z a-z 0-9 . _ : ~ -`, the same after every reboot. */
  box: string;
  /** What is tuned to. */
  channel: string;
  /** Covers the picture; the overlay is drawn into it. */
  screen: HTMLElement;
  /** What the viewer reads, best first; the browser's languages unless told. */
  languages?: readonly string[];
  /** What an audience may ask for. */
  tags?: readonly string[];
  /** Where edges demand one. */
  token?: string;
  /** How much later than the edge's time the picture reaches the viewer, ms; negative: earlier. */
  presentationDelayMs?: number;
  /** False: the page hands keys to `key()` itself. */
  listen?: boolean;
  /** Ports of the box maker's own; `localStorage`, `XMLHttpRequest` and the browser's clock unless told. */
  store?: Store;
  http?: Http;
  clock?: Clock;
  pace?: Partial<Pace>;
  log?: Log;
  /** Told what happens, as it happens. */
  onHappening?(happening: Happening): void;
}

export interface StartedBox {
  /** @param channel empty: standby */
  tune(channel: string): void;
  /** The presentation delay was measured anew, ms. */
  delay(delayMs: number): void;
  /** A key by its name (`ok`, `left`, `7`, `red` …) or code. @returns whether the overlay used it */
  key(key: KeyName | number): boolean;
  /** It was let go. Without this, the same key again within 700 ms is taken for one that is held down. */
  release(): void;
  /** What it knows, as plain data; not to be changed. `summarize` of `core/summary.ts` makes few words of it. */
  state(): State;
  stop(): void;
}

const BOX_LETTERS_MAX = 64;
const STYLE_ID = "cuecast-style";

/** A page with a strict policy links `cuecast-box.css` itself, under this id. */
function addStyle(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = document.createElement("style");
  style.id = STYLE_ID;
  style.appendChild(document.createTextNode(CUECAST_STYLE.replace(/\.(?=[a-z])/g, ".cuecast-")));
  document.head.appendChild(style);
}

const quiet = () => {};
const quietLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** @throws {TypeError} when an option is missing or cannot be */
function check({ edges, box, channel, screen, presentationDelayMs }: StartOptions): void {
  const why =
    !edges || edges.length === 0
      ? "edges"
      : !isId(box) || box.length > BOX_LETTERS_MAX
        ? "box"
        : !isId(channel)
          ? "channel"
          : !isDelay(presentationDelayMs || 0)
            ? "presentationDelayMs"
            : screen && "appendChild" in screen
              ? ""
              : "screen";
  if (why) throw new TypeError(`Cannot start the box: ${why} cannot be used`);
}

export function start(options: StartOptions): StartedBox {
  check(options || {});
  addStyle();
  const browserLanguages = navigator.languages || [navigator.language || "zh-CN"];
  const clock = options.clock || browserClock;
  const overlay = createOverlay(options.screen, browserTimers);
  const box = createBox(
    {
      clock,
      timers: browserTimers,
      random: browserRandom,
      http: options.http || createXhrHttp(clock, browserTimers),
      store: options.store || browserStore(options.box),
      screen: overlay,
      log: options.log || quietLog,
      onHappening: options.onHappening,
    },
    {
      box: options.box,
      edges: options.edges,
      channel: options.channel,
      languages: options.languages || browserLanguages,
      tags: options.tags || [],
      token: options.token,
      presentationDelayMs: options.presentationDelayMs,
      pace: options.pace,
    },
  );
  const key = (pressed: KeyName | number): boolean => {
    const name = typeof pressed === "number" ? keyName(pressed) : pressed;
    return name !== null && overlay.key(name);
  };
  const onKey = (event: KeyboardEvent) => {
    if (key(event.keyCode)) event.preventDefault();
  };
  const listen = (to: "add" | "remove") => {
    document[`${to}EventListener`]("keydown", onKey as EventListener);
    document[`${to}EventListener`]("keyup", overlay.release);
  };
  const onOnline = () => box.online();
  if (options.listen !== false) listen("add");
  window.addEventListener("online", onOnline);
  return {
    tune: box.tune,
    delay: box.delay,
    key,
    release: overlay.release,
    state: box.state,
    stop() {
      box.stop();
      overlay.remove();
      listen("remove");
      window.removeEventListener("online", onOnline);
    },
  };
}
