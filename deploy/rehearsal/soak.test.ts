/**
 * Mixed load on one edge for a while: boxes pull, ask again, answer and come anew, and publications land meanwhile.
 * Memory and open files must level off. 15 s here; 30 minutes with CUECAST_REHEARSE_SOAK_S=1800, when slopes are told.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fill, place, placeNow } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, status, until } from "./rig.ts";

const SOAK_S = Number(process.env.CUECAST_REHEARSE_SOAK_S ?? 15);
const WORKERS = 8;
const PUBLISH_EVERY_MS = 5_000;
/** Growth per hour that is told as a leak: a soak of less than five minutes cannot tell. */
const GROWTH_MOST_MIB_PER_HOUR = 64;
const FILES_MORE_MOST = 40;

interface Reading {
  atS: number;
  mib: number;
  files: number;
}

let rig: Rig;
let edge: EdgeRig;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await placeNow(rig, "now");
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function read(startedMs: number): Promise<Reading> {
  const text = await readFile(`/proc/${edge.part.pid}/status`, "utf8");
  const files = (await readdir(`/proc/${edge.part.pid}/fd`)).length;
  return {
    atS: (performance.now() - startedMs) / 1000,
    mib: Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024,
    files,
  };
}

/** Least squares, per hour. */
function slope(readings: readonly Reading[], of: (reading: Reading) => number): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [atMean, ofMean] = [mean(readings.map(({ atS }) => atS)), mean(readings.map(of))];
  const above = readings.reduce((sum, one) => sum + (one.atS - atMean) * (of(one) - ofMean), 0);
  const below = readings.reduce((sum, { atS }) => sum + (atS - atMean) ** 2, 0);
  return (above / below) * 3_600;
}

async function boxes(worker: number, loading: () => boolean): Promise<number> {
  let etag = "";
  let turns = 0;
  for (; loading(); turns++) {
    const pull = await fetch(`${edge.url}/v1/channels/one/schedule`, {
      headers: turns % 3 === 0 || etag === "" ? {} : { "if-none-match": etag },
    });
    await pull.arrayBuffer();
    assert.ok(pull.status === 200 || pull.status === 304, String(pull.status));
    etag = pull.headers.get("etag") ?? etag;
    const answer = { key: randomUUID(), cue: "now:once", interaction: "poll", version: 1, options: ["a"] };
    const reply = await fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(turns % 20 === 0 && { connection: "close" }) },
      body: JSON.stringify({
        box: `box-${worker}-${turns}`,
        answers: [{ ...answer, answeredAtMs: Date.now() }],
      }),
    });
    await reply.arrayBuffer();
    assert.equal(reply.status, 200);
  }
  return turns;
}

test(`${SOAK_S} s of mixed load: memory and open files level off, and the outbox drains`, async (context) => {
  const startedMs = performance.now();
  const endMs = startedMs + SOAK_S * 1000;
  const loading = () => performance.now() < endMs;
  const load = Promise.all(Array.from({ length: WORKERS }, (_, worker) => boxes(worker, loading)));
  const readings: Reading[] = [];
  let revisions = 0;
  let publishAtMs = startedMs;
  while (loading()) {
    readings.push(await read(startedMs));
    if (performance.now() >= publishAtMs) {
      publishAtMs += PUBLISH_EVERY_MS;
      const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
      await place(rig, "more", { when, priority: revisions++ });
      await rig.publish();
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(250, (SOAK_S * 1000) / 200)));
  }
  const turns = (await load).reduce((sum, count) => sum + count, 0);
  await until("the outbox to drain", async () => {
    const { outbox } = (await status(edge)) as { outbox: { waiting: number } };
    return outbox.waiting === 0;
  });
  // The first third warms up: caches fill, the compiler compiles.
  const settled = readings.slice(Math.floor(readings.length / 3));
  const growth = slope(settled, ({ mib }) => mib);
  const last = settled.at(-1) as Reading;
  const first = settled[0] as Reading;
  context.diagnostic(
    `${turns} pulls and answers, ${revisions} publications; memory ${first.mib.toFixed(0)} to ${last.mib.toFixed(0)} MiB ` +
      `(${SOAK_S >= 120 ? `${growth.toFixed(0)} MiB an hour` : "too short for a slope"}), open files ${first.files} to ${last.files}`,
  );
  assert.ok(turns > WORKERS * 5, `only ${turns} turns`);
  assert.ok(last.files - first.files <= FILES_MORE_MOST, `${first.files} open files became ${last.files}`);
  if (SOAK_S >= 300)
    assert.ok(growth < GROWTH_MOST_MIB_PER_HOUR, `memory grows by ${growth.toFixed(0)} MiB an hour`);
});
