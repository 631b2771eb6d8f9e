/** Channels of a file as rows: ids in our alphabet, numbers without clashes, an editor's choices kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { countsOf, refusedAs } from "./_testing.ts";
import { channelIdFor, channelRows } from "./channel-rows.ts";
import { createDefectLog } from "./defects.ts";
import type { ChannelItem } from "./guide-items.ts";

const item = (id: string, names: string[], more: Partial<ChannelItem> = {}): ChannelItem => ({
  kind: "channel",
  id,
  names: names.map((text) => ({ text })),
  line: 1,
  ...more,
});

const ids: [string, string][] = [
  ["cctv1", "cctv1"],
  ["CCTV1.cn@SD", "CCTV1.cn~40SD"],
  ["a b", "a~20b"],
  ["a~20b", "a~7E20b"],
  ["央视", "~E5~A4~AE~E8~A7~86"],
  ["𠮷", "~F0~A0~AE~B7"],
];
for (const [xmltvId, id] of ids) {
  test(`channelIdFor() writes ${xmltvId} as ${id}`, () => assert.equal(channelIdFor(xmltvId), id));
}

test("channelIdFor() gives the longest ids 128 characters, and different ones to different ids", () => {
  const one = channelIdFor("台".repeat(100));
  const other = channelIdFor(`${"台".repeat(99)}湾`);
  assert.equal(one.length, 128);
  assert.ok(v.is(idSchema, one));
  assert.notEqual(one, other);
});

const numbersOf = (items: ChannelItem[], existing: Channel[] = []) =>
  channelRows(items, existing, createDefectLog()).upsert.map(
    ({ id, number, name }) => `${number} ${id} ${name}`,
  );

test("channelRows() takes the number from <lcn>, from a name that is one, from 7-1; else the lowest free", () => {
  assert.deepEqual(
    numbersOf([
      item("a", ["Alpha"]),
      item("b", ["Beta", "7-1"]),
      item("c", ["2", "Gamma"]),
      item("d", ["Delta"], { number: 30 }),
      item("e", ["Epsilon", "7.2"]),
      item("f", ["CCTV-5 体育"]),
      item("g", ["99999"]),
      item("h", ["0"]),
    ]),
    [
      "1 a Alpha",
      "7 b Beta",
      "2 c Gamma",
      "30 d Delta",
      "3 e Epsilon",
      "4 f CCTV-5 体育",
      "5 g 99999",
      "6 h 0",
    ],
  );
});

test("channelRows() names a channel by its number when it has nothing else", () => {
  assert.deepEqual(numbersOf([item("a", ["12"])]), ["12 a 12"]);
});

const OLD: Channel = { id: "one", xmltvId: "CCTV1.cn@SD", number: 5, name: "One", locators: ["dvb://1.2.3"] };

test("channelRows() keeps id, number, locators of what is known, and hands out no number twice", () => {
  const { upsert, idByXmltvId } = channelRows(
    [item("x", ["X"], { number: 5 }), item("CCTV1.cn@SD", ["CCTV-1"], { number: 1 })],
    [OLD],
    createDefectLog(),
  );
  assert.deepEqual(upsert, [
    { id: "x", number: 1, name: "X" },
    { ...OLD, name: "CCTV-1" },
  ]);
  assert.equal(idByXmltvId.get("CCTV1.cn@SD"), "one");
});

test("channelRows() gives no row for what is unchanged, whatever the order of its fields", () => {
  const again: Channel = {
    name: "One",
    locators: ["dvb://1.2.3"],
    number: 5,
    xmltvId: "CCTV1.cn@SD",
    id: "one",
  };
  assert.deepEqual(channelRows([item("CCTV1.cn@SD", ["One"])], [again], createDefectLog()).upsert, []);
});

test("channelRows() keeps names by language, a web logo, and cuts a long name", () => {
  const defects = createDefectLog();
  const names = [
    { lang: "zh", text: "综合" },
    { lang: "en", text: "x".repeat(300) },
    { lang: "zh", text: "again" },
  ];
  const { upsert } = channelRows(
    [{ ...item("a", []), names, iconUrl: "https://x.example/a.png" }, item("b", ["B"], { iconUrl: "b.png" })],
    [],
    defects,
  );
  assert.deepEqual(upsert, [
    {
      id: "a",
      number: 1,
      name: "综合",
      names: { zh: "综合", en: "x".repeat(200) },
      logoUrl: "https://x.example/a.png",
    },
    { id: "b", number: 2, name: "B" },
  ]);
  for (const row of upsert) assert.ok(v.is(channelSchema, row));
  assert.deepEqual(countsOf(defects.list()), { "text-cut": 1, "bad-icon": 1 });
});

test("channelRows() refuses more channels than there are numbers", () => {
  const existing = Array.from(
    { length: 9999 },
    (_, n): Channel => ({ id: `c${n}`, number: n + 1, name: "C" }),
  );
  assert.throws(
    () => channelRows([item("more", ["More"])], existing, createDefectLog()),
    refusedAs("guide-too-large", "9999 channels"),
  );
});
