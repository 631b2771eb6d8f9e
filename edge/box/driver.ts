/** Runs the core: stamps what happens, carries effects out in order, brings what comes of them back. */

import type { Clock } from "../../shared/time/clock.ts";
import { dropMalformedCues, isEntry, isMessage } from "./checks.ts";
import { edgeTimeAt } from "./core/edge-time.ts";
import type { Effect, Happened, Input, Reply } from "./core/messages.ts";
import { LIMITS, type Pace } from "./core/pace.ts";
import type { BoxSettings, State } from "./core/state.ts";
import { initialState } from "./core/state.ts";
import { step } from "./core/step.ts";
import type { BoxPorts, HttpReply } from "./ports.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

export interface BoxOptions extends Omit<BoxSettings, "pace"> {
  pace?: Partial<Pace>;
  /** Where the edge demands box tokens. */
  token?: string;
}

export interface Box {
  /** @param channel empty: standby, in which nothing appears and only the clock is kept */
  tune(channel: string): void;
  /** A measured `presentationDelayMs`, ms; at most a minute either way, else it is overlooked. */
  delay(delayMs: number): void;
  /** The machine says that the network is back. */
  online(): void;
  stop(): void;
  /** What it knows; not to be changed. */
  state(): State;
}

/** A `Retry-After` that is nonsense counts as this. */
const RETRY_AFTER_MS = 30_000;

/** After a step that failed, the box looks at the time again. */
const GO_ON_MS = 10_000;

/** No picture is a minute behind. */
const DELAY_MAX_MS = 60_000;
/** Whether `presentationDelayMs` can be: a minute at most either way. */
export function isDelay(delayMs: number): boolean {
  return Math.abs(delayMs) <= DELAY_MAX_MS;
}

/** RFC 9110, 10.2.3: seconds, or a date, which is held against the edge's time. */
function retryAfterMs(value: string | null, nowMs: number): number {
  if (!value) return 0;
  // Engines take a lone number for a date, too.
  const waitMs = /^\d+$/.test(value)
    ? Number(value) * 1000
    : (/:/.test(value) && Date.parse(value) - nowMs) || RETRY_AFTER_MS;
  return Math.max(0, Math.min(waitMs, LIMITS.waitMs));
}

/** A machine that was busy elsewhere between both readings would make the clocks seem to part: read again. */
const READING_MS = 5;
const READINGS_MAX = 4;

/** The driver made what happened itself: it is stamped in place, since a copy of many shapes is slow. */
function stamped(happened: Happened, clock: Clock): Input {
  const input = happened as Input;
  let readings = READINGS_MAX;
  for (;;) {
    const beforeMs = clock.monotonicMs();
    input.wallClockMs = clock.wallMs();
    input.steadyMs = clock.monotonicMs();
    if (input.steadyMs - beforeMs <= READING_MS || --readings === 0) return input;
  }
}

export function createBox(ports: BoxPorts, options: BoxOptions): Box {
  let state = initialState(options);
  let stopped = false;
  let busy = false;
  const waiting: Happened[] = [];
  let disarm: (() => void) | null = null;

  /** Effects may bring something about at once: it waits until the step before it is carried out. */
  function happen(happened: Happened): void {
    if (busy) {
      waiting.push(happened);
      return;
    }
    busy = true;
    let next: Happened | undefined = happened;
    try {
      for (; next && !stopped; next = waiting.shift()) think(stamped(next, ports.clock)).forEach(carryOut);
    } finally {
      busy = false;
    }
  }

  /** What cannot be taken in costs itself alone: a reply counts as one that cannot be read, and the box goes on. */
  function think(input: Input): Effect[] {
    try {
      const made = step(state, input);
      state = made[0];
      return made[1];
    } catch (thrown) {
      fail(thrown);
      if (input.type === "reply" && input.status > 0) return think({ ...input, status: -1, content: null });
      return [{ type: "arm", delayMs: GO_ON_MS }];
    }
  }

  const fail = (thrown: unknown) => ports.log.error("failed", { message: String(thrown) });

  /** A screen, store or listener that breaks must not take the schedule with it. */
  function carryOut(effect: Effect): void {
    try {
      execute(effect);
    } catch (thrown) {
      fail(thrown);
    }
  }

  function execute(effect: Effect): void {
    switch (effect.type) {
      case "request":
        request(effect);
        return;
      case "put":
        ports.store.put(effect.key, encodeRecord(effect.data), (ok) =>
          happen({ type: "stored", key: effect.key, data: effect.data, ok }),
        );
        return;
      case "remove":
        ports.store.remove(effect.key);
        return;
      case "arm":
        if (disarm) disarm();
        disarm = ports.timers.after(effect.delayMs, () => happen({ type: "tick" }));
        return;
      case "report":
        ports.log[effect.level](effect.happening.event, effect.happening.fields);
        if (effect.level !== "debug" && ports.onHappening) ports.onHappening(effect.happening);
        return;
      case "show":
        ports.screen.show(effect.view);
        return;
      case "hide":
        ports.screen.hide(effect.cue);
        return;
      default:
        ports.screen.preload(effect.url);
    }
  }

  function request(effect: Extract<Effect, { type: "request" }>): void {
    const { method, url, body, etag, timeoutMs } = effect;
    const token = options.token || null;
    ports.http.send({ method, url, body, etag, token, timeoutMs }, (reply) => {
      happen(understood(effect, reply));
    });
  }

  function understood(effect: Extract<Effect, { type: "request" }>, reply: HttpReply): Reply {
    let content: unknown = null;
    let status = reply.status;
    if (status === 200) {
      try {
        content = reply.content || JSON.parse(reply.text);
      } catch {
        // It stays null, which is no message.
      }
      const isRead = () => isMessage(effect.kind, content);
      if (!isRead() && !(dropMalformedCues(content) && isRead())) {
        ports.log.warn("reply-malformed", { url: effect.url });
        status = -1;
      }
    }
    const { etag, sentMs, receivedMs } = reply;
    const nowMs = edgeTimeAt(state.clock, receivedMs) || ports.clock.wallMs();
    return {
      type: "reply",
      request: effect.request,
      status,
      content,
      etag,
      retryAfterMs: retryAfterMs(reply.retryAfter, nowMs),
      sentMs,
      receivedMs,
    };
  }

  ports.screen.attach({
    shown: (cue) => happen({ type: "shown", cue }),
    answer: (cue, choice) => happen({ type: "answer", cue, choice }),
    dismissed: (cue) => happen({ type: "dismissed", cue }),
  });

  ports.store.load((found) => {
    const entries: { key: string; data: unknown }[] = [];
    const damaged: string[] = [];
    found.forEach((entry) => {
      const data = decodeRecord(entry.text);
      if (data === undefined || !isEntry(entry.key, data)) damaged.push(entry.key);
      else entries.push({ key: entry.key, data });
    });
    const word = () => Math.floor(ports.random() * 4_294_967_296) | 0;
    happen({ type: "loaded", seed: [word(), word(), word(), word()], entries, damaged });
  });

  return {
    tune: (channel) => happen({ type: "tune", channel }),
    delay: (delayMs) => isDelay(delayMs) && happen({ type: "delay", delayMs }),
    online: () => happen({ type: "online" }),
    stop() {
      stopped = true;
      if (disarm) disarm();
    },
    state: () => state,
  };
}
