/** DVB-I service lists and TV-Anytime schedules, right and wrong; grabbers' channel lists. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel } from "../../shared/guide/channel.ts";
import { guideInMemory } from "../testing/read-guide.ts";
import { asLines, countsOf, gzip, importText, inPieces, refusedAs, utf8 } from "./_testing.ts";
import { fillPlaceholder, parseDuration, parseDvbTime } from "./dvb-time.ts";
import { readGuideFile } from "./import.ts";

const service = (id: string, more: string) =>
  `<Service><UniqueIdentifier>${id}</UniqueIdentifier>${more}</Service>`;
const list = (...services: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceList xml:lang="en"><LCNTableList><LCNTable>
<LCN channelNumber="7" serviceRef="s1"/><LCN channelNumber="70000" serviceRef="s2"/></LCNTable><LCNTable>
<LCN channelNumber="8" serviceRef="s1"/></LCNTable></LCNTableList>${services.join("\n")}</ServiceList>`;

test("a service list gives channels with number, names by language, locators, logo and guide reference", async () => {
  const { channels, defects } = await importText(
    list(
      service(
        "s1",
        `<ServiceInstance><DVBTDeliveryParameters><DVBTriplet origNetId="1" tsId="4097" serviceId="255"/></DVBTDeliveryParameters></ServiceInstance>
<ServiceInstance><DVBSDeliveryParameters><DVBTriplet origNetId="1" tsId="4097" serviceId="255"/></DVBSDeliveryParameters><DisplayName>not this</DisplayName></ServiceInstance>
<ServiceName>One</ServiceName><ServiceName xml:lang="zh">一台</ServiceName>
<RelatedMaterial><HowRelated href="urn:dvb:metadata:cs:HowRelatedCS:2021:1000.1"/><MediaLocator><MediaUri>https://x.example/banner.png</MediaUri></MediaLocator></RelatedMaterial>
<RelatedMaterial><HowRelated href="urn:dvb:metadata:cs:HowRelatedCS:2021:1001.2"/><MediaLocator><MediaUri>https://x.example/logo.png</MediaUri></MediaLocator></RelatedMaterial>
<ContentGuideServiceRef>g1</ContentGuideServiceRef>`,
      ),
      service("s2", "<ServiceName>Two</ServiceName>"),
    ),
  );
  assert.deepEqual(channels.upsert, [
    {
      id: "s1",
      number: 7,
      name: "One",
      names: { en: "One", zh: "一台" },
      logoUrl: "https://x.example/logo.png",
      locators: ["dvb://1.1001.ff"],
      guideRef: "g1",
    },
    { id: "s2", number: 1, name: "Two" },
  ]);
  assert.deepEqual(defects, []);
});

const CHANNEL: Channel = { id: "s1", number: 1, name: "One", guideRef: "g1" };
const about = (crid: string, more: string) =>
  `<ProgramInformation programId="crid://x/${crid}"><BasicDescription>${more}</BasicDescription></ProgramInformation>`;
const event = (crid: string, start: string, more = "<PublishedDuration>PT1H</PublishedDuration>") =>
  `<ScheduleEvent><Program crid="crid://x/${crid}"/><PublishedStartTime>${start}</PublishedStartTime>${more}</ScheduleEvent>`;
const tables = (infos: string, events: string, on = "g1") =>
  `<ProgramDescription><ProgramInformationTable>${infos}</ProgramInformationTable><ProgramLocationTable><Schedule serviceIDRef="${on}">${events}</Schedule></ProgramLocationTable></ProgramDescription>`;
const schedule = (content: string) =>
  `<?xml version="1.0"?><tva:TVAMain xmlns:tva="urn:tva" xml:lang="en">${content}</tva:TVAMain>`;
const NEWS = about(
  "1",
  '<Title type="main" xml:lang="zh">新闻</Title><Title>News</Title><Title type="episodeTitle">Monday</Title><Genre><Name>Politics</Name></Genre>',
);
const bring = (text: string, channels = [CHANNEL], options = {}) =>
  importText(text, guideInMemory(channels, []), options);

test("a schedule gives programmes with titles by language, the file's own first", async () => {
  const { programmes, defects } = await bring(
    schedule(
      tables(
        `${NEWS}${about("2", '<Title>Film</Title></BasicDescription><EpisodeOf crid="crid://x/films"/><BasicDescription>')}`,
        `${event("1", "2026-11-23T10:00:00Z", "<PublishedDuration>PT45M</PublishedDuration><FirstShowing value='true'/>")}${event("2", "2026-11-23T18:45:00+08:00", "<PublishedEndTime>2026-11-23T12:00:00Z</PublishedEndTime><Repeat/>")}`,
      ),
    ),
  );
  assert.deepEqual(defects, []);
  assert.deepEqual(asLines(programmes.upsert), ["1000-1045 News", "1045-1200 Film"]);
  const [news, film] = programmes.upsert;
  assert.deepEqual(news?.titles, { en: "News", zh: "新闻" });
  assert.deepEqual([news?.subtitle, news?.categories, news?.isNew], ["Monday", ["Politics"], true]);
  assert.deepEqual([film?.series, film?.isNew], ["crid:crid://x/films", false]);
});

test("a schedule's events may stand before what they refer to", async () => {
  const { programmes } = await bring(
    schedule(
      `<ProgramDescription><ProgramLocationTable><Schedule serviceIDRef="s1">${event("1", "2026-11-23T10:00:00Z")}</Schedule></ProgramLocationTable><ProgramInformationTable>${NEWS}</ProgramInformationTable></ProgramDescription>`,
    ),
  );
  assert.deepEqual(asLines(programmes.upsert), ["1000-1100 News"]);
});

test("a schedule's defects are counted: bad times, no title, no duration, another zone, unknown services", async () => {
  const text = schedule(
    tables(
      NEWS,
      [
        event("1", "2026-11-23T10:00:00+01:00", "<PublishedDuration>an hour</PublishedDuration>"),
        event("1", "2026-13-23T10:00:00Z"),
        event("nothing", "2026-11-23T12:00:00Z"),
        event("1", "2026-11-23T13:00:00"),
      ].join(""),
    ) + tables("", event("1", "2026-11-23T10:00:00Z"), "nowhere"),
  );
  const { programmes, defects } = await bring(text, [CHANNEL], { zone: "Europe/Athens" });
  assert.deepEqual(countsOf(defects), {
    "unknown-channel": 1,
    "bad-start": 1,
    "bad-stop": 1,
    "missing-title": 1,
    "missing-stop": 1,
    "time-without-zone": 1,
    "zone-offset": 1,
  });
  assert.deepEqual(asLines(programmes.upsert), ["0900-1100 News", "1100-1200 News"]);
});

test("a date that is a placeholder is taken as the day of the import, and is no time without one", async () => {
  const text = schedule(tables(NEWS, event("1", "DATE_TEMPLATET10:00:00Z")));
  const { programmes, defects } = await bring(text, [CHANNEL], { nowMs: Date.UTC(2026, 10, 23, 23) });
  assert.deepEqual(asLines(programmes.upsert), ["1000-1100 News"]);
  assert.deepEqual(countsOf(defects), { "placeholder-date": 1 });
  await assert.rejects(bring(text), refusedAs("not-a-guide", "1 programmes have no start that is a time"));
});

test("DVB-I files that are cut off are refused with the place, plain or gzip", async () => {
  const whole = schedule(tables(NEWS, event("1", "2026-11-23T10:00:00Z").repeat(300)));
  await assert.rejects(bring(whole.slice(0, -40)), refusedAs("guide-truncated", "at line 1, column"));
  const packed = await gzip(utf8(whole));
  await assert.rejects(
    readGuideFile(inPieces(packed.slice(0, packed.length - 20)), [CHANNEL]),
    refusedAs("guide-truncated", "gzip"),
  );
  await assert.rejects(
    bring(list(service("s1", "<ServiceName>One</ServiceName>")).slice(0, -15)),
    refusedAs("guide-truncated", "line 4"),
  );
  const bomb = `<!DOCTYPE TVAMain [<!ENTITY a "aaaa">]>${whole}`;
  await assert.rejects(bring(bomb), refusedAs("guide-unsafe", "entities"));
});

test("a grabber's list gives channels under the ids that its guides will write", async () => {
  const { channels } = await importText(
    '<channels><channel site="s" site_id="7" lang="zh" xmltv_id="One.cn@SD">一台 &amp; 二台</channel><channel site="s" site_id="8" xmltv_id="">Eight</channel></channels>',
  );
  assert.deepEqual(
    channels.upsert.map(({ id, xmltvId, name }) => [id, xmltvId, name]),
    [
      ["One.cn~40SD", "One.cn@SD", "一台 & 二台"],
      ["8", undefined, "Eight"],
    ],
  );
});

const durations: [text: string, ms: number | null][] = [
  ["PT30M", 1_800_000],
  ["PT2H30M", 9_000_000],
  ["P1DT1S", 86_401_000],
  ["PT90.5S", 90_000],
  ["P1D", 86_400_000],
  ["PT", null],
  ["P", null],
  ["P1M", null],
  ["30M", null],
  ["-PT1H", null],
];
for (const [text, ms] of durations) {
  test(`parseDuration() of "${text}" is ${ms}`, () => assert.equal(parseDuration(text), ms));
}

test("parseDvbTime() reads offsets, and refuses what is no time", () => {
  assert.equal(parseDvbTime("2026-11-23T10:00:00+08:00")?.ms, Date.UTC(2026, 10, 23, 2));
  assert.equal(parseDvbTime("2026-11-23T10:00Z")?.ms, Date.UTC(2026, 10, 23, 10));
  assert.equal(parseDvbTime("2026-11-23T10:00:00")?.offsetMs, undefined);
  for (const text of [
    "2026-02-30T10:00:00Z",
    "20261123T100000Z",
    "2026-11-23",
    "",
    "2026-11-23T10:00:00 CET",
  ])
    assert.equal(parseDvbTime(text), null, text);
  assert.equal(fillPlaceholder("2026-11-23T10:00:00Z", 0), undefined);
});
