/**
 * The boxes of a herd and what answers them: many on one channel, on lines without faults. Each runs alone in virtual
 * time, since none knows of another: what an edge gets is the sum of what they send.
 */
import { type Interaction, interactionSample } from "../../shared/protocol/interaction.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { createCoverage } from "./coverage.ts";
import { createDice } from "./dice.ts";
import type { Edge, EdgeReply } from "./edge.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { type HerdBins, type Kind, kindOf } from "./herd-bins.ts";
import { createMachine } from "./machine.ts";
import type { Watcher } from "./watcher.ts";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
/** Boxes start over this long: televisions are not switched on all at once. */
const STARTS_MS = 10 * MINUTE_MS;

export const HERD_CHANNEL = "one";

/** The one cue, a minute long, fetched ahead in the five minutes before. @param atMs ms since the Unix epoch */
export function herdCue(atMs: number): Cue {
  return {
    id: "pl1:once",
    atMs,
    untilMs: atMs + MINUTE_MS,
    lateJoin: true,
    interaction: interactionSample.id,
    version: interactionSample.version,
    priority: 0,
    fetch: { fromMs: atMs - 5 * MINUTE_MS, untilMs: atMs - 10 * SECOND_MS },
  };
}

export function herdReply(text: string, etag: string | null = null): EdgeReply {
  return { status: 200, text, etag, retryAfter: null };
}

/** A body that is made once; 304 to those who have it. */
export function createTaggedBodies(): (tag: string, etag: string | null, make: () => object) => EdgeReply {
  const bodies = new Map<string, string>();
  return (tag, etag, make) => {
    if (etag === tag) return { status: 304, text: "", etag, retryAfter: null };
    let body = bodies.get(tag);
    if (body === undefined) {
      body = JSON.stringify(make());
      bodies.set(tag, body);
    }
    return herdReply(body, tag);
  };
}

/** What is given alike whatever the herd is tried with. @param timeMs the edge's clock */
export function giveAlike(kind: Kind, timeMs: number, interaction: Interaction): EdgeReply {
  if (kind === "time") return herdReply(`{"timeMs":${Math.floor(timeMs)}}`);
  if (kind === "line-up") return herdReply('{"region":"north","edges":[],"channels":[]}');
  if (kind === "interaction") return herdReply(JSON.stringify(interaction));
  return herdReply('{"accepted":1,"receipts":[]}');
}

/** @param isDown whether nobody listens at an instant, ms since the start */
export function createHerdEdge(
  url: string,
  queue: EventQueue,
  bins: HerdBins,
  isDown: (atMs: number) => boolean,
  give: (kind: Kind, atMs: number, etag: string | null, body: string | null) => EdgeReply,
): Edge {
  return {
    url,
    get down() {
      return isDown(queue.nowMs());
    },
    busy: false,
    async promote() {},
    handle(path, etag, body) {
      const kind = kindOf(path);
      bins.count(kind, queue.nowMs());
      return give(kind, queue.nowMs(), etag, body);
    },
    batch: () => [],
    acknowledge() {},
  };
}

export interface HerdSettings {
  seed: number;
  boxes: number;
  /** ms since the Unix epoch. */
  startMs: number;
  endMs: number;
  edges(queue: EventQueue): Edge[];
  /** Something came onto a box's screen. */
  showed?(queue: EventQueue, ...seen: Parameters<Watcher["showed"]>): void;
  /** Called after each box. */
  onBox: ((done: number) => void) | undefined;
}

const trace = { add() {}, hash: () => "" };

export async function runHerdBoxes(settings: HerdSettings): Promise<void> {
  const dice = createDice(settings.seed);
  const coverage = createCoverage();
  for (let number = 0; number < settings.boxes; number++) {
    const queue = createEventQueue();
    const own = dice.fork(`box-${number}`);
    const watcher: Watcher = {
      stepped() {},
      showed: (...seen) => settings.showed?.(queue, ...seen),
      pulled() {},
      happened() {},
      stored() {},
      booted() {},
      threw(_, what) {
        throw new Error(what);
      },
    };
    const machine = createMachine({
      name: `box-${number}`,
      startMs: settings.startMs,
      channels: [HERD_CHANNEL],
      edges: new Map(settings.edges(queue).map((edge) => [edge.url, edge])),
      queue,
      dice: own,
      trace,
      watcher,
      faults: false,
      planted: undefined,
      coverage,
      knowsAllEdges: true,
    });
    queue.at(own.between(0, STARTS_MS), () => machine.boot());
    await queue.runUntil(settings.endMs);
    settings.onBox?.(number + 1);
  }
}
