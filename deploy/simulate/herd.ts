/**
 * Whether boxes form a herd: many of them on one channel, one cue, an answer from all in the same instant, an
 * edge that is away for five minutes. Each box runs alone, since none knows of another: what the edge gets is the
 * sum of what they send.
 */
import { type Interaction, interactionSample } from "../../shared/protocol/interaction.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { makeSchedule, REFRESH_MS, REFRESH_NEAR_MS, windowAt } from "../../shared/schedule/window.ts";
import { createCoverage } from "./coverage.ts";
import { createDice } from "./dice.ts";
import type { Edge, EdgeReply } from "./edge.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { createHerdBins, type HerdFigure, type Kind, kindOf } from "./herd-bins.ts";
import { createMachine } from "./machine.ts";
import type { Watcher } from "./watcher.ts";

const START_MS = 1_795_420_800_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Boxes start over this long: televisions are not switched on all at once. */
const STARTS_MS = 10 * MINUTE_MS;
const CUE_MS = 30 * MINUTE_MS;
const ANSWERED_MS = CUE_MS + 5 * SECOND_MS;
const DOWN_MS = 40 * MINUTE_MS;
const BACK_MS = 45 * MINUTE_MS;
const END_MS = 62 * MINUTE_MS;
/** Half of the longest backoff: the mean wait between two tries of an edge that is away. */
const RETRY_MS = 30 * SECOND_MS;

const interaction: Interaction = {
  ...interactionSample,
  durationMs: 30_000,
  results: "after-answer",
} as Interaction;
const cue: Cue = {
  id: "pl1:once",
  atMs: START_MS + CUE_MS,
  untilMs: START_MS + CUE_MS + MINUTE_MS,
  lateJoin: true,
  interaction: interaction.id,
  version: interaction.version,
  priority: 0,
  fetch: { fromMs: START_MS + CUE_MS - 5 * MINUTE_MS, untilMs: START_MS + CUE_MS - 10 * SECOND_MS },
};

/** What the edge gets, in bins; and what it gives. */
function createCounter(boxes: number) {
  const bins = createHerdBins(boxes, END_MS + MINUTE_MS);
  const bodies = new Map<number, string>();
  const reply = (body: string, etag: string | null = null): EdgeReply => ({
    status: 200,
    text: body,
    etag,
    retryAfter: null,
  });
  const near = (atMs: number) =>
    atMs >= CUE_MS - 5 * MINUTE_MS && atMs <= CUE_MS + MINUTE_MS + interaction.durationMs;

  function schedule(atMs: number, etag: string | null): EdgeReply {
    const refreshMs = near(atMs) ? REFRESH_NEAR_MS : REFRESH_MS;
    let body = bodies.get(refreshMs);
    if (body === undefined) {
      const inputs = { channel: "one", epoch: 1, revision: 1, programmes: [], cues: [cue] };
      body = JSON.stringify(makeSchedule(inputs, windowAt(START_MS), refreshMs));
      bodies.set(refreshMs, body);
    }
    const tag = `"${refreshMs}"`;
    return etag === tag ? { status: 304, text: "", etag, retryAfter: null } : reply(body, tag);
  }

  function give(kind: Kind, atMs: number, etag: string | null, body: string | null): EdgeReply {
    switch (kind) {
      case "time":
        return reply(`{"timeMs":${Math.floor(START_MS + atMs)}}`);
      case "line-up":
        return reply('{"region":"north","edges":[],"channels":[]}');
      case "schedule":
        return schedule(atMs, etag);
      case "interaction":
        return reply(JSON.stringify(interaction));
      case "results":
        return reply(
          JSON.stringify({ cue: cue.id, closed: true, total: 1, options: { a: 1, b: 0 }, refreshMs: 30_000 }),
        );
      case "answers": {
        const { answers } = JSON.parse(body as string) as { answers: { key: string }[] };
        return reply(JSON.stringify({ receipts: answers.map(({ key }) => ({ key, status: "accepted" })) }));
      }
      default:
        return reply('{"accepted":1}');
    }
  }

  return {
    bins,
    edge(queue: EventQueue): Edge {
      return {
        url: "http://edge-a",
        get down() {
          return queue.nowMs() >= DOWN_MS && queue.nowMs() < BACK_MS;
        },
        busy: false,
        async promote() {},
        handle(path, etag, body) {
          const atMs = queue.nowMs();
          const kind = kindOf(path);
          bins.count(kind, atMs);
          return give(kind, atMs, etag, body);
        },
        batch: () => [],
        acknowledge() {},
      };
    },
  };
}

const quiet = { add() {}, hash: () => "" };

/** @param onBox called after each box */
export async function runHerd(
  seed: number,
  boxes: number,
  onBox?: (done: number) => void,
): Promise<HerdFigure[]> {
  const dice = createDice(seed);
  const counter = createCounter(boxes);
  const coverage = createCoverage();
  for (let number = 0; number < boxes; number++) {
    const queue = createEventQueue();
    const own = dice.fork(`box-${number}`);
    const watcher: Watcher = {
      stepped() {},
      showed(machine, view, first) {
        if (!first || !view.answerable) return;
        queue.at(ANSWERED_MS, () => machine.answer(view.cue, { options: ["a"] }));
      },
      pulled() {},
      happened() {},
      stored() {},
      booted() {},
      threw(_, what) {
        throw new Error(what);
      },
    };
    const edge = counter.edge(queue);
    const machine = createMachine({
      name: `box-${number}`,
      startMs: START_MS,
      channels: ["one"],
      edges: new Map([[edge.url, edge]]),
      queue,
      dice: own,
      trace: quiet,
      watcher,
      faults: false,
      planted: undefined,
      coverage,
    });
    queue.at(own.between(0, STARTS_MS), () => machine.boot());
    await queue.runUntil(END_MS);
    onBox?.(number + 1);
  }

  const { figure } = counter.bins;
  const after = BACK_MS + 2 * MINUTE_MS;
  return [
    figure("refresh, nothing near", "schedule", REFRESH_MS, 18 * MINUTE_MS, CUE_MS - 5 * MINUTE_MS),
    figure("prefetch", "interaction", 290 * SECOND_MS, CUE_MS - 5 * MINUTE_MS, CUE_MS),
    figure("refresh, a cue near", "schedule", REFRESH_NEAR_MS, CUE_MS - 5 * MINUTE_MS, CUE_MS + MINUTE_MS),
    figure("answers, all given at once", "answers", 2 * SECOND_MS, CUE_MS, CUE_MS + MINUTE_MS),
    figure("results", "results", 2 * SECOND_MS, CUE_MS, ANSWERED_MS + 8 * SECOND_MS),
    figure("airings", "airings", 20 * SECOND_MS, CUE_MS, CUE_MS + 3 * MINUTE_MS),
    figure("time, edge back", "time", RETRY_MS, BACK_MS, after),
    figure("refresh, edge back", "schedule", RETRY_MS, BACK_MS, after),
    figure("refresh, after that", "schedule", REFRESH_MS, after, END_MS),
  ];
}
