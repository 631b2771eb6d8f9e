/**
 * What an edge does with its schedules, turn by turn: what a reply can wait for. Between two turns its event loop
 * runs, as at an edge, which is counted with the turn before.
 */
import process from "node:process";
import { gzip, pause } from "../../edge/headend/platform/gzip.ts";
import type { ChannelView } from "../../edge/headend/serve/channel-view.ts";
import { compileSnapshot, type Snapshot } from "../../edge/headend/serve/snapshot.ts";
import { HOUR_MS } from "../../shared/schedule/window.ts";
import type { Bench } from "./figures.ts";
import {
  CHANNELS,
  DAY_MS,
  DAYS,
  drawEdition,
  FROM_MS,
  PROGRAMMES_A_DAY,
  REGION,
} from "./schedule-content.ts";
import { median, spread, type Taken, timed, timedAsync } from "./taken.ts";

const NOW_MS = FROM_MS + DAY_MS + 1_234_567;
const CHANGES = 100;
const ACCEPTS_GZIP = { header: (name: string) => (name === "accept-encoding" ? "gzip" : undefined) };

const views = (snapshot: Snapshot) => CHANNELS.map((id) => snapshot.channel(id) as ChannelView);
const settings = { region: REGION, gzip, pause };

/** One turn of the loop: the work, and what the loop does before a reply has its turn. */
const turn = async (run: () => void): Promise<Taken> => {
  const [, taken] = await timedAsync(async () => {
    run();
    await pause();
  });
  return taken;
};

export async function measureTurns(note: Bench["note"]): Promise<void> {
  const edition = drawEdition();
  let snapshot = await compileSnapshot(edition.publication, settings);

  const settled: Taken[] = [];
  const bodies: Taken[] = [];
  const packed: Taken[] = [];
  let largest = 0;
  let small = 0;
  for (const view of views(snapshot)) {
    settled.push(timed(() => view.settle(NOW_MS))[1]);
    await pause();
    const [body, made] = timed(() => view.scheduleAt(NOW_MS));
    bodies.push(made);
    largest = Math.max(largest, body.bytes.length);
    await pause();
    const [reply, compressed] = timed(() => body.reply(ACCEPTS_GZIP));
    packed.push(compressed);
    small = Math.max(small, (reply.body as Uint8Array).length);
    await pause();
  }
  note("a channel's guide read and its cues settled, five days", median(settled), "ms", spread(settled));
  note(
    "a served body made",
    median(bodies),
    "ms",
    `at most ${largest} bytes; ${spread(bodies)}; the target is 5`,
  );
  note("… and its compressed form", median(packed), "ms", `at most ${small} bytes; ${spread(packed)}`);

  const taken: Taken[] = [];
  const changed: Taken[] = [];
  for (let number = 0; number < CHANGES; number++) {
    const publication = edition.overrun(number, 2 + number, 120_000);
    await pause();
    const [next, took] = await timedAsync(() => compileSnapshot(publication, settings, snapshot));
    taken.push(took);
    snapshot = next;
    const view = snapshot.channel(CHANNELS[number] as string) as ChannelView;
    await pause();
    changed.push(timed(() => view.scheduleAt(NOW_MS))[1]);
  }
  note(
    "one changed channel compiled again, its body made",
    median(changed),
    "ms",
    `${spread(changed)}; the target is 20`,
  );
  note("… its publication taken up before that", median(taken), "ms", spread(taken));

  for (const view of views(snapshot)) view.scheduleAt(NOW_MS);
  const hour = NOW_MS + HOUR_MS;
  const hours: Taken[] = [];
  for (const view of views(snapshot)) hours.push(await turn(() => view.prepare(hour)));
  note("hour roll-over: a turn that a reply can wait for", median(hours), "ms", spread(hours));

  const day = NOW_MS + DAY_MS;
  const days: Taken[] = [];
  for (const view of views(snapshot)) {
    days.push(await turn(() => view.settle(day)));
    days.push(await turn(() => view.prepare(day)));
  }
  note("day roll-over: a turn that a reply can wait for", median(days), "ms", spread(days));
  const { rss } = process.memoryUsage();
  note("resident memory of the process", rss / 1e6, "MB");
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed } = process.memoryUsage();
  const held = `${CHANNELS.length * DAYS * PROGRAMMES_A_DAY} programmes, the schedules of every channel`;
  note("heap that is held", heapUsed / 1e6, "MB", held);
}
