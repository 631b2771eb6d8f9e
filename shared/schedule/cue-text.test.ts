import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScheduleProgramme } from "../protocol/schedule.ts";
import { makeCue } from "./cue.ts";
import { createCueText } from "./cue-text.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "./placement.ts";
import { createTextRoom } from "./text-room.ts";
import { makeSchedule, REFRESH_MS, windowAt, writeSchedule } from "./window.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const AT_MS = 1795431900000;
const placed = (more: Partial<Placement>): Placement => ({
  ...PLACEMENT_DEFAULTS,
  ...{
    id: "pl7",
    interaction: "int-42",
    version: 3,
    channels: ["c1"],
    when: { kind: "instant", atMs: AT_MS },
  },
  ...more,
});

const placements: [string, Partial<Placement>][] = [
  ["by default", {}],
  ["of a later generation", { generation: 12 }],
  ["under embargo", { embargo: { spreadMs: 3000 } }],
  ["whose guard is wider than its lead", { prefetch: { leadMs: 1000, guardMs: 9000 } }],
  ["for an audience", { audience: { share: 0.125, languages: ["zh-CN", "en"], tags: ["hd"] } }],
  ["for part of an audience, under embargo", { audience: { tags: ["a", "b"] }, embargo: { spreadMs: 0 } }],
  ["with a low priority, not for late comers", { priority: -1000, lateJoin: false }],
];
for (const [what, more] of placements) {
  for (const programme of [undefined, "p1"]) {
    test(`createCueText() writes a cue ${what} as JSON.stringify() does${programme ? ", in a programme" : ""}`, () => {
      const placement = placed(more);
      const occurrence = programme ? `${programme}.2` : "20261123T1905";
      const cue = { ...makeCue(placement, occurrence, AT_MS, programme), untilMs: AT_MS + 17 };
      const room = createTextRoom();
      createCueText(placement)(room, occurrence, AT_MS, AT_MS + 17, programme);
      assert.equal(decode(room.take()), JSON.stringify(cue));
    });
  }
}

const titles = ['"quoted" \\ and\nbroken', "江南故事 😀", "half a pair \ud83d", ""];
test("writeSchedule() writes a schedule as JSON.stringify() does, whatever its titles say", () => {
  const window = windowAt(AT_MS);
  const programmes: ScheduleProgramme[] = titles.map((title, number) => ({
    ...{ id: `p${number}`, title, startMs: AT_MS - number * 1000, endMs: AT_MS + 1000 },
    ...{ series: "left out" },
  }));
  const outside = { id: "gone", title: "gone", startMs: 0, endMs: window.fromMs };
  const write = createCueText(placed({}));
  for (const count of [0, 1, 3]) {
    const cues = Array.from({ length: count }, (_, hour) =>
      makeCue(placed({}), `2026112${hour}T1905`, AT_MS + hour * 3_600_000),
    );
    const inputs = { channel: "c1", epoch: 1, revision: 418, programmes: [outside, ...programmes] };
    const room = createTextRoom();
    const writeCues = () => {
      for (const [place, { id, atMs, untilMs }] of cues.entries()) {
        if (place > 0) room.ascii(",");
        write(room, id.slice(4), atMs, untilMs, undefined);
      }
    };
    writeSchedule(room, inputs, writeCues, window, REFRESH_MS);
    assert.equal(decode(room.take()), JSON.stringify(makeSchedule({ ...inputs, cues }, window, REFRESH_MS)));
  }
});
