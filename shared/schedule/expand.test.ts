import assert from "node:assert/strict";
import { test } from "node:test";
import { expandProgrammes, expandTimed, locateCue } from "./expand.ts";
import { PLACEMENT_DEFAULTS, type Placement, type When } from "./placement.ts";

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
const all = (placement: Placement) => expandProgrammes(placement, [film, news], 0, 1000 * MINUTE);

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
  ["a title", { title: "Film" }, ["pl7:p2.0"]],
  ["a title in another language", { title: "News" }, ["pl7:p1.0"]],
  ["nothing by a title it does not have", { title: "Fil" }, []],
];
for (const [what, match, ids] of matches) {
  test(`expandProgrammes() matches ${what}`, () => {
    assert.deepEqual(
      all(place(programme(match))).map((cue) => cue.id),
      ids,
    );
  });
}

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
    "pl7.1",
    "",
  ]) {
    assert.equal(find(id), undefined, id);
  }
});
