/**
 * More than an edge can take: what it still gives, of pulls and of answers beside them, by itself and as shipped behind
 * nginx; and how the others fare while thousands of clients never end their request.
 */
import { join } from "node:path";
import { startShippedNginx } from "../nginx/start-nginx.ts";
import { type Bench, has, quantile } from "./figures.ts";
import { type Load, load } from "./load.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { processorTimeMs } from "./processor-time.ts";
import { openSlowSockets } from "./slow-sockets.ts";
import { started } from "./started.ts";

/** Connections that ask again at once: these keep an edge busy to the full. */
const PULLS = 64;
const ANSWERS = 64;
const TIMES = [1, 2, 5, 10, 20];
/** Code that was just started is slow. */
const WARM_S = 3;
const PATH = "/v1/channels/small/schedule";

const SLOW = 5_000;
/** Few: the others are not to be the load. */
const HEALTHY = 4;
const ROUNDS = 5;
/** Of the loads, in turns; the best of each counts. */
const TURNS = 3;

/** Replies that were of use. */
const useful = ({ requests, refused }: Load) => requests - refused;
const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;

/**
 * Others on this machine take processor time from the edge, so what it gives is told for each second of processor time
 * that it had; beside it what came by the clock.
 */
async function tenfold(bench: Bench, who: string, url: string, pids: readonly number[]): Promise<void> {
  const { seconds } = bench;
  const spent = async () => (await Promise.all(pids.map(processorTimeMs))).reduce((sum, ms) => sum + ms, 0);
  const script = (name: string) => join(import.meta.dirname, name);
  const measured = new Map<number, { pulls: Load; answers: Load; perSecond: number }>();
  const both = (times: number, lastS: number) =>
    Promise.all([
      load(`${url}${PATH}`, {
        ...{ seconds: lastS, connections: PULLS * times, script: script("pulls-obeying.lua") },
      }),
      load(url, { seconds: lastS, connections: ANSWERS, script: script("answers.lua") }),
    ]);
  await both(1, WARM_S);
  // In turns: what else the machine does falls on each of them, and only ever takes away.
  for (let round = 0; round < TURNS; round++) {
    for (const times of TIMES) {
      const before = await spent();
      const [pulls, answers] = await both(times, seconds);
      const perSecond = ((useful(pulls) + useful(answers)) * 1000) / ((await spent()) - before);
      if (perSecond > (measured.get(times)?.perSecond ?? 0))
        measured.set(times, { pulls, answers, perSecond });
    }
  }
  const best = Math.max(...[...measured.values()].map(({ perSecond }) => perSecond));
  for (const [times, { pulls, answers, perSecond }] of measured) {
    const each = ({ requests, refused, p50Ms, p99Ms, ...load }: Load) =>
      `${Math.round((requests - refused) / load.seconds)}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${percent(refused, requests)} turned away`;
    bench.note(
      `${who}, ${times}×: useful replies a second of processor time`,
      perSecond,
      "/s",
      `${percent(perSecond, best)} of its best; pulls ${each(pulls)}; answers ${each(answers)}`,
    );
  }
}

async function slow(bench: Bench, who: string, url: string): Promise<void> {
  const healthy = async () => {
    const found: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      found.push((await load(`${url}${PATH}`, { seconds: 1, connections: HEALTHY })).p99Ms);
    }
    return quantile(found, 0.5);
  };
  await healthy();
  const before = await healthy();
  const sockets = await openSlowSockets(url, SLOW);
  try {
    const during = await healthy();
    const note = `median of ${ROUNDS} p99, ${before} ms without, ${sockets.open()} open, ${sockets.cut()} cut`;
    bench.note(`${who}: p99 of the others beside ${SLOW} slow sockets`, during, "ms", note);
  } finally {
    sockets.close();
  }
}

async function eachWay(
  bench: Bench,
  measure: (bench: Bench, who: string, url: string, pids: readonly number[]) => Promise<void>,
): Promise<void> {
  if (!has(bench, "wrk", "wrk") || !has(bench, "nginx", "nginx")) return;
  const frontDir = join(bench.dir, "front");
  const flags = ["--front", frontDir];
  const edge = await createLoneEdge(join(bench.dir, "edge"), { runtime: bench.runtime, flags });
  const edgePort = Number(new URL(edge.url).port);
  const shipped = started(await startShippedNginx(join(bench.dir, "shipped"), edgePort, "off", { frontDir }));
  const edgePid = edge.part.pid ?? 0;
  try {
    await measure(bench, "edge alone", edge.url, [edgePid]);
    await measure(bench, "as shipped", shipped.url, [edgePid, shipped.pid]);
  } finally {
    await shipped.stop();
    await edge.stop();
  }
}

export const overload = (bench: Bench): Promise<void> => eachWay(bench, tenfold);
export const slowSockets = (bench: Bench): Promise<void> => eachWay(bench, slow);
