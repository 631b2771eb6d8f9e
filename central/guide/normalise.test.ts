/** What is put right in a channel's programmes and in the channels, each repair counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asLines, at, countsOf, guide, programme, programmesIn } from "./_testing.ts";
import { createDefectLog } from "./defects.ts";
import type { ChannelItem } from "./guide-items.ts";
import { mergeChannels, normaliseChannel } from "./normalise.ts";

const cases: [name: string, programmes: string[], lines: string[], counts: Record<string, number>][] = [
  [
    "leaves a sound guide as it is",
    [programme("1000", "1100", "A"), programme("1100", "1200", "B")],
    ["1000-1100 A", "1100-1200 B"],
    {},
  ],
  [
    "leaves a gap as it is",
    [programme("1000", "1030", "A"), programme("1100", "1200", "B")],
    ["1000-1030 A", "1100-1200 B"],
    {},
  ],
  [
    "ends a programme without stop at the next start",
    [programme("1000", undefined, "A"), programme("1100", "1200", "B")],
    ["1000-1100 A", "1100-1200 B"],
    { "missing-stop": 1 },
  ],
  [
    "ends every programme with stop=null",
    [programme("1000", "null", "A"), programme("1100", "null", "B"), programme("1200", "null", "C")],
    ["1000-1100 A", "1100-1200 B", "1200-1230 C"],
    { "missing-stop": 2, "missing-stop-guessed": 1 },
  ],
  [
    "gives 30 minutes to one without stop before a gap of over 6 h",
    [programme("1000", undefined, "A"), programme("1601", "1700", "B")],
    ["1000-1030 A", "1601-1700 B"],
    { "missing-stop-guessed": 1 },
  ],
  [
    "moves a stop before its start over midnight",
    [programme("2330", "0030", "A")],
    ["2330-0030 A"],
    { "stop-before-start": 1 },
  ],
  [
    "takes a stop as missing when the next day would be over 12 h away",
    [programme("1000", "0900", "A"), programme("1100", "1200", "B")],
    ["1000-1100 A", "1100-1200 B"],
    { "stop-before-start": 1, "missing-stop": 1 },
  ],
  [
    "leaves out what has no length",
    [programme("1000", "1000", "A"), programme("1000", "1100", "B")],
    ["1000-1100 B"],
    { "zero-length": 1 },
  ],
  [
    "sorts, and counts what came after a later start",
    [programme("1100", "1200", "B"), programme("1000", "1100", "A"), programme("0900", "1000", "Z")],
    ["0900-1000 Z", "1000-1100 A", "1100-1200 B"],
    { unsorted: 2 },
  ],
  [
    "cuts the earlier of two that overlap",
    [programme("1000", "1130", "A"), programme("1100", "1200", "B")],
    ["1000-1100 A", "1100-1200 B"],
    { overlap: 1 },
  ],
  [
    "cuts a block that holds others",
    [
      programme("1000", "1300", "Block"),
      programme("1100", "1200", "Part"),
      programme("1200", "1300", "Rest"),
    ],
    ["1000-1100 Block", "1100-1200 Part", "1200-1300 Rest"],
    { overlap: 1 },
  ],
  [
    "removes exact duplicates, whatever the case of their titles",
    [
      programme("1000", "1100", "The News"),
      programme("1000", "1100", "the  news"),
      programme("1100", "1200", "B"),
    ],
    ["1000-1100 The News", "1100-1200 B"],
    { "duplicate-programme": 1 },
  ],
  [
    "takes the stop of a duplicate when the first has none",
    [programme("1000", undefined, "A"), programme("1000", "1020", "A")],
    ["1000-1020 A"],
    { "duplicate-programme": 1 },
  ],
  [
    "keeps of equal starts the one that ends where the next begins",
    [programme("1000", "1130", "Long"), programme("1000", "1100", "Fits"), programme("1100", "1200", "B")],
    ["1000-1100 Fits", "1100-1200 B"],
    { "same-start": 1 },
  ],
  [
    "keeps of equal starts the first, when none fits",
    [
      programme("1000", "1040", "First"),
      programme("1000", "1050", "Second"),
      programme("1000", "1020", "Third"),
    ],
    ["1000-1040 First"],
    { "same-start": 2 },
  ],
  [
    "takes a subtitle for a missing title",
    [programme("1000", "1100", "", "<sub-title>Part 1</sub-title>"), programme("1100", "1200", "")],
    ["1000-1100 Part 1"],
    { "missing-title": 2 },
  ],
  [
    "cuts what is longer than 48 h",
    [programme("1000", "20261130100000 Z", "Off air")],
    ["1000-1000 Off air"],
    { "too-long": 1 },
  ],
];
for (const [name, programmes, lines, counts] of cases) {
  test(`normaliseChannel() ${name}`, async () => {
    const defects = createDefectLog();
    const clean = normaliseChannel(await programmesIn(guide(...programmes)), defects);
    assert.deepEqual(asLines(clean.map((each) => ({ ...each, title: each.titles[0]?.text ?? "" }))), lines);
    assert.deepEqual(countsOf(defects.list()), counts);
    for (const { startMs, endMs } of clean) assert.ok(endMs > startMs);
  });
}

test("normaliseChannel() finds nothing wrong where the clocks change inside the file", async () => {
  // Athens, 2026-10-25: 04:00 summer time is 03:00 winter time.
  const defects = createDefectLog();
  const clean = normaliseChannel(
    await programmesIn(
      guide(
        programme("20261025023000 +0300", "20261025033000 +0300", "A"),
        programme("20261025033000 +0300", "20261025033000 +0200", "B"),
        programme("20261025033000 +0200", "20261025050000 +0200", "C"),
      ),
    ),
    defects,
  );
  assert.deepEqual(
    clean.map(({ startMs, endMs }) => (endMs - startMs) / 60_000),
    [60, 60, 90],
  );
  assert.deepEqual(defects.list(), []);
});

test("normaliseChannel() gives the length set to one without stop that nothing follows", async () => {
  const [clean] = normaliseChannel(
    await programmesIn(guide(programme("1000", undefined, "A"))),
    createDefectLog(),
    3_600_000,
  );
  assert.equal(clean?.endMs, at("1100"));
});

test("createDefectLog() keeps the line and text of the first five of a defect", async () => {
  const defects = createDefectLog();
  const many = Array.from({ length: 7 }, (_, n) => programme(`100${n}`, `100${n}`, `T${n}`));
  normaliseChannel(await programmesIn(guide(...many)), defects);
  const [zero] = defects.list();
  assert.equal(zero?.count, 7);
  assert.equal(zero?.repaired, "programme left out");
  assert.deepEqual(
    zero?.examples.map(({ line, text }) => `${line} ${text}`),
    [0, 1, 2, 3, 4].map((n) => `${4 + n} c1 2026-11-23T10:0${n}:00Z "T${n}"`),
  );
});

const channel = (id: string, ...names: string[]): ChannelItem => ({
  kind: "channel",
  id,
  names: names.map((text) => ({ text })),
  line: 1,
});

test("mergeChannels() merges those of one id, and names the nameless by their id", () => {
  const defects = createDefectLog();
  const merged = mergeChannels(
    [
      channel("a", "A"),
      channel("b"),
      { ...channel("a", "Alpha"), number: 4, iconUrl: "https://x.example" },
      channel("a"),
    ],
    defects,
  );
  assert.deepEqual(
    [...merged.values()],
    [{ ...channel("a", "A", "Alpha"), number: 4, iconUrl: "https://x.example" }, channel("b", "b")],
  );
  assert.deepEqual(countsOf(defects.list()), { "duplicate-channel": 2, "channel-without-name": 1 });
});

test("mergeChannels() leaves out channels without an id, and with one of over 256 characters", () => {
  const defects = createDefectLog();
  const merged = mergeChannels(
    [channel("", "A"), channel("x".repeat(257), "B"), channel("x".repeat(256), "C")],
    defects,
  );
  assert.equal(merged.size, 1);
  assert.deepEqual(countsOf(defects.list()), { "channel-without-id": 1, "bad-channel-id": 1 });
});
