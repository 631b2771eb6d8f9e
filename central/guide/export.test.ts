/** Exports: XMLTV that comes back without a change, and iCalendar that keeps to its line lengths. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { authorSample, TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";
import { guideInMemory } from "../testing/read-guide.ts";
import { at, importText } from "./_testing.ts";
import { writeIcal } from "./ical-writer.ts";
import { writeXmltv } from "./xmltv-writer.ts";

const CHANNEL: Channel = {
  id: "CCTV1.cn~40SD",
  xmltvId: "CCTV1.cn@SD",
  number: 7,
  name: "CCTV-1 综合",
  names: { en: "CCTV-1 <General> & more", zh: "CCTV-1 综合" },
  logoUrl: "https://x.example/a?b=1&c=2",
  locators: ["dvb://1.2.3"],
  zone: "Asia/Shanghai",
};
const make = (start: string, end: string, more: Partial<Programme> = {}): Programme => ({
  id: `p${start}`,
  channel: CHANNEL.id,
  title: "新闻联播",
  startMs: at(start),
  endMs: at(end),
  ...more,
});
const PROGRAMMES: Programme[] = [
  make("1000", "1030", {
    titles: { en: 'The "News"', zh: "新闻联播" },
    isNew: true,
    series: "dd:EP01234567",
  }),
  make("1030", "1100", { title: "A & B < C", titles: { zh: "甲乙", en: "Else" }, subtitle: "Tom & Jerry" }),
  make("1100", "1200", { categories: ["新闻", "A, B; C"], series: "title:新闻 联播", isNew: false }),
  make("1300", "1400", { title: "Film 😀", series: "crid:crid://x/films" }),
];
const xmltv = () => [...writeXmltv(CHANNEL, PROGRAMMES)].join("");

test("an exported XMLTV comes back without a change", async () => {
  const again = await importText(xmltv(), guideInMemory([CHANNEL], PROGRAMMES));
  assert.deepEqual(again.channels.upsert, []);
  assert.deepEqual(again.programmes, { upsert: [], remove: [] });
  assert.equal(again.diff.unchanged, 4);
  assert.deepEqual(again.defects, []);
});

test("characters that XML cannot carry are replaced on export", () => {
  const odd = [make("1000", "1030", { title: "a\u0000b\ud800c" })];
  assert.match([...writeXmltv(CHANNEL, odd)].join(""), /<title>a\ufffdb\ufffdc<\/title>/);
});

const validator = spawnSync("tv_validate_file", ["--help"]).error
  ? "left out: xmltv-util is not installed"
  : false;
test("xmltv-util finds nothing wrong with an exported XMLTV", { skip: validator }, () => {
  const folder = mkdtempSync(join(tmpdir(), "cuecast-xmltv-"));
  try {
    const path = join(folder, "guide.xml");
    // It takes ids that look like host names, and not the @ that some feeds write.
    writeFileSync(path, [...writeXmltv({ ...CHANNEL, xmltvId: "cctv1.cn" }, PROGRAMMES)].join(""));
    // Debian's own copy of the DTD: nothing is fetched.
    const env = { ...process.env, XMLTV_SUPPLEMENT: "/usr/share/xmltv" };
    const { status, stdout, stderr } = spawnSync("tv_validate_file", [path], { encoding: "utf8", env });
    assert.equal(status, 0, `${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an iCalendar folds its lines at 75 octets between characters, and escapes", () => {
  const long = make("1000", "1030", { title: `${"新闻".repeat(40)}; a, b\\c`, subtitle: "one\ntwo" });
  const cue = { id: "pl1:p1000.0", atMs: at("1005"), untilMs: at("1006"), interaction: "poll", version: 3 };
  const text = [...writeIcal(CHANNEL, [long], [cue as never], at("0900"))].join("");
  const lines = text.split("\r\n");
  assert.equal(lines.pop(), "");
  for (const each of lines) assert.ok(new TextEncoder().encode(each).length <= 75, each);
  const unfolded = text.replaceAll("\r\n ", "").split("\r\n");
  assert.ok(unfolded.includes(`SUMMARY:${"新闻".repeat(40)}\\; a\\, b\\\\c`));
  assert.ok(unfolded.includes("DESCRIPTION:one\\ntwo"));
  assert.ok(unfolded.includes("DTSTART:20261123T100000Z"));
  assert.ok(unfolded.includes("SUMMARY:poll@3"));
  assert.equal(unfolded.filter((each) => each === "BEGIN:VEVENT").length, 2);
});

test("an iCalendar of a channel without programmes has the component that one must have", () => {
  const empty = [...writeIcal(CHANNEL, [], [], at("0900"))].join("");
  assert.equal(empty.match(/BEGIN:VTIMEZONE\r\n/g)?.length, 1);
  assert.doesNotMatch([...writeIcal(CHANNEL, PROGRAMMES, [], at("0900"))].join(""), /VTIMEZONE/);
});

test("the routes export what is stored, and cues that are on air", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("POST", "/api/v1/publish", {});
    const get = async (path: string) => {
      const reply = await t.central.app.request(path, { headers: { authorization: `Bearer ${t.token}` } });
      return { status: reply.status, type: reply.headers.get("content-type"), text: await reply.text() };
    };
    const xml = await get("/api/v1/channels/c1/xmltv");
    assert.deepEqual([xml.status, xml.type], [200, "application/xml; charset=utf-8"]);
    assert.match(xml.text, /<title>News<\/title>/);
    const sent = await t.central.app.request("/api/v1/guide", {
      method: "POST",
      headers: { authorization: `Bearer ${t.token}` },
      body: xml.text,
    });
    const report = await sent.json();
    assert.deepEqual(report.programmes, { added: 0, moved: 0, changed: 0, removed: 0, unchanged: 1 });
    assert.deepEqual(report.channels, { added: 0, changed: 0, unchanged: 1 });
    const ical = await get("/api/v1/channels/c1/ical?cues=1");
    assert.equal(ical.type, "text/calendar; charset=utf-8");
    assert.match(ical.text, /UID:cue-pl1:c1-p1\.0@c1\.cuecast\r\n/);
    assert.doesNotMatch((await get("/api/v1/channels/c1/ical")).text, /UID:cue/);
    const none = await get(`/api/v1/channels/c1/xmltv?untilMs=${TEST_NOW_MS}`);
    assert.doesNotMatch(none.text, /<programme /);
    assert.equal((await get("/api/v1/channels/c9/xmltv")).status, 404);
  }));
