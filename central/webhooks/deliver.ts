/**
 * Sends what waits to webhooks: signed, each try bounded in time, tried again with growing pauses, and given up after
 * about a day. Each is sent at least once; the receiver tells repetitions by `webhook-id`.
 */
import { causeMessage, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Random } from "../../shared/time/random.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { Webhooks } from "../store/webhooks.ts";
import { signatureHeaders } from "./sign.ts";
import type { Delivery } from "./webhook.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Pauses before each next try: a restart of the receiver, its outage, a night. In all about 29 hours. */
const PAUSES_MS = [
  ...[5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[HOUR_MS, 2 * HOUR_MS, 5 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS],
];
/** Spread on top of a pause, of it: so that what failed together does not come together. */
const SPREAD = 0.2;
/** At once; a receiver that is slow must not hold up the others. */
const AT_ONCE = 4;
/** Longest sleep: new ones wake it. */
const SLEEP_MS = 60_000;

interface Ports {
  webhooks: Webhooks;
  /** Gives up by itself. */
  fetch: typeof globalThis.fetch;
  clock: Clock;
  timers: Timers;
  random: Random;
  log: Log;
  /** Of this program. */
  version: string;
  onSettled(): void;
}

export function createDeliverer(ports: Ports) {
  const { webhooks, clock, timers, random, log } = ports;
  let [closed, running, again] = [false, false, false];
  let cancel = () => {};

  /** @returns the reply's status, and how long it asks to be left alone */
  async function send(url: string, secret: string, { event, body }: Delivery) {
    const reply = await ports.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": `cuecast/${ports.version}`,
        ...signatureHeaders(secret, event, Math.floor(clock.wallMs() / 1000), body),
      },
      body,
      redirect: "manual",
    });
    await reply.body?.cancel();
    const retryAfter = Number(reply.headers.get("retry-after") ?? 0);
    return { status: reply.status, retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : 0 };
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const webhook = await webhooks.get(delivery.webhook);
    const secret = await webhooks.secretOf(delivery.webhook);
    if (!webhook || secret === undefined) return;
    const tries = delivery.tries + 1;
    let why: string;
    let status: number | undefined;
    let retryAfterMs = 0;
    try {
      ({ status, retryAfterMs } = await send(webhook.url, secret, delivery));
      if (status >= 200 && status < 300) {
        const { why: _why, nextMs: _next, ...rest } = delivery;
        await webhooks.settle({ ...rest, state: "delivered", tries, status, endedMs: clock.wallMs() });
        return;
      }
      why = status >= 300 && status < 400 ? "it redirects, which is not followed" : `it answered ${status}`;
    } catch (error) {
      why = causeMessage(error).slice(0, 200);
    }
    const pauseMs = PAUSES_MS[delivery.tries];
    // Gone, by its own word: it will not come back.
    if (pauseMs === undefined || status === 410) {
      await webhooks.settle({ ...delivery, state: "dead", tries, status, why, endedMs: clock.wallMs() });
      log.error("webhook-given-up", { webhook: webhook.id, event: delivery.event, tries, why });
      return;
    }
    const waitMs = Math.max(pauseMs, Math.min(HOUR_MS, retryAfterMs)) * (1 + SPREAD * random());
    await webhooks.settle({ ...delivery, tries, status, why, nextMs: clock.wallMs() + Math.round(waitMs) });
  }

  async function round(): Promise<void> {
    for (;;) {
      const due = await webhooks.due(clock.wallMs(), AT_ONCE);
      if (closed || due.length === 0) return;
      await Promise.all(due.map(attempt));
      ports.onSettled();
    }
  }

  async function run(): Promise<void> {
    if (running || closed) {
      again = true;
      return;
    }
    running = true;
    cancel();
    try {
      await round();
    } catch (error) {
      // The queue itself cannot be read or written now: a full disk, say.
      if (!closed) log.error("webhooks-failed", { why: errorMessage(error) });
      again = false;
    }
    running = false;
    if (closed) return;
    if (again) {
      again = false;
      void run();
      return;
    }
    const nextMs = await webhooks.nextDueMs().catch(() => undefined);
    const waitMs = nextMs === undefined ? SLEEP_MS : Math.max(200, nextMs - clock.wallMs());
    cancel = timers.after(Math.min(SLEEP_MS, waitMs), () => void run());
  }

  return {
    /** Something is due now. */
    wake: () => void run(),
    close() {
      closed = true;
      cancel();
    },
  };
}
export type Deliverer = ReturnType<typeof createDeliverer>;
