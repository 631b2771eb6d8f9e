/**
 * Real feeds, with the defects that real feeds have, through the importer. They may not be copied into this
 * repository, and lie in `shared/guides` beside it; where they do not, the tests are left out and say so.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { type GuideImport, guideInMemory, readGuide } from "../../central/testing/read-guide.ts";
import { channelSchema } from "../../shared/guide/channel.ts";
import { type Programme, programmeSchema } from "../../shared/guide/programme.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/guides/", import.meta.url));
const left = existsSync(FOLDER) ? false : `left out: the real guides are not at ${FOLDER}`;

async function* bytesOf(file: string) {
  yield new Uint8Array(readFileSync(FOLDER + file));
}

const counts = ({ channels, diff, defects }: GuideImport) => ({
  channels: channels.upsert.length,
  programmes: diff.added,
  defects: Object.fromEntries(defects.map(({ code, count }) => [code, count])),
});

const guides: [file: string, expected: ReturnType<typeof counts>][] = [
  ["fr.xml", { channels: 273, programmes: 9204, defects: {} }],
  [
    "uk.xml",
    {
      channels: 5,
      programmes: 1915,
      defects: { encoding: 1, "replacement-characters": 118, "bad-icon": 4, "zero-length": 49 },
    },
  ],
  ["us-missing-stop.xml", { channels: 2, programmes: 61, defects: { "missing-stop-guessed": 2 } }],
];
for (const [file, expected] of guides) {
  test(`readGuide() imports ${file}, and changes nothing the second time`, { skip: left }, async () => {
    const first = await readGuide(bytesOf(file), guideInMemory([], []));
    assert.deepEqual(counts(first), expected);
    for (const row of first.channels.upsert) assert.ok(v.is(channelSchema, row), row.id);
    for (const row of first.programmes.upsert) assert.ok(v.is(programmeSchema, row), row.id);
    const ids = new Set(first.programmes.upsert.map(({ id }) => id));
    assert.equal(ids.size, expected.programmes);
    const again = await readGuide(
      bytesOf(file),
      guideInMemory(first.channels.upsert, first.programmes.upsert),
    );
    assert.deepEqual(counts(again), { ...expected, channels: 0, programmes: 0 });
    assert.deepEqual(again.programmes, { upsert: [], remove: [] });
  });
}

test("readGuide() refuses README.md as no guide", { skip: left }, async () => {
  await assert.rejects(
    readGuide(bytesOf("README.md"), guideInMemory([], [])),
    (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, "not-a-guide");
      assert.match(thrown.message, /no element of a guide up to line \d+, column \d+/);
      return true;
    },
  );
});

test("readGuide() tells of fr.xml that its offsets are not those of Paris, and which clock its titles name", {
  skip: left,
}, async () => {
  const inParis = (clock?: "utc" | "digits") =>
    readGuide(bytesOf("fr.xml"), guideInMemory([], []), { zone: "Europe/Paris", ...(clock && { clock }) });
  const kept = await inParis();
  assert.deepEqual(counts(kept), { channels: 273, programmes: 9204, defects: { "zone-offset": 9204 } });
  const { evidence } = kept.stats;
  assert.ok(evidence && evidence.utc > 20 && evidence.utc > 5 * Math.max(evidence.offset, evidence.digits));
  const journal = ({ programmes }: GuideImport) =>
    programmes.upsert.find(({ channel, title }) => channel === "France2.fr" && title === "Journal 20h00");
  assert.equal(journal(kept)?.startMs, Date.UTC(2021, 2, 12, 20));
  // 20:00 in Paris, on a winter's day.
  assert.equal(journal(await inParis("utc"))?.startMs, Date.UTC(2021, 2, 12, 19));
});

/** The grabber's list, then the service list, then the schedule over what the list brought. */
test("readGuide() imports the channels of cctv.channels.xml with their Chinese names", {
  skip: left,
}, async () => {
  const list = await readGuide(bytesOf("cctv.channels.xml"), guideInMemory([], []));
  assert.deepEqual(counts(list), { channels: 94, programmes: 0, defects: {} });
  const anhui = list.channels.upsert.find(({ xmltvId }) => xmltvId === "AnhuiTV.cn@SD");
  assert.equal(anhui?.name, "安徽卫视");
  for (const row of list.channels.upsert) assert.ok(v.is(channelSchema, row), row.id);
  const again = await readGuide(bytesOf("cctv.channels.xml"), guideInMemory(list.channels.upsert, []));
  assert.deepEqual(again.channels.upsert, []);
});

test("readGuide() imports the DVB-I service list, then its schedule, twice without a change", {
  skip: left,
}, async () => {
  const list = await readGuide(bytesOf("dvbi-service-list.xml"), guideInMemory([], []));
  assert.deepEqual(counts(list), { channels: 13, programmes: 0, defects: { "bad-icon": 1 } });
  const byName = (name: string) => list.channels.upsert.find((row) => row.name === name);
  assert.deepEqual(byName("DVB-T channel 1"), {
    id: "tag:dvb.org~2C2020:sid1",
    xmltvId: "tag:dvb.org,2020:sid1",
    number: 646,
    name: "DVB-T channel 1",
    locators: ["dvb://22d4.1001.4a"],
    guideRef: "cgsid_1",
  });
  assert.deepEqual(byName("IRT test channel")?.names, { en: "IRT test channel", zh: "IRT测试通道" });
  assert.equal(byName("IRT test channel")?.number, 4);
  for (const row of list.channels.upsert) assert.ok(v.is(channelSchema, row), row.id);

  // The file is a template: the date of its times is filled in by the server that serves it.
  const schedule = (programmes: readonly Programme[]) =>
    readGuide(bytesOf("dvbi-tva-schedule.xml"), guideInMemory(list.channels.upsert, programmes), {
      nowMs: Date.UTC(2026, 10, 23, 15),
    });
  const first = await schedule([]);
  assert.deepEqual(counts(first), { channels: 0, programmes: 18, defects: { "placeholder-date": 18 } });
  for (const row of first.programmes.upsert) assert.ok(v.is(programmeSchema, row), row.id);
  const [alone] = first.programmes.upsert;
  assert.equal(alone?.channel, "tag:dvb.org~2C2020:sid1");
  assert.deepEqual([alone?.title, alone?.titles], ["Alone", { en: "Alone", zh: "独自的" }]);
  assert.deepEqual([alone?.startMs, alone?.endMs], [Date.UTC(2026, 10, 23), Date.UTC(2026, 10, 23, 6)]);
  // Its Chinese title stands first in the file; the file is in English.
  const jungles = first.programmes.upsert.filter(({ title }) => title === "Jungles");
  assert.deepEqual(
    jungles.map(({ titles }) => titles?.zh),
    ["丛林", "丛林"],
  );
  const again = await schedule(first.programmes.upsert);
  assert.deepEqual(again.programmes, { upsert: [], remove: [] });
  const nowhere = await readGuide(bytesOf("dvbi-tva-schedule.xml"), guideInMemory([], []), { nowMs: 0 });
  assert.deepEqual(counts(nowhere), {
    channels: 0,
    programmes: 0,
    defects: { "unknown-channel": 18, "placeholder-date": 18 },
  });
});
