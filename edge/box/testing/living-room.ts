/**
 * For tests: a box, its edges, its store and its viewer in virtual time. Everything that the box sends is
 * written down with the true time; every part can be broken and mended.
 */

import { silentLog } from "../../../shared/log.ts";
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import type { Cue, Schedule } from "../../../shared/protocol/schedule.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { View } from "../core/messages.ts";
import type { AnswerChoice, Happening } from "../core/state.ts";
import { type Box, type BoxOptions, createBox } from "../driver.ts";
import type { HttpReply, HttpRequest, ScreenEvents, Store } from "../ports.ts";

/** Some instant; the box's day begins here. */
export const START_MS = 1_795_420_800_000;
export const EDGE = "http://edge-a";

export interface Asked {
  atMs: number;
  edge: string;
  path: string;
  etag: string | null;
  body: { answers?: Answer[]; airings?: Airing[] } | null;
}
export interface Seen {
  atMs: number;
  what: "show" | "hide";
  cue: string;
  view?: View;
}
type Reply = { status: number; body?: unknown; content?: unknown; etag?: string; retryAfter?: string };

export function cue(fields: Partial<Cue> = {}): Cue {
  const atMs = fields.atMs ?? START_MS + 600_000;
  return {
    id: "pl1:p1.0",
    atMs,
    untilMs: atMs + 60_000,
    lateJoin: true,
    interaction: "int-42",
    version: 3,
    priority: 0,
    fetch: { fromMs: atMs - 300_000, untilMs: atMs - 10_000 },
    ...fields,
  };
}

export function schedule(cues: Cue[], fields: Partial<Schedule> = {}): Schedule {
  return {
    channel: "cctv1",
    epoch: 1,
    revision: 1,
    fromMs: START_MS - 3_600_000,
    untilMs: START_MS + 48 * 3_600_000,
    refreshMs: 300_000,
    programmes: [],
    cues,
    ...fields,
  };
}

/** What a flash chip holds: lives on when the box reboots. */
export function createFlash() {
  const texts: Record<string, string> = {};
  const writes: string[] = [];
  const flash = {
    texts,
    writes,
    full: false,
    /** How long a write takes. */
    slowMs: 0,
    /** How often the power went: what was being written then is lost. */
    cuts: 0,
    store(after: (delayMs: number, run: () => void) => void): Store {
      const { cuts } = flash;
      const later = (write: () => void) => {
        if (flash.slowMs > 0) after(flash.slowMs, () => cuts === flash.cuts && write());
        else write();
      };
      return {
        load: (done) => done(Object.keys(texts).map((key) => ({ key, text: texts[key] as string }))),
        put(key, text, done) {
          later(() => {
            if (!flash.full) texts[key] = text;
            if (!flash.full) writes.push(key);
            done(!flash.full);
          });
        },
        remove: (key) => later(() => delete texts[key]),
      };
    },
  };
  return flash;
}

export interface LivingRoomSettings extends Partial<BoxOptions> {
  cues?: Cue[];
  seed?: number;
  /** One way. */
  latencyMs?: number;
  /** One way, drawn for each; instead of the latency. */
  wayMs?: () => number;
  /** Whether a request is lost to a reset. */
  resets?: () => boolean;
  /** Round trip to an edge, by address; else twice the latency. */
  tripMs?: Record<string, number>;
  /** How wrong the box's wall clock is at the start. */
  wallOffMs?: number;
  /** How much faster true time runs than the box's clocks, parts per million. */
  driftPpm?: number;
}

export function createLivingRoom(settings: LivingRoomSettings = {}) {
  const time = createSimulatedTime(START_MS + (settings.wallOffMs ?? 0));
  const pace = 1 + (settings.driftPpm ?? 0) / 1e6;
  const trueMs = () => START_MS + time.clock.monotonicMs() * pace;
  const flash = createFlash();
  const latencyMs = settings.latencyMs ?? 5;
  const random = createSeededRandom(settings.seed ?? 1);

  const room = {
    time,
    flash,
    trueMs,
    asked: [] as Asked[],
    seen: [] as Seen[],
    happened: [] as Happening[],
    /** Timers of the box that ran. */
    wakes: 0,
    schedules: { cctv1: schedule(settings.cues ?? []) } as Record<string, Schedule>,
    interactions: { "int-42@3": interactionSample } as Record<string, Interaction>,
    /** Edges that do not answer, by address; `black-hole` swallows. */
    broken: {} as Record<string, "refused" | "black-hole">,
    /** Replies that differ from the usual, by path. */
    special: {} as Record<string, (asked: Asked) => Reply | undefined>,
    /** Paths whose requests never end: the port lost them, as in a sleep. */
    lost: [] as string[],
    lineUpEdges: [] as { url: string; weight: number }[],
    tripMs: settings.tripMs ?? ({} as Record<string, number>),
    screenBroken: false,
    box: undefined as unknown as Box,
    events: undefined as unknown as ScreenEvents,
    boot,
    reboot(offMs: number) {
      room.box.stop();
      flash.cuts++;
      time.advance(offMs);
      boot();
    },
    advance: time.advance,
    /** Advances to a true instant. */
    until: (atMs: number) => time.advance((atMs - trueMs()) / pace),
    to: (path: string) => room.asked.filter((one) => one.path.indexOf(path) === 0),
    shown: () => [...new Set(room.seen.filter((one) => one.what === "show").map((one) => one.cue))],
    firstShown: (id: string) => room.seen.filter((one) => one.what === "show" && one.cue === id)[0]?.atMs,
    hidden: (id: string) => room.seen.filter((one) => one.what === "hide" && one.cue === id)[0]?.atMs,
    airings: () =>
      room.happened
        .filter((one) => one.event === "airing")
        .map((one) => one.fields as Record<string, unknown>),
    view: () => room.seen[room.seen.length - 1]?.view,
    answer: (cue: string, choice: AnswerChoice) => room.events.answer(cue, choice),
    sent: (kind: "answers" | "airings"): (Answer | Airing)[] =>
      room.asked.flatMap((one): (Answer | Airing)[] => one.body?.[kind] ?? []),
  };

  function usual(asked: Asked): Reply {
    const [path = "", query = ""] = asked.path.split("?");
    const parts = path.split("/").map(decodeURIComponent);
    if (path === "/v1/time") return { status: 200, body: { timeMs: Math.floor(trueMs()) } };
    if (path === "/v1/channels") {
      return { status: 200, body: { region: "north", edges: room.lineUpEdges, channels: [] } };
    }
    if (parts[4] === "schedule") {
      const found = room.schedules[parts[3] as string];
      if (!found) return { status: 404 };
      const etag = `"${found.epoch}.${found.revision}.${found.fromMs}"`;
      return asked.etag === etag ? { status: 304, etag } : { status: 200, body: found, etag };
    }
    if (parts[2] === "interactions") {
      const found = room.interactions[`${parts[3]}@${query.replace("version=", "")}`];
      return found ? { status: 200, body: found } : { status: 404 };
    }
    if (asked.body?.answers) {
      return {
        status: 200,
        body: { receipts: asked.body.answers.map(({ key }) => ({ key, status: "accepted" })) },
      };
    }
    if (asked.body?.airings) return { status: 200, body: { accepted: asked.body.airings.length } };
    return { status: 404 };
  }

  function send(request: HttpRequest, done: (reply: HttpReply) => void): void {
    const [, edge = "", path = ""] = /^(https?:\/\/[^/]+)(.*)$/.exec(request.url) ?? [];
    const asked: Asked = {
      atMs: trueMs(),
      edge,
      path,
      etag: request.etag,
      body: request.body ? JSON.parse(request.body) : null,
    };
    room.asked.push(asked);
    const sentMs = time.clock.monotonicMs();
    const reply = (got: Reply, afterMs: number) =>
      time.timers.after(afterMs, () =>
        done({
          status: got.status,
          text: got.body === undefined ? "" : JSON.stringify(got.body),
          content: got.content,
          etag: got.etag ?? null,
          retryAfter: got.retryAfter ?? null,
          sentMs,
          receivedMs: time.clock.monotonicMs(),
        }),
      );
    if (room.lost.some((each) => path.indexOf(each) === 0)) return;
    const broken = room.broken[edge];
    const wayMs = () =>
      room.tripMs[edge] === undefined ? (settings.wayMs?.() ?? latencyMs) : room.tripMs[edge] / 2;
    if (broken) {
      reply({ status: 0 }, broken === "refused" ? 1 : request.timeoutMs);
      return;
    }
    if (settings.resets?.()) {
      reply({ status: 0 }, wayMs());
      return;
    }
    time.timers.after(wayMs(), () => {
      const special = room.special[path.split("?")[0] as string];
      reply(special?.(asked) ?? usual(asked), wayMs());
    });
  }

  function boot(): void {
    const ports = {
      clock: time.clock,
      timers: {
        after: (delayMs: number, run: () => void) =>
          time.timers.after(delayMs, () => {
            room.wakes++;
            run();
          }),
      },
      random,
      http: { send },
      store: flash.store((delayMs, run) => void time.timers.after(delayMs, run)),
      screen: {
        attach(events: ScreenEvents) {
          room.events = events;
        },
        show(view: View) {
          if (room.screenBroken) throw new Error("the screen is broken");
          room.seen.push({ atMs: trueMs(), what: "show", cue: view.cue, view });
          room.events.shown(view.cue);
        },
        hide(id: string) {
          room.seen.push({ atMs: trueMs(), what: "hide", cue: id });
        },
        preload() {},
      },
      log: silentLog,
      onHappening: (happening: Happening) => void room.happened.push(happening),
    };
    room.box = createBox(ports, {
      box: "box-1",
      edges: [EDGE],
      channel: "cctv1",
      languages: ["zh-CN"],
      tags: [],
      ...settings,
    });
  }

  boot();
  return room;
}
