/** Offsets against the channel's zone, on both sides of the clock changes, and what titles say of the clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asLines, countsOf, guide, importText, programme } from "./_testing.ts";
import { parseXmltvTime, type WrittenTime } from "./xmltv-time.ts";
import { createZoneClock, type FeedClock, weighTitle } from "./zone-clock.ts";

const written = (text: string) => parseXmltvTime(text) as WrittenTime;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const resolve = (text: string, zone?: string, clock: FeedClock = "offset", notBeforeMs = 0) => {
  const { ms, contradicts } = createZoneClock(clock)(written(text), zone, notBeforeMs);
  return [iso(ms), contradicts];
};

const cases: [text: string, zone: string | undefined, clock: FeedClock, at: string, contradicts: boolean][] =
  [
    ["20210312230000 +0300", "Europe/Paris", "offset", "2021-03-12T20:00", true],
    ["20210312230000 +0300", "Europe/Paris", "digits", "2021-03-12T22:00", true],
    ["20210312230000 +0300", "Europe/Paris", "utc", "2021-03-12T19:00", true],
    ["20210312210000 +0100", "Europe/Paris", "offset", "2021-03-12T20:00", false],
    ["20210612210000 +0100", "Europe/Paris", "offset", "2021-06-12T20:00", true],
    ["20210312200000 Z", "Europe/Paris", "offset", "2021-03-12T20:00", false],
    ["20210312200000", "Europe/Paris", "offset", "2021-03-12T19:00", false],
    ["20210312200000", undefined, "digits", "2021-03-12T20:00", false],
    // Clocks go forward at 03:00 to 04:00 in Athens, on 29 March 2026, and back at 04:00 on 25 October.
    ["20260329023000", "Europe/Athens", "offset", "2026-03-29T00:30", false],
    ["20260329033000", "Europe/Athens", "offset", "2026-03-29T01:30", false],
    ["20260329043000", "Europe/Athens", "offset", "2026-03-29T01:30", false],
    ["20261025033000", "Europe/Athens", "offset", "2026-10-25T00:30", false],
    // Half an hour in Lord Howe.
    ["20260405014500", "Australia/Lord_Howe", "offset", "2026-04-04T14:45", false],
  ];
for (const [text, zone, clock, at, contradicts] of cases) {
  test(`${text} in ${zone} by ${clock} is ${at}`, () =>
    assert.deepEqual(resolve(text, zone, clock), [at, contradicts]));
}

test("a local time that occurs twice is the second one after a start that is the first", () => {
  const first = Date.UTC(2026, 9, 25, 0, 30);
  assert.deepEqual(resolve("20261025033000", "Europe/Athens", "offset", first), ["2026-10-25T01:30", false]);
});

test("a file of local times runs through the night in which the clocks go back", async () => {
  const night = ["0200", "0230", "0300", "0330", "0300", "0330", "0400"].map(
    (clock, index, all) =>
      `<programme start="20261025${clock}00" stop="20261025${all[index + 1] ?? "0500"}00" channel="c1"><title>P${index}</title></programme>`,
  );
  const { programmes, defects } = await importText(guide(...night), undefined, { zone: "Europe/Athens" });
  assert.deepEqual(asLines(programmes.upsert), [
    "2300-2330 P0",
    "2330-0000 P1",
    "0000-0030 P2",
    "0030-0100 P3",
    "0100-0130 P4",
    "0130-0200 P5",
    "0200-0300 P6",
  ]);
  assert.deepEqual(countsOf(defects), { "time-without-zone": 7 });
});

test("a file of right offsets runs through that night without a defect", async () => {
  const { programmes, defects } = await importText(
    guide(
      programme("20261025033000 +0300", "20261025033000 +0200", "A"),
      programme("20261025033000 +0200", "20261025043000 +0200", "B"),
    ),
    undefined,
    { zone: "Europe/Athens" },
  );
  assert.deepEqual(asLines(programmes.upsert), ["0030-0130 A", "0130-0230 B"]);
  assert.deepEqual(defects, []);
});

test("a channel's own zone goes before the import's", async () => {
  const { programmes } = await importText(
    guide(programme("20261123180000", "20261123190000", "X")),
    undefined,
    {
      zone: "Europe/Athens",
      zoneOf: (id) => (id === "c1" ? "Asia/Shanghai" : undefined),
    },
  );
  assert.deepEqual(asLines(programmes.upsert), ["1000-1100 X"]);
});

const titles: [title: string, votes: string][] = [
  ["Journal 20h00", "utc"],
  ["Le 20h", "utc"],
  ["News at 23:00", "digits"],
  ["21:00 Live", "offset"],
  ["Journal", ""],
  ["Apollo 13", ""],
  ["Studio 20h05", ""],
];
for (const [title, votes] of titles) {
  test(`"${title}" at 23:00 +0300 in Paris speaks for ${votes || "no clock"}`, () => {
    const evidence = { offset: 0, digits: 0, utc: 0 };
    weighTitle(evidence, title, written("20210312230000 +0300"), "Europe/Paris");
    const found = Object.entries(evidence).filter(([, count]) => count > 0);
    assert.equal(found.map(([clock]) => clock).join(), votes);
  });
}
