/** A whole import: rows within their limits, the same file twice changes nothing, unknown channels stay out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
import { type Programme, programmeSchema } from "../../shared/guide/programme.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { guideInMemory } from "../testing/read-guide.ts";
import {
  asLines,
  at,
  countsOf,
  guide,
  importText,
  inPieces,
  programme,
  refusedAs,
  utf8,
} from "./_testing.ts";
import { readGuideFile } from "./import.ts";

const C1: Channel = { id: "c1", number: 1, name: "One" };

test("readGuide() gives the rows of a new guide", async () => {
  const { channels, programmes, diff, defects, stats } = await importText(
    guide(programme("1000", "1100", "A", "<category>News</category>"), programme("1100", "1200", "B")),
  );
  assert.deepEqual(channels.upsert, [C1]);
  assert.deepEqual(asLines(programmes.upsert), ["1000-1100 A", "1100-1200 B"]);
  assert.deepEqual(Object.keys(programmes.upsert[0] ?? {}).sort(), [
    "categories",
    "channel",
    "endMs",
    "id",
    "startMs",
    "title",
  ]);
  assert.deepEqual(diff, { added: 2, moved: [], changed: 0, removed: 0, unchanged: 0 });
  assert.deepEqual(defects, []);
  assert.equal(stats.programmes, 2);
  assert.equal((stats.untilMs ?? 0) - (stats.fromMs ?? 0), 7_200_000);
});

test("readGuide() leaves out a programme that starts over half a year ahead, which widens nothing, and tells where", async () => {
  const far = ["20300101100000 +0000", "99991231230000 +0000"].map(
    (start) => `<programme start="${start}" channel="c1"><title>Far</title></programme>`,
  );
  const { programmes, stats, defects } = await importText(
    guide(programme("1000", "1100", "A"), ...far),
    guideInMemory([], []),
    { nowMs: at("0000") },
  );
  assert.deepEqual(asLines(programmes.upsert), ["1000-1100 A"]);
  assert.deepEqual([stats.programmes, stats.untilMs], [1, at("1100")]);
  const found = defects.find(({ code }) => code === "far-off");
  assert.deepEqual([found?.count, found?.examples.map(({ line }) => line)], [2, [5, 6]]);
});

test("readGuide() counts a hole of over 24 h where the next programme stands, and keeps what central has there", async () => {
  const stored = { id: "p", channel: "c1", title: "S", startMs: at("1000") + 86_400_000 };
  const existing = guideInMemory([C1], [{ ...stored, endMs: stored.startMs + 3_600_000 }]);
  const later = programme("20261125100000 +0000", "20261125110000 +0000", "B");
  const { programmes, defects } = await importText(guide(programme("1000", "1100", "A"), later), existing);
  assert.deepEqual([asLines(programmes.upsert), programmes.remove], [["1000-1100 A", "1000-1100 B"], []]);
  assert.deepEqual(
    defects.map(({ code, examples }) => [code, examples[0]?.line]),
    [["hole", 5]],
  );
  assert.match(defects[0]?.examples[0]?.text ?? "", /^47 h before .*B/);
});

test("readGuide() maps channel ids, and finds the programmes of a channel that an editor named otherwise", async () => {
  const text = `<tv><channel id="CCTV1.cn@SD"><display-name>CCTV-1</display-name></channel>
${programme("1000", "1100", "A", "", "CCTV1.cn@SD")}</tv>`;
  const fresh = await importText(text);
  assert.deepEqual(fresh.channels.upsert, [
    { id: "CCTV1.cn~40SD", xmltvId: "CCTV1.cn@SD", number: 1, name: "CCTV-1" },
  ]);
  assert.equal(fresh.programmes.upsert[0]?.channel, "CCTV1.cn~40SD");
  const named = await importText(text, guideInMemory([{ ...C1, id: "mine", xmltvId: "CCTV1.cn@SD" }], []));
  assert.equal(named.programmes.upsert[0]?.channel, "mine");
});

test("readGuide() leaves out programmes of channels that neither the file nor the store has, and counts them", async () => {
  const text = `<tv>${programme("1000", "1100", "A")}${programme("1000", "1100", "B", "", "c2")}${programme("1100", "1200", "C", "", "")}</tv>`;
  const result = await importText(text, guideInMemory([C1], []));
  assert.deepEqual(asLines(result.programmes.upsert), ["1000-1100 A"]);
  assert.deepEqual(countsOf(result.defects), { "programme-without-channel": 1, "unknown-channel": 1 });
});

test("readGuide() cuts every text to its row's limit, and counts it", async () => {
  const long = (length: number) => "新".repeat(length);
  const more = `<sub-title>${long(600)}</sub-title>${`<category>${long(150)}</category>`.repeat(20)}`;
  const { programmes, defects } = await importText(guide(programme("1000", "1100", long(600), more)));
  for (const row of programmes.upsert) assert.deepEqual(v.parse(programmeSchema, row), row);
  assert.equal(programmes.upsert[0]?.title.length, 500);
  assert.deepEqual(countsOf(defects), { "text-cut": 18 });
});

test("readGuide() counts each text that is cut once, however long it is and in however many languages", async () => {
  const title = (lang: string, letter: string) => `<title lang="${lang}">${letter.repeat(3000)}</title>`;
  const shown = `<programme start="20261123100000 Z" channel="c1">${title("en", "x")}${title("fr", "y")}</programme>`;
  const name = (lang: string) => `<display-name lang="${lang}">${lang.repeat(1500)}</display-name>`;
  const { programmes, defects } = await importText(
    `<tv><channel id="c1">${name("en")}${name("fr")}</channel>${shown}</tv>`,
  );
  assert.equal(countsOf(defects)["text-cut"], 4);
  assert.equal(programmes.upsert[0]?.titles?.fr, "y".repeat(500));
});

const EMPTY: [string, string, string][] = [
  ["a guide without channel or programme", "<tv></tv>", "not a single"],
  [
    "a guide whose only programme has no start",
    '<tv><programme channel="c1"/></tv>',
    "no start that is a time",
  ],
];
for (const [name, text, words] of EMPTY) {
  test(`readGuide() refuses ${name}`, async () => {
    await assert.rejects(importText(text), refusedAs("not-a-guide", words));
  });
}

test("readGuideFile() hands out nothing of a file that breaks off after many programmes", async () => {
  const whole = guide(...Array.from({ length: 2000 }, (_, n) => programme("1000", "1100", `T${n}`)));
  const cut = inPieces(utf8(whole.slice(0, -20)));
  await assert.rejects(readGuideFile(cut, []), refusedAs("guide-truncated"));
});

/** A guide with every defect in it. */
function brokenGuide(seed: number): string {
  const random = createSeededRandom(seed);
  const pick = <Value>(values: Value[]): Value => values[Math.floor(random() * values.length)] as Value;
  const minute = () => String(Math.floor(random() * 6) * 10).padStart(2, "0");
  const clock = () => `${String(Math.floor(random() * 24)).padStart(2, "0")}${minute()}`;
  const elements = Array.from({ length: 60 }, () =>
    random() < 0.1
      ? `<channel id="${pick(["c1", "c2", ""])}"><display-name>${pick(["One", "1", ""])}</display-name></channel>`
      : programme(
          random() < 0.05 ? "20211332" : clock(),
          pick([clock(), clock(), clock(), undefined, "null"]),
          pick(["A", "B", "C & D", "新\uFFFD", ""]),
          pick([
            "",
            "<sub-title>S</sub-title>",
            "<new/>",
            '<episode-num system="xmltv_ns">.1.</episode-num>',
          ]),
          pick(["c1", "c1", "c2", "nowhere", ""]),
        ),
  );
  return guide(...elements);
}

test("readGuide() of the same file twice changes nothing, however broken the file", async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const text = brokenGuide(seed);
    const first = await importText(text);
    for (const row of first.channels.upsert) assert.ok(v.is(channelSchema, row), `seed ${seed}`);
    for (const row of first.programmes.upsert) assert.ok(v.is(programmeSchema, row), `seed ${seed}`);
    const again = await importText(text, guideInMemory(first.channels.upsert, first.programmes.upsert));
    assert.deepEqual(again.channels, { upsert: [] }, `seed ${seed}`);
    assert.deepEqual(again.programmes, { upsert: [], remove: [] }, `seed ${seed}`);
    assert.equal(again.diff.unchanged, first.diff.added, `seed ${seed}`);
    assert.deepEqual(again.defects, first.defects, `seed ${seed}`);
  }
});

test("readGuide() moves a programme without changing its id", async () => {
  const first = await importText(guide(programme("1000", "1100", "A"), programme("1100", "1200", "B")));
  const store = guideInMemory(first.channels.upsert, first.programmes.upsert);
  const second = await importText(
    guide(programme("1000", "1115", "A"), programme("1115", "1200", "B")),
    store,
  );
  const ids = (rows: Programme[]) => rows.map(({ id }) => id);
  assert.deepEqual(ids(second.programmes.upsert), ids(first.programmes.upsert));
  assert.equal(second.diff.moved.length, 1);
  assert.equal(second.diff.changed, 1);
});

test("readGuide() leaves out what ended before keptFromMs, counts and locates it, and tells of the whole file", async () => {
  const text = guide(
    programme("0800", "0900", "Over"),
    programme("0900", "1000", "Just over"),
    programme("1000", "1100", "Now"),
  );
  const { diff, programmes, defects, stats } = await importText(text, undefined, { keptFromMs: at("1000") });
  assert.deepEqual(asLines(programmes.upsert), ["0900-1000 Just over", "1000-1100 Now"]);
  assert.equal(diff.added, 2);
  assert.deepEqual(defects, [
    {
      code: "ended-long-ago",
      count: 1,
      repaired: "left out: ended more than 7 days ago",
      examples: [{ line: 4, text: 'c1 2026-11-23T08:00:00Z "Over"' }],
    },
  ]);
  assert.deepEqual([stats.programmes, stats.fromMs, stats.untilMs], [3, at("0800"), at("1100")]);
});
