/** The samples are sound: the importer finds no defect in the guide, central's checks none in the rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { checkInteraction } from "../../central/authoring/interaction-checks.ts";
import { guideInMemory, readGuide } from "../../central/testing/read-guide.ts";
import { channelSchema } from "../../shared/guide/channel.ts";
import { programmeSchema } from "../../shared/guide/programme.ts";
import { interactionEntrySchema } from "../../shared/publication/entries.ts";
import { SAMPLE_CHANNELS, SAMPLE_PROGRAMMES } from "./sample-channels.ts";
import { makeSampleGuide } from "./sample-guide.ts";
import { sampleInteractions } from "./sample-interactions.ts";

/** 2026-11-23 18:58 in Shanghai. */
const NOW_MS = Date.UTC(2026, 10, 23, 10, 58);

async function* bytesOf(text: string) {
  yield new TextEncoder().encode(text);
}

async function imported(text: string) {
  return await readGuide(bytesOf(text), guideInMemory([], []));
}

test("makeSampleGuide() imports without a defect", async () => {
  const guide = await imported(makeSampleGuide(NOW_MS, { days: 3, channels: 16 }));
  assert.deepEqual(guide.defects, []);
  assert.equal(guide.channels.upsert.length, 16);
  for (const channel of guide.channels.upsert) assert.deepEqual(v.parse(channelSchema, channel), channel);
  for (const row of guide.programmes.upsert) assert.deepEqual(v.parse(programmeSchema, row), row);
  assert.deepEqual(guide.channels.upsert[0], {
    id: "cctv1",
    number: 1,
    name: "CCTV-1 综合",
    names: { zh: "CCTV-1 综合", en: "CCTV-1 General" },
  });
});

test("makeSampleGuide() covers the local day of now and the next two, without a gap", async () => {
  const { programmes, stats } = await imported(makeSampleGuide(NOW_MS));
  assert.equal(stats.fromMs, Date.UTC(2026, 10, 22, 16));
  assert.equal(stats.untilMs, Date.UTC(2026, 10, 25, 16));
  const byChannel = Map.groupBy(programmes.upsert, ({ channel }) => channel);
  assert.equal(byChannel.size, 12);
  for (const list of byChannel.values()) {
    for (const [at, programme] of list.entries()) {
      assert.equal(programme.endMs, list[at + 1]?.startMs ?? stats.untilMs);
    }
  }
});

test("makeSampleGuide() has the news on channel 1 at 19:00 in Shanghai, a series in two languages", async () => {
  const { programmes } = await imported(makeSampleGuide(NOW_MS));
  const news = programmes.upsert.filter(
    ({ channel, startMs }) => channel === "cctv1" && startMs % 86_400_000 === 11 * 3_600_000,
  );
  assert.equal(news.length, 3);
  for (const { titles, series } of news) {
    assert.deepEqual(titles, { zh: "七点新闻", en: "The Seven O'Clock News" });
    assert.equal(series, "title:七点新闻");
  }
});

test("makeSampleGuide() made again later that day is the same text", () => {
  assert.equal(makeSampleGuide(NOW_MS), makeSampleGuide(NOW_MS + 3_600_000));
});

test("SAMPLE_CHANNELS only names programmes that there are", () => {
  for (const { fixed, rota } of SAMPLE_CHANNELS) {
    for (const key of [...rota, ...fixed.map(([, programme]) => programme)])
      assert.ok(SAMPLE_PROGRAMMES[key], key);
  }
});

test("sampleInteractions() has one of each type, in two languages, and passes central's checks", () => {
  const samples = sampleInteractions();
  const types = samples.map(({ interaction }) => interaction.type).sort();
  assert.deepEqual(types, ["coupon", "link", "notice", "poll", "quiz", "rating"]);
  for (const sample of samples) {
    assert.deepEqual(v.parse(interactionEntrySchema, sample), sample);
    assert.deepEqual(checkInteraction(sample), []);
    assert.deepEqual(Object.keys(sample.interaction.texts), ["zh-CN", "en"]);
  }
});
