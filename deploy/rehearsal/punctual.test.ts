/** Real boxes behind a bad line (40 ± 20 ms each way, 2 % resets) fire by the edge's clock. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { fill, placement } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";
import { createSlowProxy, type SlowProxy } from "./slow-proxy.ts";
import { assertWithin } from "./within.ts";

/** Boxes of one process fire one after another, which no television does: few in each. */
const PROCESSES = 4;
const BOXES_EACH = 5;
const BOXES = PROCESSES * BOXES_EACH;
const CUES = 8;
const SPACING_MS = 2_000;
const AHEAD_MS = 17_000;
/** Beside the edge's clock, 99 of 100 firings, and each; on a busy machine it is its lateness that shows. */
const MOST_MS = 20;
const WORST_MS = 60;

const inOrder = (list: number[]) => list.sort((one, other) => one - other);
const at = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;
const told = (sorted: readonly number[]) =>
  `half ${at(sorted, 0.5)}, 99 % ${at(sorted, 0.99)}, worst ${at(sorted, 1)}`;

let rig: Rig;
let edge: EdgeRig;
let proxy: SlowProxy;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  const seed = Date.now() % 1_000_000;
  const random = createSeededRandom(seed);
  proxy = await createSlowProxy({ delayMs: { least: 20, most: 60 }, resetPart: 0.02, random });
  // What the line-up names is the proxy: no box finds a way around it.
  edge = await rig.addEdge("edge-north", "north", ["--public-url", `http://127.0.0.1:${proxy.port}`]);
  proxy.target = Number(new URL(edge.url).port);
});
after(async () => {
  await rig?.stop();
  await proxy?.close();
});

test("boxes behind 40 ± 20 ms each way and 2 % resets fire at the edge's moment", async (t) => {
  const notice = {
    id: "notice",
    type: "notice",
    durationMs: 1_500,
    clockToleranceMs: 2_000,
    defaultLanguage: "en",
    texts: { en: { title: "Now" } },
  };
  await rig.api.send("POST", "/api/v1/interactions", { interaction: notice });
  const startMs = Date.now() + AHEAD_MS;
  for (let number = 0; number < CUES; number++) {
    const when = { kind: "instant", atMs: startMs + number * SPACING_MS } as const;
    const prefetch = { leadMs: 11_000, guardMs: 3_000 };
    const body = placement(`n${number}`, { when, prefetch, interaction: "notice" });
    await rig.api.send("PUT", `/api/v1/placements/n${number}`, body);
  }
  await landed(edge, await rig.publish());
  const url = `http://127.0.0.1:${proxy.port}`;
  const flags = ["--edge", url, "--channel", "one", "--count", String(BOXES_EACH)];
  const boxes = Array.from({ length: PROCESSES }, (_, at) => rig.addBoxes(`far-${at + 1}`, flags));
  const airings = () =>
    boxes
      .flatMap((each) => each.airings)
      .filter(({ outcome }) => outcome === "shown" || outcome === "late" || outcome === "dismissed");
  await until(
    "every cue on every box",
    () => airings().length >= BOXES * CUES,
    AHEAD_MS + CUES * SPACING_MS + 20_000,
  );
  await Promise.all(boxes.map(({ part }) => part.stop()));

  // What a reset kept from being fetched ahead is asked for at the moment, spread over a second.
  const asked = airings().filter(({ source }) => source === "network").length;
  const held = airings().filter(({ source }) => source !== "network");
  // Its own word for the moment comes from its estimate: what counts is the machine's clock, which is the edge's.
  const errors = inOrder(held.map(({ wallMs, dueMs }) => Math.abs(wallMs - dueMs)));
  // What it is made of: how far the box's estimate was off, and how late the machine ran it by that estimate.
  const estimates = inOrder(held.map(({ wallMs, errorMs = 0, dueMs }) => Math.abs(wallMs - dueMs - errorMs)));
  const lateness = inOrder(held.map(({ errorMs = 0 }) => errorMs));
  const reasons = held.filter(({ outcome }) => outcome === "late").map(({ reason }) => reason);
  t.diagnostic(
    `${errors.length} firings from the store, ${asked} asked for at the moment, ${proxy.resets()} resets; late: ${reasons.join(", ") || "none"}`,
  );
  t.diagnostic(
    `ms beside the moment: ${told(errors)}; of that the clock: ${told(estimates)}; timer and machine: ${told(lateness)}`,
  );
  assert.ok(asked < (BOXES * CUES) / 4, `${asked} were not fetched ahead`);
  assert.ok(proxy.resets() > 0, "the line was bad");
  // How long the machine takes plays no part in the estimate.
  assert.ok(at(estimates, 1) <= WORST_MS, `clocks off by ${told(estimates)}`);
  assertWithin(t, "99 of 100 fired", at(errors, 0.99), MOST_MS);
  assertWithin(t, "the last fired", at(errors, 1), WORST_MS);
});
