/**
 * Whether boxes form a herd: many of them on one channel, one cue, an answer from all in the same instant, an
 * edge that is away for five minutes.
 */
import { type Interaction, interactionSample } from "../../shared/protocol/interaction.ts";
import { makeSchedule, REFRESH_MS, REFRESH_NEAR_MS, windowAt } from "../../shared/schedule/window.ts";
import type { EdgeReply } from "./edge.ts";
import { createHerdBins, type HerdFigure, type Kind } from "./herd-bins.ts";
import {
  createHerdEdge,
  createTaggedBodies,
  giveAlike,
  HERD_CHANNEL,
  herdCue,
  herdReply,
  MINUTE_MS,
  runHerdBoxes,
  SECOND_MS,
} from "./herd-boxes.ts";

const START_MS = 1_795_420_800_000;
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
const cue = herdCue(START_MS + CUE_MS);

const isNear = (atMs: number) =>
  atMs >= CUE_MS - 5 * MINUTE_MS && atMs <= CUE_MS + MINUTE_MS + interaction.durationMs;

/** @returns what the edge gives */
function createGiver() {
  const tagged = createTaggedBodies();
  return (kind: Kind, atMs: number, etag: string | null, body: string | null): EdgeReply => {
    switch (kind) {
      case "schedule": {
        const refreshMs = isNear(atMs) ? REFRESH_NEAR_MS : REFRESH_MS;
        const inputs = { channel: HERD_CHANNEL, epoch: 1, revision: 1, programmes: [], cues: [cue] };
        return tagged(`"${refreshMs}"`, etag, () => makeSchedule(inputs, windowAt(START_MS), refreshMs));
      }
      case "results":
        return herdReply(
          JSON.stringify({ cue: cue.id, closed: true, total: 1, options: { a: 1, b: 0 }, refreshMs: 30_000 }),
        );
      case "answers": {
        const { answers } = JSON.parse(body as string) as { answers: { key: string }[] };
        return herdReply(
          JSON.stringify({ receipts: answers.map(({ key }) => ({ key, status: "accepted" })) }),
        );
      }
      default:
        return giveAlike(kind, START_MS + atMs, interaction);
    }
  };
}

/** @param onBox called after each box */
export async function runHerd(
  seed: number,
  boxes: number,
  onBox?: (done: number) => void,
): Promise<HerdFigure[]> {
  const bins = createHerdBins(boxes, END_MS + MINUTE_MS);
  const give = createGiver();
  const isDown = (atMs: number) => atMs >= DOWN_MS && atMs < BACK_MS;
  await runHerdBoxes({
    seed,
    boxes,
    startMs: START_MS,
    endMs: END_MS,
    edges: (queue) => [createHerdEdge("http://edge-a", queue, bins, isDown, give)],
    showed(queue, machine, view, first) {
      if (!first || !view.answerable) return;
      queue.at(ANSWERED_MS, () => machine.answer(view.cue, { options: ["a"] }));
    },
    onBox,
  });

  const { figure } = bins;
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
