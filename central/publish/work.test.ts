import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleDrafts, draftContent } from "./assemble.ts";
import { complete } from "./complete.ts";
import { comingCueChanges, describeDifference } from "./difference.ts";
import { changeHash } from "./looked-at.ts";
import { cuesOnAir } from "./on-air-view.ts";
import { warningsOf } from "./standing-warnings.ts";
import { forecastStorm } from "./storm.ts";
import { atOnce, inTurns, type Work } from "./work.ts";

const NOW_MS = 4_102_444_800_000;
const CHANNELS = ["c1", "c2", "c3", "c4"];
const drafts = {
  ...{ images: new Map(), groups: [], rules: [], interactions: [], edges: [], guide: new Map() },
  regions: [{ id: "north", name: "North", edges: [] }],
  channels: CHANNELS.map((id, index) => ({ id, number: index + 1, name: id })),
  placements: ["pl1", "pl2", "pl3", "pl4"].map((id) => ({
    ...{ id, generation: 0, interaction: "int-1", version: 1, channels: CHANNELS, priority: 0 },
    ...{ windowMs: 60_000, lateJoin: true },
    prefetch: { leadMs: 300_000, guardMs: 10_000 },
    when: { kind: "instant", atMs: NOW_MS + 3_600_000 },
  })),
} as never;
const content = draftContent(drafts);
const NOTHING = new Map();

const WORKS: [name: string, work: () => Work<unknown>][] = [
  ["comingCueChanges()", () => comingCueChanges(NOTHING, content, NOW_MS)],
  ["describeDifference()", () => describeDifference(NOTHING, content, NOW_MS)],
  ["warningsOf()", () => warningsOf(undefined, content, NOW_MS)],
  ["forecastStorm()", () => forecastStorm(content, [], NOW_MS)],
  ["cuesOnAir()", () => cuesOnAir(content, NOW_MS, NOW_MS + 7_200_000)],
  ["changeHash()", () => changeHash(undefined, content)],
  ["assembleDrafts()", () => assembleDrafts(drafts)],
  ["complete()", () => complete(content, undefined, { epoch: 1, revision: 1 })],
];

test("what looks at every channel or placement lets others have their turn after each, and finds the same", async () => {
  for (const [name, work] of WORKS) {
    let turns = 0;
    const found = await inTurns(work(), async () => {
      turns++;
    });
    assert.deepEqual(found, atOnce(work()), name);
    assert.ok(turns >= (name === "changeHash()" ? 3 : CHANNELS.length), `${name}: ${turns}`);
  }
});
