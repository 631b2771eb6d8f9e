/** An overrun in a guide source reaches the screens with nobody at a desk; one beyond the limits does not. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, test } from "node:test";
import type { ImportSummary } from "../../central/guide/import-report.ts";
import { fill, guideFrom, placement } from "./content.ts";
import { type BoxRig, createRig, landed, type Rig, until } from "./rig.ts";

let rig: Rig;
let feed: Server;
let boxes: Record<string, BoxRig>;
let startMs: number;
let text: string;
/** Within the limits, of the programme of channel one; beyond them, of channel two's. */
const OVERRUN_MS = 10_000;
const TOO_FAR_MS = 3 * 3_600_000;

/** The guide with the programmes of one channel later. */
function later(guide: string, channel: string, byMs: number): string {
  const rest = guide.replaceAll(new RegExp(`<programme [^>]*channel="${channel}".*?</programme>`, "g"), "");
  const moved = guideFrom(startMs + byMs).match(
    new RegExp(`<programme [^>]*channel="${channel}".*?</programme>`, "g"),
  );
  const time = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)} +0000`;
  const until = `<programme start="${time(startMs - 3_600_000)}" stop="${time(startMs + byMs)}" channel="${channel}"><title>The match before</title></programme>`;
  return rest.replace("</tv>", `${until}${moved?.join("") ?? ""}</tv>`);
}

before(async () => {
  rig = await createRig();
  startMs = Math.ceil((Date.now() + 50_000) / 1000) * 1000;
  text = guideFrom(startMs);
  feed = createServer((_, reply) => reply.end(text));
  await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
  await fill(rig, startMs);
  const edge = await rig.addEdge("edge-north", "north");
  for (const channel of ["one", "two"]) {
    const match = { title: `Quiz night ${channel}` };
    const when = { kind: "programme", match, at: { from: "start", offsetMs: 0 } } as const;
    await rig.api.send(
      "PUT",
      `/api/v1/placements/on-${channel}`,
      placement(`on-${channel}`, { when, channels: [channel] }),
    );
  }
  await landed(edge, await rig.publish());
  boxes = Object.fromEntries(
    ["one", "two"].map((channel) => [
      channel,
      rig.addBoxes(`boxes-${channel}`, ["--edge", edge.url, "--channel", channel, "--seed", "7"]),
    ]),
  );
  const address = feed.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/guide.xml`;
  await rig.api.send("PUT", "/api/v1/guide/sources/feed", { url, every: { ms: 10_000 } });
  text = later(later(text, "one", OVERRUN_MS), "two", TOO_FAR_MS);
});
after(async () => {
  feed?.closeAllConnections();
  feed?.close();
  await rig?.stop();
});

const shown = (channel: string) =>
  until(`the cue of channel ${channel}`, () => boxes[channel]?.airings.find(({ cue }) => cue !== ""), 90_000);

test("what is beyond the limits waits for a person, named, and the rest is on air", async () => {
  const held = await until(
    "the import of the overrun",
    async () => {
      const { imports } = (await rig.api.get("/api/v1/guide/imports")) as { imports: ImportSummary[] };
      return imports.find(({ source, state }) => source === "feed" && state === "partly");
    },
    30_000,
  );
  assert.deepEqual(
    held.report.reasons.map(({ code, channels }) => [code, channels]),
    [["moves-too-far", ["two"]]],
  );
  assert.ok(held.report.published);
  const [moved] = held.report.cues.told.filter(({ channel }) => channel === "one");
  assert.deepEqual([moved?.kind, moved?.fromMs, moved?.toMs], ["moved", startMs, startMs + OVERRUN_MS]);
});

test("the box fires at the new moment, once, under the same cue id; the held one at the old moment", async () => {
  const before = (await shown("two")) as { cue: string; dueMs: number; outcome: string };
  assert.deepEqual([before.outcome, before.dueMs], ["shown", startMs]);
  const airing = (await shown("one")) as { cue: string; dueMs: number; firedMs?: number; outcome: string };
  assert.equal(airing.outcome, "shown");
  assert.equal(airing.dueMs, startMs + OVERRUN_MS);
  assert.ok(Math.abs((airing.firedMs ?? 0) - airing.dueMs) <= 250, JSON.stringify(airing));
  const { imports } = (await rig.api.get("/api/v1/guide/imports")) as { imports: ImportSummary[] };
  const told = imports.flatMap(({ report }) => report.cues.told.map(({ cue }) => cue));
  assert.ok(told.includes(airing.cue), `${airing.cue} among ${told}`);
  assert.equal(boxes.one?.airings.length, 1);
});
