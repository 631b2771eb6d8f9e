import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { expandProgrammes, expandTimed, locateCue } from "./expand.ts";
import { PLACEMENT_DEFAULTS, type Placement, placementSchema, type When } from "./placement.ts";
import type { ProgrammeTimes } from "./programme-rule.ts";

const MINUTE = 60_000;
const news = {
  id: "p1",
  title: "新闻联播",
  titles: { en: "News" },
  series: "news",
  startMs: 100 * MINUTE,
  endMs: 130 * MINUTE,
};
const film = { id: "p2", title: "Film", startMs: 130 * MINUTE, endMs: 250 * MINUTE };
const quiz = { id: "p3", title: "X", series: "title:quiz show", startMs: 250 * MINUTE, endMs: 260 * MINUTE };
const place = (when: When, more: Partial<Placement> = {}): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id: "pl7",
  interaction: "int-42",
  version: 3,
  channels: ["cctv1"],
  when,
  ...more,
});
const programme = (match: object, at: object = { from: "start", offsetMs: 0 }) =>
  ({ kind: "programme", match, at }) as When;
function cronAt(rule: string): When {
  return { kind: "cron", rule, zone: "Asia/Shanghai" };
}
const all = (placement: Placement, programmes: ProgrammeTimes[] = [film, news]) =>
  expandProgrammes(placement, programmes, 0, 1000 * MINUTE);

const moments: [what: string, at: object, minute: number][] = [
  ["the start", { from: "start", offsetMs: 0 }, 100],
  ["an offset from the start", { from: "start", offsetMs: 5 * MINUTE }, 105],
  ["an offset before the end", { from: "end", offsetMs: -2 * MINUTE }, 128],
  ["a fraction of the length", { fraction: 0.5 }, 115],
];
for (const [what, at, minute] of moments) {
  test(`expandProgrammes() puts a cue at ${what}`, () => {
    const cues = all(place(programme({ programme: "p1" }, at)));
    assert.deepEqual(
      cues.map((cue) => [cue.id, cue.atMs / MINUTE, cue.programme]),
      [["pl7:p1.0", minute, "p1"]],
    );
  });
}

const matches: [what: string, match: object, ids: string[]][] = [
  ["a series", { series: "news" }, ["pl7:p1.0"]],
  ["a series of a title, as titles are compared", { series: "title:QUIZ　Show " }, ["pl7:p3.0"]],
  ["no other kind of series in other case", { series: "News" }, []],
  ["a title", { title: "Film" }, ["pl7:p2.0"]],
  ["a title in another language", { title: "News" }, ["pl7:p1.0"]],
  ["nothing by a title it does not have", { title: "Fil" }, []],
  ["a title in other case, width and blanks", { title: " ｆILM " }, ["pl7:p2.0"]],
  ["a pattern, in any language", { titlePattern: "?ews*" }, ["pl7:p1.0"]],
  ["nothing by a pattern that covers a part", { titlePattern: "?il" }, []],
];
for (const [what, match, ids] of matches) {
  test(`expandProgrammes() matches ${what}`, () => {
    assert.deepEqual(
      all(place(programme(match)), [film, news, quiz]).map((cue) => cue.id),
      ids,
    );
  });
}

test("expandProgrammes() takes first runs alone where the rule says so", () => {
  const when = { ...programme({ titlePattern: "*" }), airing: "first-run" } as When;
  const ids = (isNew: boolean | undefined) =>
    expandProgrammes(place(when), [{ ...news, isNew }], 0, 1000 * MINUTE).length;
  assert.deepEqual([ids(true), ids(false), ids(undefined)], [1, 0, 0]);
});

test("expandProgrammes() puts several cues into a programme, numbered, none at its end", () => {
  const every = (more: object) =>
    all(place(programme({ series: "news" }, { everyMs: 10 * MINUTE, offsetMs: 0, most: 500, ...more }))).map(
      (cue) => [cue.id, cue.atMs / MINUTE],
    );
  assert.deepEqual(every({}), [
    ["pl7:p1.0", 100],
    ["pl7:p1.1", 110],
    ["pl7:p1.2", 120],
  ]);
  assert.deepEqual(every({ offsetMs: 5 * MINUTE, most: 2 }), [
    ["pl7:p1.0", 105],
    ["pl7:p1.1", 115],
  ]);
  assert.deepEqual(every({ offsetMs: 30 * MINUTE }), []);
});

const bounds: [what: string, at: object, count: number][] = [
  ["past the end of a shortened programme", { from: "start", offsetMs: 30 * MINUTE + 1 }, 0],
  ["at its very end", { from: "start", offsetMs: 30 * MINUTE }, 1],
  ["before its start, counted from the end", { from: "end", offsetMs: -30 * MINUTE - 1 }, 0],
  ["before the start on purpose", { from: "start", offsetMs: -5 * MINUTE }, 1],
  ["after the end on purpose", { from: "end", offsetMs: 5 * MINUTE }, 1],
  ["past the end, declared", { from: "start", offsetMs: 60 * MINUTE, outside: true }, 1],
];
for (const [what, at, count] of bounds) {
  test(`expandProgrammes() gives ${count} cues ${what}`, () => {
    assert.equal(all(place(programme({ programme: "p1" }, at))).length, count);
  });
}

test("expandTimed() leaves out whole local days and single nominal times", () => {
  const when: When = {
    kind: "cron",
    rule: "0 8,20 * * *",
    zone: "Asia/Shanghai",
    exceptDates: ["20261124", "20261125T2000"],
  };
  const [from, until] = [Date.parse("2026-11-22T16:00Z"), Date.parse("2026-11-25T16:00Z")];
  assert.deepEqual(
    expandTimed(place(when), from, until).map((cue) => cue.id),
    ["pl7:20261123T0800", "pl7:20261123T2000", "pl7:20261125T0800"],
  );
});

const refused: [what: string, change: object][] = [
  ["neither channel nor group", { channels: [] }],
  ["an exception date that is none", { when: { ...cronAt("0 8 * * *"), exceptDates: ["20260230"] } }],
  ["an empty pattern", { when: programme({ titlePattern: "  " }) }],
  ["cues of a programme closer than a minute", { when: programme({ series: "x" }, { everyMs: 59_999 }) }],
  ["no region at all", { regions: [] }],
];
for (const [what, change] of refused) {
  test(`placementSchema refuses ${what}`, () => {
    const sample = place(programme({ series: "news" }));
    assert.equal(v.is(placementSchema, sample), true);
    assert.equal(v.is(placementSchema, { ...sample, ...change }), false);
  });
}

test("placementSchema takes groups without channels, and regions", () => {
  const sample = { ...place(cronAt("0 8 * * *")), channels: [], groups: ["sport"], regions: ["north"] };
  assert.deepEqual(v.parse(placementSchema, sample), sample);
});

test("expandProgrammes() keeps a cue's id when its programme moves", () => {
  const placement = place(programme({ series: "news" }));
  const moved = { ...news, startMs: news.startMs + 7 * MINUTE, endMs: news.endMs + 7 * MINUTE };
  const [before] = expandProgrammes(placement, [news], 0, 1000 * MINUTE);
  const [after] = expandProgrammes(placement, [moved], 0, 1000 * MINUTE);
  assert.equal(after?.id, before?.id);
  assert.equal((after?.atMs ?? 0) - (before?.atMs ?? 0), 7 * MINUTE);
});

test("expandTimed() gives an instant once, under the id `once`, and none that is excepted", () => {
  const when: When = { kind: "instant", atMs: 200 * MINUTE };
  assert.deepEqual(
    expandTimed(place(when), 0, 201 * MINUTE).map((cue) => cue.id),
    ["pl7:once"],
  );
  assert.deepEqual(expandTimed(place(when), 202 * MINUTE, 300 * MINUTE), []);
  assert.deepEqual(expandTimed(place(when, { except: ["once"] }), 0, 201 * MINUTE), []);
});

test("expandTimed() keeps a cue whose window is still open where the horizon begins", () => {
  const when: When = { kind: "cron", rule: "0 * * * *", zone: "UTC" };
  const ids = expandTimed(place(when), 60 * MINUTE + 30_000, 121 * MINUTE).map((cue) => cue.id);
  assert.deepEqual(ids, ["pl7:19700101T0100", "pl7:19700101T0200"]);
});

test("expandTimed() names the generation of a placement that airs again", () => {
  const placement = place({ kind: "instant", atMs: 5 * MINUTE }, { generation: 2 });
  assert.equal(expandTimed(placement, 0, 10 * MINUTE)[0]?.id, "pl7.2:once");
});

test("expandTimed() leaves the fetch window out under embargo, and gives the spread", () => {
  const placement = place({ kind: "instant", atMs: 5 * MINUTE }, { embargo: { spreadMs: 3000 } });
  const [cue] = expandTimed(placement, 0, 10 * MINUTE);
  assert.equal(cue?.fetch, undefined);
  assert.equal(cue?.spreadMs, 3000);
});

test("locateCue() finds by its id every cue that expansion makes, equal in every field", () => {
  const placements = [
    place({ kind: "instant", atMs: 200 * MINUTE }, { id: "a" }),
    place({ kind: "cron", rule: "*/30 * * * *", zone: "Europe/Athens" }, { id: "b", generation: 3 }),
    place(programme({ series: "news" }, { fraction: 0.25 }), { id: "c" }),
    place(programme({ titlePattern: "*" }, { everyMs: 7 * MINUTE, offsetMs: MINUTE, most: 9 }), { id: "d" }),
  ];
  const placementOf = (id: string) => placements.find((each) => each.id === id);
  const programmeOf = (id: string) => [news, film].find((each) => each.id === id);
  const cues = placements.flatMap((each) => [...expandTimed(each, 0, 300 * MINUTE), ...all(each)]);
  assert.ok(cues.length > 10);
  for (const cue of cues) assert.deepEqual(locateCue(cue.id, placementOf, programmeOf), cue);
});

test("locateCue() knows no cue of a foreign placement, another generation, or a time the rule does not give", () => {
  const placement = place({ kind: "cron", rule: "0 19 * * *", zone: "Asia/Shanghai" }, { generation: 1 });
  const find = (id: string) =>
    locateCue(
      id,
      (name) => (name === "pl7" ? placement : undefined),
      () => undefined,
    );
  assert.ok(find("pl7.1:20261123T1900"));
  for (const id of [
    "x.1:20261123T1900",
    "pl7:20261123T1900",
    "pl7.1:20261123T1901",
    "pl7.1:20261323T1900",
    "pl7.1:p1.0",
    "pl7.1:once",
    "pl7.1",
    "",
  ]) {
    assert.equal(find(id), undefined, id);
  }
});
