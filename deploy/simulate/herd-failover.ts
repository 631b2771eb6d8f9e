/**
 * Whether boxes form a herd at one of two edges when the other dies and when it comes back, when central moves and
 * withdraws a cue that is near, and at the top of the hour, when every schedule's window moves. Each box runs alone.
 */
import { interactionSample } from "../../shared/protocol/interaction.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { makeSchedule, REFRESH_MS, REFRESH_NEAR_MS, windowAt } from "../../shared/schedule/window.ts";
import { createCoverage } from "./coverage.ts";
import { createDice } from "./dice.ts";
import type { Edge, EdgeReply } from "./edge.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { createHerdBins, type HerdFigure, kindOf } from "./herd-bins.ts";
import { createMachine } from "./machine.ts";
import type { Watcher } from "./watcher.ts";

/** Before the hour: it turns at TOP_MS. */
const START_MS = 1_795_420_800_000 - 1_500_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const TOP_MS = 25 * MINUTE_MS;
const STARTS_MS = 10 * MINUTE_MS;
/** The first edge is away from here to there. */
const DEAD_MS = 30 * MINUTE_MS;
const BACK_MS = 55 * MINUTE_MS;
/** A cue at the one, moved to the other when it is near, then withdrawn. */
const CUE_MS = 48 * MINUTE_MS;
const MOVED_MS = 46 * MINUTE_MS;
const MOVED_TO_MS = 52 * MINUTE_MS;
const WITHDRAWN_MS = 49 * MINUTE_MS;
const NEAR_FROM_MS = CUE_MS - 5 * MINUTE_MS;
const END_MS = 77 * MINUTE_MS;
const SAMPLE_MS = 600 * SECOND_MS;

const cueAt = (atMs: number): Cue => ({
  id: "pl1:once",
  atMs: START_MS + atMs,
  untilMs: START_MS + atMs + MINUTE_MS,
  lateJoin: true,
  interaction: interactionSample.id,
  version: interactionSample.version,
  priority: 0,
  fetch: { fromMs: START_MS + atMs - 5 * MINUTE_MS, untilMs: START_MS + atMs - 10 * SECOND_MS },
});

const reply = (text: string, etag: string | null = null): EdgeReply => ({
  status: 200,
  text,
  etag,
  retryAfter: null,
});

/** What is published at an instant, and how often boxes are to ask. */
function publishedAt(atMs: number) {
  const revision = atMs < MOVED_MS ? 1 : atMs < WITHDRAWN_MS ? 2 : 3;
  const cues = revision === 1 ? [cueAt(CUE_MS)] : revision === 2 ? [cueAt(MOVED_TO_MS)] : [];
  const near = atMs >= NEAR_FROM_MS && atMs < WITHDRAWN_MS;
  const window = windowAt(START_MS + atMs);
  const refreshMs = near ? REFRESH_NEAR_MS : REFRESH_MS;
  return { revision, cues, window, refreshMs, etag: `"${revision}.${window.fromMs}.${refreshMs}"` };
}

function give(path: string, atMs: number, etag: string | null, bodies: Map<string, string>): EdgeReply {
  const kind = kindOf(path);
  if (kind === "time") return reply(`{"timeMs":${Math.floor(START_MS + atMs)}}`);
  if (kind === "line-up") return reply('{"region":"north","edges":[],"channels":[]}');
  if (kind === "interaction") return reply(JSON.stringify(interactionSample));
  if (kind !== "schedule") return reply('{"accepted":1,"receipts":[]}');
  const { revision, cues, window, refreshMs, etag: tag } = publishedAt(atMs);
  if (etag === tag) return { status: 304, text: "", etag, retryAfter: null };
  let body = bodies.get(tag);
  if (body === undefined) {
    const inputs = { channel: "one", epoch: 1, revision, programmes: [], cues };
    body = JSON.stringify(makeSchedule(inputs, window, refreshMs));
    bodies.set(tag, body);
  }
  return reply(body, tag);
}

const quiet = { add() {}, hash: () => "" };
const watcher: Watcher = {
  stepped() {},
  showed() {},
  pulled() {},
  happened() {},
  stored() {},
  booted() {},
  threw(_, what) {
    throw new Error(what);
  },
};

/** @param onBox called after each box */
export async function runFailover(
  seed: number,
  boxes: number,
  onBox?: (done: number) => void,
): Promise<HerdFigure[]> {
  const dice = createDice(seed);
  const coverage = createCoverage();
  const bodies = new Map<string, string>();
  const dying = createHerdBins(boxes, END_MS + MINUTE_MS);
  const living = createHerdBins(boxes, END_MS + MINUTE_MS);
  const makeEdge = (url: string, bins: typeof dying, queue: EventQueue): Edge => ({
    url,
    get down() {
      return bins === dying && queue.nowMs() >= DEAD_MS && queue.nowMs() < BACK_MS;
    },
    busy: false,
    async promote() {},
    handle(path, etag) {
      bins.count(kindOf(path), queue.nowMs());
      return give(path, queue.nowMs(), etag, bodies);
    },
    batch: () => [],
    acknowledge() {},
  });
  for (let number = 0; number < boxes; number++) {
    const queue = createEventQueue();
    const own = dice.fork(`box-${number}`);
    const edges = [makeEdge("http://edge-a", dying, queue), makeEdge("http://edge-b", living, queue)];
    const machine = createMachine({
      name: `box-${number}`,
      startMs: START_MS,
      channels: ["one"],
      edges: new Map(edges.map((edge) => [edge.url, edge])),
      queue,
      dice: own,
      trace: quiet,
      watcher,
      faults: false,
      planted: undefined,
      coverage,
      knowsAllEdges: true,
    });
    queue.at(own.between(0, STARTS_MS), () => machine.boot());
    await queue.runUntil(END_MS);
    onBox?.(number + 1);
  }
  const { figure } = living;
  return [
    figure("the hour turns", "schedule", REFRESH_MS, TOP_MS, DEAD_MS),
    figure("the other edge dies, schedules", "schedule", REFRESH_MS, DEAD_MS, NEAR_FROM_MS),
    figure("the other edge dies, time", "time", SAMPLE_MS, DEAD_MS, NEAR_FROM_MS),
    figure("a cue moves", "schedule", REFRESH_NEAR_MS, MOVED_MS, WITHDRAWN_MS),
    figure("a cue is withdrawn", "schedule", REFRESH_NEAR_MS, WITHDRAWN_MS, WITHDRAWN_MS + MINUTE_MS),
    dying.figure("edge back beside another", "schedule", REFRESH_MS, BACK_MS, END_MS),
    dying.figure("edge back beside another, time", "time", SAMPLE_MS, BACK_MS, END_MS),
  ];
}
