import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { scheduleEntrySchema, schedulePlaceIn } from "../../shared/publication/entries.ts";
import type { Content } from "../../shared/publication/part.ts";
import type { ChannelGroup } from "../../shared/schedule/channel-group.ts";
import type { ChannelRule } from "../../shared/schedule/channel-rule.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../shared/schedule/placement.ts";
import { draftContent } from "./assemble.ts";
import { completeContent, type Previous } from "./complete.ts";

const CHANNELS = ["c1", "c2", "c3"];
const place = (id: string, more: Partial<Placement>): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id,
  interaction: "int",
  version: 1,
  channels: [],
  when: { kind: "instant", atMs: 1000 },
  ...more,
});
const region = (id: string) => ({ id, name: id, edges: [] });

/** Publishes again and again; `places` tells where each channel's schedule last changed, in a region. */
function createAir() {
  let previous: Previous | undefined;
  let revision = 0;
  return {
    publish(draft: { placements?: Placement[]; groups?: ChannelGroup[]; rules?: ChannelRule[] }): Content {
      revision++;
      const base = draftContent({
        regions: [region("north"), region("south")],
        channels: CHANNELS.map((id, index) => ({ id, number: index + 1, name: id })),
        guide: new Map(),
        placements: draft.placements ?? [],
        groups: draft.groups ?? [],
        rules: draft.rules ?? [],
        interactions: [],
        images: new Map(),
        edges: [],
      });
      const content = completeContent(base, previous, { epoch: 1, revision });
      previous = { epoch: 1, revision, hash: String(revision).padStart(64, "0"), publishedAtMs: 0, content };
      return content;
    },
    places(of: string): number[] {
      const schedules = previous?.content.get("schedules");
      return CHANNELS.map((channel) => {
        const entry = v.parse(scheduleEntrySchema, JSON.parse(String(schedules?.get(channel))));
        return schedulePlaceIn(entry, of).revision;
      });
    },
  };
}

test("completeContent() keeps every byte of a channel that neither joins nor leaves a group", () => {
  const air = createAir();
  const placements = [place("a", { groups: ["sport"] })];
  const group = (channels: string[]) => [{ id: "sport", name: "Sport", channels }];
  air.publish({ placements, groups: group(["c1"]) });
  assert.deepEqual(air.places("north"), [1, 1, 1]);
  air.publish({ placements, groups: group(["c1", "c2"]) });
  assert.deepEqual(air.places("north"), [1, 2, 1]);
  air.publish({ placements: [place("a", { channels: ["c1", "c2"] })], groups: [] });
  assert.deepEqual(air.places("north"), [1, 2, 1], "named by itself or by a group is the same to a channel");
});

test("completeContent() moves a channel on when a rule of it changes, and no other", () => {
  const air = createAir();
  const rule = (more: object): ChannelRule[] => [{ id: "r", channels: ["c2"], gapMs: 60_000, ...more }];
  air.publish({});
  air.publish({ rules: rule({}) });
  assert.deepEqual(air.places("north"), [1, 2, 1]);
  air.publish({ rules: rule({ name: "another name" }) });
  assert.deepEqual(air.places("north"), [1, 2, 1], "a name is no rule");
  air.publish({ rules: rule({ channels: undefined }) });
  assert.deepEqual(air.places("north"), [4, 2, 4], "without channels it holds on all");
});

test("completeContent() moves a channel on only in the regions that a placement is limited to, and never back", () => {
  const air = createAir();
  const common = place("a", { channels: ["c1"] });
  const limited = place("b", { channels: ["c1"], regions: ["north"] });
  air.publish({ placements: [common] });
  air.publish({ placements: [common, limited] });
  assert.deepEqual(air.places("north"), [2, 1, 1]);
  assert.deepEqual(air.places("south"), [1, 1, 1]);
  air.publish({ placements: [common] });
  assert.deepEqual(air.places("north"), [3, 1, 1], "taken away: another change, not a step back");
  assert.deepEqual(air.places("south"), [1, 1, 1]);
  air.publish({ placements: [common, place("c", { channels: ["c1"] })] });
  assert.deepEqual([air.places("north")[0], air.places("south")[0]], [4, 4]);
});

test("draftContent() has no part for groups and rules while there are none", () => {
  const content = createAir().publish({});
  assert.deepEqual([...content.keys()].sort(), [
    "channels",
    "history",
    "interactions",
    "placements",
    "regions",
    "schedules",
  ]);
});
