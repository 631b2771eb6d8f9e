/** What is told of a placement at an instant: the cues that stand there, or that none does and which is nearest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCueId } from "./cue-id.ts";
import { explain } from "./explain.ts";
import { createNearest } from "./nearest-moment.ts";
import { PLACEMENT_DEFAULTS, type When } from "./placement.ts";
import { createPlanner } from "./planner.ts";
import type { ProgrammeTimes } from "./programme-rule.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const at = (text: string) => Date.parse(`${text}Z`);
const DAY = at("2026-11-28T00:00");
const show = (id: string, title: string, hour: number, hours: number): ProgrammeTimes => ({
  ...{ id, title, startMs: DAY + hour * HOUR, endMs: DAY + (hour + hours) * HOUR },
});
const guide = [show("quiz", "Quiz", 6, 1), show("match", "Match", 8, 2), show("news", "News", 10, 1)];

/** What is told of placement `p` on channel c1, each as its outcome, cue and last code. */
function asked(when: When, atMs: number, more: object = {}) {
  const placement = {
    ...PLACEMENT_DEFAULTS,
    ...{ id: "p", interaction: "int-1", version: 1, channels: ["c1"], when },
    ...more,
  };
  const groups = new Map();
  const planner = createPlanner({ placements: [placement], groups, rules: [], region: undefined });
  const context = {
    ...{ placement, groups, planner, programmes: planner.index(guide), channel: "c1", id: "p" },
    ...{ withdrawn: false, region: undefined, inLineUp: true },
  };
  return explain(context, { atMs });
}
const short = (when: When, atMs: number, more: object = {}) =>
  asked(when, atMs, more).map(({ outcome, id, steps }) => [
    outcome,
    id === undefined ? undefined : parseCueId(id)?.occurrence,
    steps.find(({ code }) => code === "missing-time")?.code ?? steps.at(-1)?.code,
  ]);
const programme = (match: object, moment: object) => ({ kind: "programme", match, at: moment }) as When;
const cron = (rule: string, zone: string, more: object = {}): When => ({ kind: "cron", rule, zone, ...more });

const before = programme({ title: "News" }, { from: "start", offsetMs: -5 * MINUTE });
const after = programme({ title: "quiz" }, { from: "end", offsetMs: MINUTE });
const every = programme({ title: "Match" }, { everyMs: 15 * MINUTE, offsetMs: 0, most: 4 });
const LORD_HOWE = "Australia/Lord_Howe";

const standing: [what: string, when: When, atMs: number, told: unknown[]][] = [
  [
    "a cue before its programme, within another",
    before,
    at("2026-11-28T09:55"),
    ["appears", "news.0", "everyone"],
  ],
  [
    "a cue after its programme, where nothing is on",
    after,
    at("2026-11-28T07:01"),
    ["appears", "quiz.0", "everyone"],
  ],
  [
    "of several in a programme the one that was asked about",
    every,
    at("2026-11-28T08:15"),
    ["appears", "match.1", "everyone"],
  ],
  [
    "a cue of the minute that was asked about",
    every,
    at("2026-11-28T08:15") + 59_999,
    ["appears", "match.1", "everyone"],
  ],
  [
    "a cue whose local time the clocks skip, at its instant",
    cron("15 2 * * *", LORD_HOWE),
    at("2027-10-02T15:45"),
    ["appears", "20271003T0215", "missing-time"],
  ],
  [
    "a cue whose local time comes twice, at the first",
    cron("30 1 * * *", "America/Toronto"),
    at("2026-11-01T05:30"),
    ["appears", "20261101T0130", "everyone"],
  ],
  ["a single instant", { kind: "instant", atMs: DAY }, DAY, ["appears", "once", "everyone"]],
];
for (const [what, when, atMs, told] of standing) {
  test(`explain() at an instant finds ${what}`, () => assert.deepEqual(short(when, atMs), [told]));
}

test("explain() at an instant finds both cues that a gap brings together", () => {
  assert.deepEqual(short(cron("15,45 2 * * *", LORD_HOWE), at("2027-10-02T15:45")), [
    ["appears", "20271003T0215", "missing-time"],
    ["appears", "20271003T0245", "everyone"],
  ]);
});

const nothing: [what: string, when: When, atMs: number, code: string, nearest: string | undefined][] = [
  [
    "in a programme of the rule, between its cues",
    every,
    at("2026-11-28T08:16"),
    "other-moment",
    "p:match.1",
  ],
  ["in a programme that the rule does not mean", before, at("2026-11-28T08:30"), "no-match", "p:news.0"],
  ["where nothing is on", after, at("2026-11-28T12:00"), "nothing-on", "p:quiz.0"],
  [
    "of a rule that means no programme",
    programme({ title: "x" }, { fraction: 0 }),
    DAY,
    "nothing-on",
    undefined,
  ],
  ["on another day than its instant", { kind: "instant", atMs: DAY }, DAY + HOUR, "other-moment", "p:once"],
  [
    "at a time that the rule does not name",
    cron("0 12 * * *", "UTC"),
    DAY + HOUR,
    "not-named",
    "p:20261128T1200",
  ],
  [
    "at the second of two equal local times",
    cron("30 1 * * *", "America/Toronto"),
    at("2026-11-01T06:30"),
    "second-time",
    "p:20261101T0130",
  ],
  [
    "on an exception date",
    cron("0 0 * * *", "UTC", { exceptDates: ["20261128"] }),
    DAY,
    "except-date",
    "p:20261127T0000",
  ],
  [
    "on an exception whose local time the clocks skip",
    cron("15 2 * * *", LORD_HOWE, { exceptDates: ["20271003T0215"] }),
    at("2027-10-02T15:45"),
    "except-date",
    "p:20271004T0215",
  ],
  [
    "before the rule begins",
    cron("0 0 * * *", "UTC", { fromMs: DAY + HOUR }),
    DAY,
    "before-from",
    "p:20261129T0000",
  ],
  ["after the rule's end", cron("0 0 * * *", "UTC", { untilMs: DAY }), DAY, "after-until", "p:20261127T0000"],
  [
    "of a rule that names a day of the next year",
    cron("0 0 24 9 *", "UTC"),
    DAY,
    "not-named",
    "p:20260924T0000",
  ],
];
for (const [what, when, atMs, code, nearest] of nothing) {
  test(`explain() at an instant says that nothing stands ${what}, and what is nearest`, () => {
    const [told, ...more] = asked(when, atMs);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [told?.outcome, told?.id, told?.atMs, told?.askedMs, told?.steps.at(-1)?.code, told?.nearest?.id],
      ["never", undefined, undefined, atMs, code, nearest],
    );
    assert.match(told?.steps.at(-1)?.text ?? "", nearest ? /the nearest is p:/ : /nor at any other time/);
  });
}

test("createNearest() gives for every channel what nearestMoment() gives for one", () => {
  const placement = {
    ...PLACEMENT_DEFAULTS,
    ...{ id: "p", interaction: "int-1", version: 1, channels: ["c1"], when: cron("0 12 * * MON", "UTC") },
  };
  const { index } = createPlanner({ placements: [], groups: new Map(), rules: [], region: undefined });
  const nearest = createNearest();
  for (const programmes of [index([]), index(guide)]) {
    assert.equal(nearest(placement, programmes, DAY)?.occurrence, "20261130T1200");
    const shown = { ...placement, when: before };
    assert.equal(nearest(shown, programmes, DAY)?.occurrence, programmes.programmes[0] && "news.0");
  }
});

test("explain() at an instant tells one that is suppressed there", () => {
  assert.deepEqual(short(every, at("2026-11-28T08:15"), { except: ["match.1"] }), [
    ["suppressed", "match.1", "withdrawn"],
  ]);
});
