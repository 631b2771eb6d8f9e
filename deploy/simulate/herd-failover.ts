/**
 * Whether boxes form a herd at one of two edges when the other dies and when it comes back, when central moves and
 * withdraws a cue that is near, and at the top of the hour, when every schedule's window moves.
 */
import { interactionSample } from "../../shared/protocol/interaction.ts";
import { makeSchedule, REFRESH_MS, REFRESH_NEAR_MS, windowAt } from "../../shared/schedule/window.ts";
import type { EdgeReply } from "./edge.ts";
import { createHerdBins, type HerdFigure, type Kind } from "./herd-bins.ts";
import {
  createHerdEdge,
  createTaggedBodies,
  giveAlike,
  HERD_CHANNEL,
  herdCue,
  MINUTE_MS,
  runHerdBoxes,
  SECOND_MS,
} from "./herd-boxes.ts";

/** Before the hour: it turns at TOP_MS. */
const START_MS = 1_795_420_800_000 - 1_500_000;
const TOP_MS = 25 * MINUTE_MS;
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

const cueAt = (atMs: number) => herdCue(START_MS + atMs);

/** What is published at an instant, and how often boxes are to ask. */
function publishedAt(atMs: number) {
  const revision = atMs < MOVED_MS ? 1 : atMs < WITHDRAWN_MS ? 2 : 3;
  const cues = revision === 1 ? [cueAt(CUE_MS)] : revision === 2 ? [cueAt(MOVED_TO_MS)] : [];
  const near = atMs >= NEAR_FROM_MS && atMs < WITHDRAWN_MS;
  const refreshMs = near ? REFRESH_NEAR_MS : REFRESH_MS;
  return { revision, cues, window: windowAt(START_MS + atMs), refreshMs };
}

/** @returns what both edges give */
function createGiver() {
  const tagged = createTaggedBodies();
  return (kind: Kind, atMs: number, etag: string | null): EdgeReply => {
    if (kind !== "schedule") return giveAlike(kind, START_MS + atMs, interactionSample);
    const { revision, cues, window, refreshMs } = publishedAt(atMs);
    const inputs = { channel: HERD_CHANNEL, epoch: 1, revision, programmes: [], cues };
    const tag = `"${revision}.${window.fromMs}.${refreshMs}"`;
    return tagged(tag, etag, () => makeSchedule(inputs, window, refreshMs));
  };
}

/** @param onBox called after each box */
export async function runFailover(
  seed: number,
  boxes: number,
  onBox?: (done: number) => void,
): Promise<HerdFigure[]> {
  const dying = createHerdBins(boxes, END_MS + MINUTE_MS);
  const living = createHerdBins(boxes, END_MS + MINUTE_MS);
  const give = createGiver();
  const isDead = (atMs: number) => atMs >= DEAD_MS && atMs < BACK_MS;
  await runHerdBoxes({
    seed,
    boxes,
    startMs: START_MS,
    endMs: END_MS,
    edges: (queue) => [
      createHerdEdge("http://edge-a", queue, dying, isDead, give),
      createHerdEdge("http://edge-b", queue, living, () => false, give),
    ],
    onBox,
  });
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
