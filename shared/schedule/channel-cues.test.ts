import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChannelCues, compileCues } from "./channel-cues.ts";
import type { ChannelRule } from "./channel-rule.ts";
import { APPEARS } from "./cue-rows.ts";
import { PLACEMENT_DEFAULTS, type Placement, type When } from "./placement.ts";
import { createPlanner } from "./planner.ts";
import type { ProgrammeTimes } from "./programme-rule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAY_MS = Date.UTC(2026, 10, 23);

const place = (id: string, when: When, more: Partial<Placement> = {}): Placement => ({
  ...PLACEMENT_DEFAULTS,
  ...{ id, interaction: "int", version: 1, channels: ["c1"], when },
  ...more,
});
const at = (id: string, minutes: number, more: Partial<Placement> = {}) =>
  place(id, { kind: "instant", atMs: DAY_MS + minutes * MINUTE }, more);
const every = (minutes: number): When => ({ kind: "cron", rule: `*/${minutes} * * * *`, zone: "UTC" });

interface World {
  placements: Placement[];
  rule?: Partial<ChannelRule>;
  programmes?: ProgrammeTimes[];
  region?: string;
}
function compile(
  { placements, rule, programmes = [], region }: World,
  fromMs = DAY_MS - DAY,
  untilMs = DAY_MS + 2 * DAY,
) {
  const planner = createPlanner({
    placements,
    groups: new Map([["g", { id: "g", name: "G", channels: ["c1"] }]]),
    rules: rule ? [{ id: "r", ...rule }] : [],
    region,
  });
  return compileCues(planner, "c1", planner.index(programmes), fromMs, untilMs);
}
const tell = (cues: ChannelCues) =>
  Array.from({ length: cues.rows.count }, (_, row) => {
    const why = cues.suppression(row);
    return why ? `${cues.id(row)} ${why.reason}${why.to ? ` to ${why.to}` : ""}` : cues.id(row);
  });

test("a gap suppresses by priority, then by who is earlier, then by id, and names the winner", () => {
  const rule = { gapMs: 10 * MINUTE };
  assert.deepEqual(tell(compile({ placements: [at("a", 0), at("b", 9), at("c", 10)], rule })), [
    "a:once",
    "b:once gap to a:once",
    "c:once",
  ]);
  assert.deepEqual(tell(compile({ placements: [at("a", 0), at("b", 9, { priority: 1 })], rule })), [
    "a:once gap to b:once",
    "b:once",
  ]);
  assert.deepEqual(tell(compile({ placements: [at("b", 0), at("a", 0)], rule })), [
    "a:once",
    "b:once gap to a:once",
  ]);
});

test("a rule every five minutes under a gap of six keeps every second cue, and is not silenced whole", () => {
  const cues = compile(
    { placements: [place("p", every(5))], rule: { gapMs: 6 * MINUTE } },
    DAY_MS,
    DAY_MS + DAY,
  );
  const shown = cues.rows.fate.filter((fate) => fate === APPEARS).length;
  assert.equal(cues.rows.count, 288);
  assert.equal(shown, 144);
});

test("a chain of reasons is followed from day to day through as many priorities as there are", () => {
  const placements = [3, 2, 1, 0].map((priority, day) =>
    place(
      `p${priority}`,
      {
        ...{ kind: "cron", rule: "*/20 * * * *", zone: "UTC" },
        ...{ fromMs: DAY_MS + (day - 3) * DAY, untilMs: DAY_MS + (day - 2) * DAY },
      } as When,
      { priority },
    ),
  );
  // Every fifth of 72 a day: each day goes on where the one before ended.
  const rule = { gapMs: 85 * MINUTE };
  const told = (all: Placement[], fromMs: number) =>
    tell(compile({ placements: all, rule }, fromMs, DAY_MS + 3 * HOUR)).slice(-9);
  const alone = told(placements, DAY_MS);
  assert.deepEqual(alone, told(placements, DAY_MS - 3 * DAY));
  // Three days back decides: without it the fates are others.
  assert.notDeepEqual(alone, told(placements.slice(1), DAY_MS));
});

test("without a pause for a day, each day (UTC) begins anew: of two equals beside midnight the second wins", () => {
  const placements = [place("p", every(10)), at("late", -1), at("early", 9)];
  const rule = { gapMs: 15 * MINUTE };
  const told = tell(compile({ placements, rule }, DAY_MS - 25 * MINUTE, DAY_MS + 15 * MINUTE));
  assert.deepEqual(told, [
    "p:20261122T2340",
    "p:20261122T2350 gap to p:20261122T2340",
    "late:once gap to p:20261123T0000",
    "p:20261123T0000",
    "early:once gap to p:20261123T0000",
    "p:20261123T0010 gap to p:20261123T0000",
  ]);
});

test("the hour slides: any sixty minutes hold no more than the most, and the sixty-first is another hour", () => {
  const placements = [at("a", 30), at("b", 60), at("c", 89), at("d", 90)];
  assert.deepEqual(tell(compile({ placements, rule: { perHourMost: 2 } })), [
    "a:once",
    "b:once",
    "c:once hour-limit to a:once",
    "d:once",
  ]);
});

const borders: [what: string, world: World, expected: string[]][] = [
  [
    "a weaker cue of the evening loses to a stronger one after midnight",
    { placements: [at("a", -2), at("b", 2, { priority: 1 })], rule: { gapMs: 5 * MINUTE } },
    ["a:once gap to b:once", "b:once"],
  ],
  [
    "a weaker cue after midnight loses to a stronger one of the evening",
    { placements: [at("a", -2), at("b", 2)], rule: { gapMs: 5 * MINUTE } },
    ["a:once", "b:once gap to a:once"],
  ],
  [
    "a cue that lost to one which itself loses at midnight is called back",
    { placements: [at("a", -6), at("b", -2), at("c", 2, { priority: 1 })], rule: { gapMs: 5 * MINUTE } },
    ["a:once", "b:once gap to a:once", "c:once"],
  ],
  [
    "one that lost to a later one of its day, which loses to a still stronger one after midnight, is called back",
    {
      placements: [at("a", -6), at("b", -2, { priority: 1 }), at("c", 2, { priority: 2 })],
      rule: { gapMs: 5 * MINUTE },
    },
    ["a:once", "b:once gap to c:once", "c:once"],
  ],
  [
    "and so on from priority to priority",
    {
      placements: [-14, -10, -6, -2, 2, 6].map((minutes, rank) =>
        at(`p${rank}`, minutes, { priority: rank }),
      ),
      rule: { gapMs: 5 * MINUTE },
    },
    [
      "p0:once gap to p1:once",
      "p1:once",
      "p2:once gap to p3:once",
      "p3:once",
      "p4:once gap to p5:once",
      "p5:once",
    ],
  ],
  [
    "an hour across midnight holds no more than the most",
    { placements: [at("a", -10), at("b", 0), at("c", 10)], rule: { perHourMost: 2 } },
    ["a:once", "b:once", "c:once hour-limit to a:once"],
  ],
];
for (const [what, world, expected] of borders) {
  test(`${what}, whichever day is looked at alone`, () => {
    assert.deepEqual(tell(compile(world)), expected);
    const evening = tell(compile(world, DAY_MS - DAY, DAY_MS));
    const morning = tell(compile(world, DAY_MS, DAY_MS + DAY));
    assert.deepEqual([...evening, ...morning], expected);
  });
}

const film: ProgrammeTimes = {
  id: "film",
  title: "Film",
  startMs: DAY_MS + HOUR,
  endMs: DAY_MS + 2 * HOUR,
};
const news: ProgrammeTimes = {
  id: "news",
  title: "News",
  categories: ["新闻"],
  startMs: DAY_MS + 2 * HOUR,
  endMs: DAY_MS + 3 * HOUR,
};

test("a blackout suppresses what begins in it, closes the windows before it, and does not take part in the contest", () => {
  const rule = {
    gapMs: 40 * MINUTE,
    blackouts: [{ match: { category: "新闻" }, beforeMs: 5 * MINUTE, afterMs: 0 }],
  };
  const placements = [
    at("before", 114, { windowMs: HOUR }),
    at("margin", 115, { priority: 9 }),
    at("in", 150, { priority: 9 }),
    at("after", 180),
  ];
  const cues = compile({ placements, rule, programmes: [film, news] });
  assert.deepEqual(tell(cues), ["before:once", "margin:once blackout", "in:once blackout", "after:once"]);
  assert.equal(cues.cue(0).untilMs, DAY_MS + 115 * MINUTE - 1);
  assert.deepEqual(cues.suppression(2), {
    reason: "blackout",
    rule: "r",
    programme: "news",
    fromMs: DAY_MS + 115 * MINUTE,
    untilMs: DAY_MS + 180 * MINUTE,
  });
});

const inFilm = (more: object = {}) =>
  place(
    "p",
    { kind: "programme", match: { title: "Film" }, at: { from: "start", offsetMs: 50 * MINUTE } },
    more,
  );
const overruns: [what: string, film: ProgrammeTimes[], expected: string[]][] = [
  ["as planned", [film], ["p:film.0"]],
  [
    "moved: its cue moves along, under its id",
    [{ ...film, startMs: film.startMs + HOUR, endMs: film.endMs + HOUR }],
    ["p:film.0"],
  ],
  [
    "shortened to before its cue",
    [{ ...film, endMs: film.startMs + 49 * MINUTE }],
    ["p:film.0 outside-programme"],
  ],
  ["vanished: nothing is left of it", [], []],
];
for (const [what, programmes, expected] of overruns) {
  test(`a programme ${what}`, () => {
    const cues = compile({ placements: [inFilm()], programmes });
    assert.deepEqual(tell(cues), expected);
    const [programme] = programmes;
    if (programme) assert.equal(cues.cue(0).atMs, programme.startMs + 50 * MINUTE);
  });
}

test("what was withdrawn by itself is told as withdrawn, and makes room", () => {
  const placements = [at("a", 0, { priority: 5, except: ["once"] }), at("b", 1)];
  assert.deepEqual(tell(compile({ placements, rule: { gapMs: 5 * MINUTE } })), [
    "a:once withdrawn",
    "b:once",
  ]);
});

test("a placement limited to regions is compiled there alone, under the same id", () => {
  const placements = [at("n", 0, { regions: ["north"] }), at("b", 1)];
  const told = (region?: string) =>
    tell(compile({ placements, rule: { gapMs: 5 * MINUTE }, ...(region && { region }) }));
  assert.deepEqual(told("north"), ["n:once", "b:once gap to n:once"]);
  assert.deepEqual(told("south"), ["b:once"]);
  assert.deepEqual(told(), ["b:once"]);
});

test("a channel that is named and also in a group carries a placement once", () => {
  assert.deepEqual(tell(compile({ placements: [at("a", 0, { groups: ["g"] })] })), ["a:once"]);
  assert.deepEqual(tell(compile({ placements: [at("a", 0, { channels: [], groups: ["g"] })] })), ["a:once"]);
  assert.deepEqual(tell(compile({ placements: [at("a", 0, { channels: [], groups: ["none"] })] })), []);
});

test("a rule that gives more than its limit is left out and told, and the others stay", () => {
  const planner = createPlanner({
    placements: [place("dense", every(1)), at("a", 0)],
    groups: new Map(),
    rules: [],
    region: undefined,
  });
  const cues = compileCues(planner, "c1", planner.index([]), DAY_MS, DAY_MS + 80 * DAY);
  assert.deepEqual(tell(cues), ["a:once"]);
  assert.match(planner.troubles()[0] ?? "", /^placement dense: Cannot expand the rule/);
});

/** Minutes of the first middle day's midnight; which of them decides, on which side of the span that is looked at. */
const midnights: [
  what: string,
  placements: Placement[],
  fromMs: number,
  untilMs: number,
  expected: string[],
][] = [
  [
    "a span that begins at midnight knows who wins before it",
    [at("early", -2, { priority: 1 }), at("late", 5)],
    DAY_MS,
    DAY_MS + HOUR,
    ["late:once gap to early:once"],
  ],
  [
    "a span that ends at midnight knows who wins after it",
    [at("early", -2), at("late", 5, { priority: 1 })],
    DAY_MS - HOUR,
    DAY_MS,
    ["early:once gap to late:once"],
  ],
  [
    "whoever lost within the day before takes nothing from one after midnight",
    [at("first", -9, { priority: 2 }), at("early", -2, { priority: 1 }), at("late", 5)],
    DAY_MS,
    DAY_MS + HOUR,
    ["late:once"],
  ],
  [
    "a span of a minute knows the whole day after",
    [at("early", -2), at("late", 5, { priority: 1 }), at("later", 12, { priority: 2 })],
    DAY_MS - 2 * MINUTE,
    DAY_MS - MINUTE,
    ["early:once"],
  ],
];
for (const [what, placements, fromMs, untilMs, expected] of midnights) {
  test(`compileCues(): ${what}`, () => {
    assert.deepEqual(tell(compile({ placements, rule: { gapMs: 10 * MINUTE } }, fromMs, untilMs)), expected);
  });
}
