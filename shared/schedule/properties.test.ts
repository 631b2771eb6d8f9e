/**
 * What must hold for every guide, placement and rule. `npm run rehearse` runs each thousands of times; a failure
 * prints the smallest case found, and CUECAST_REHEARSE_SEED replays it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CronExpressionParser } from "cron-parser";
import fc from "fast-check";
import * as v from "valibot";
import { titleKey } from "../guide/title-key.ts";
import { cueSchema } from "../protocol/schedule.ts";
import {
  CHANNELS,
  cronRule,
  type Drawn,
  drawnSchedule,
  REGIONS,
  runs,
  ZONES,
} from "../testing/arbitrary-schedule.ts";
import { type ChannelCues, compileCues } from "./channel-cues.ts";
import { compileHorizon } from "./channel-horizon.ts";
import { channelRuleSchema, GAP_MAX_MS } from "./channel-rule.ts";
import { lookAround, settle } from "./contest.ts";
import { expandRule } from "./cron.ts";
import { compareCues } from "./cue.ts";
import { parseCueId } from "./cue-id.ts";
import { APPEARS } from "./cue-rows.ts";
import { expandProgrammes, locateCue, parseProgrammeOccurrence } from "./expand.ts";
import { explain } from "./explain.ts";
import { formatLocalTime, instantOf, localTimeAt, parseLocalTime } from "./local-time.ts";
import { placementSchema } from "./placement.ts";
import { createPlanner, type Planner } from "./planner.ts";
import { isMeantOutside } from "./programme-rule.ts";
import { createTextRoom } from "./text-room.ts";
import { createTitleMatch } from "./title-pattern.ts";
import { makeSchedule, REFRESH_MS, windowAt, writeSchedule } from "./window.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function plannerOf(drawn: Drawn, region: string | undefined = "north"): Planner {
  const groups = new Map(drawn.groups.map((group) => [group.id, group]));
  return createPlanner({ placements: drawn.placements, groups, rules: drawn.rules, region });
}
const indexOf = (planner: Planner, drawn: Drawn, channel: string) =>
  planner.index(drawn.guide[channel] ?? []);
const compile = (drawn: Drawn, channel: string, fromMs: number, untilMs: number, region?: string) => {
  const planner = plannerOf(drawn, region);
  return compileCues(planner, channel, indexOf(planner, drawn, channel), fromMs, untilMs);
};
const whole = (drawn: Drawn, channel: string) =>
  compile(drawn, channel, drawn.dayMs - 2 * DAY, drawn.dayMs + 3 * DAY);
const rowsOf = (cues: ChannelCues) => Array.from({ length: cues.rows.count }, (_, row) => row);
const told = (cues: ChannelCues) =>
  rowsOf(cues).map((row) => ({ ...cues.cue(row), why: cues.suppression(row) }));
const channelOf = fc.constantFrom(...CHANNELS);
/** Where zones or ids are looked up for each: a rule of every minute gives thousands, of which so many will do. */
const SOME_MOST = 200;
/** @param from which are taken, anywhere */
function someOf<T>(all: readonly T[], from: number): T[] {
  const step = Math.max(1, Math.ceil(all.length / SOME_MOST));
  return all.filter((_, place) => place % step === from % step);
}
/** Where a span is cut, from the middle day's midnight: anywhere, and often near where days meet. */
const cutMs = fc.oneof(
  fc.integer({ min: -2 * DAY, max: 3 * DAY }),
  fc
    .tuple(fc.integer({ min: -1, max: 2 }), fc.integer({ min: -2 * HOUR, max: 2 * HOUR }))
    .map(([day, ms]) => day * DAY + ms),
);

/** Of five minutes, over three days; often near where two of them meet. */
const slot = fc.oneof(
  fc.integer({ min: 0, max: 3 * 288 - 1 }),
  fc.tuple(fc.constantFrom(288, 576), fc.integer({ min: -14, max: 14 })).map(([day, near]) => day + near),
);
/** Beside the five minutes: without it nobody would see a limit that is too wide or narrow by a minute, or by 1 ms. */
const beside = fc.constantFrom(0, 0, 0, 1, 60_000, 299_999);
/** Cues of a few days, drawn one by one, or so close that they follow without a pause; in a schedule's order. */
const contested = (days: number) =>
  fc
    .tuple(
      fc.array(fc.record({ slot, beside, priority: fc.integer({ min: 0, max: 3 }) }), { maxLength: 40 }),
      fc.option(fc.integer({ min: 4, max: 24 }), { nil: 0 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 7 }),
      // One after the other, or for a whole day: only then a chain of reasons leads from day to day.
      fc.boolean(),
    )
    .map(([some, every, priorities, byDay]) => {
      const count = every === 0 ? 0 : Math.ceil((days * 288) / every);
      const dense = Array.from({ length: count }, (_, at) => ({
        slot: at * every,
        beside: 0,
        priority: priorities[(byDay ? Math.floor((at * every) / 288) : at) % priorities.length] as number,
      }));
      return [...some, ...dense]
        .map(({ slot: at, beside: ms, priority }) => ({ atMs: at * 300_000 + ms, priority }))
        .sort((a, b) => a.atMs - b.atMs || b.priority - a.priority);
    });
const contestOf = (cues: readonly { atMs: number; priority: number }[]) => ({
  count: cues.length,
  atMs: (cue: number) => cues[cue]?.atMs ?? 0,
  priority: (cue: number) => cues[cue]?.priority ?? 0,
  takesPart: () => true,
});

function holds(name: string, share: number, property: fc.IProperty<never> | fc.IRawProperty<never>): void {
  test(name, () => fc.assert(property, runs(name, share)));
}
const always = <T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...drawn: T) => void,
  share = 1,
) => holds(name, share, fc.property(...arbitraries, check) as unknown as fc.IProperty<never>);

always(
  "drawn placements and rules hold their schemas",
  [drawnSchedule],
  ({ placements, rules }) => {
    for (const placement of placements) v.parse(placementSchema, placement);
    for (const rule of rules) v.parse(channelRuleSchema, rule);
  },
  0.2,
);

always(
  "cues hold the wire's schema, and their ids are WIRE.md's",
  [drawnSchedule, channelOf],
  (drawn, channel) => {
    const cues = whole(drawn, channel);
    for (const row of rowsOf(cues)) {
      const cue = v.parse(cueSchema, cues.cue(row));
      const parts = parseCueId(cue.id);
      const placement = drawn.placements.find(({ id }) => id === parts?.placement);
      assert.ok(parts && placement, cue.id);
      assert.equal(parts.generation, placement.generation);
      const { occurrence } = parts;
      if (placement.when.kind === "instant") assert.equal(occurrence, "once");
      else if (placement.when.kind === "cron") assert.ok(parseLocalTime(occurrence), occurrence);
      else {
        const named = parseProgrammeOccurrence(occurrence);
        assert.equal(named?.programme, cue.programme);
        assert.ok(drawn.guide[channel]?.some(({ id }) => id === cue.programme));
      }
    }
  },
);

always("expansion is sorted and without duplicates", [drawnSchedule, channelOf], (drawn, channel) => {
  const cues = whole(drawn, channel);
  const list = rowsOf(cues).map((row) => cues.cue(row));
  for (const [place, cue] of list.entries()) {
    const before = list[place - 1];
    if (before) assert.ok(compareCues(before, cue) < 0, `${before.id} ${cue.id}`);
  }
  assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
});

always(
  "expansion is the same in whatever order things were written",
  [drawnSchedule, channelOf],
  (drawn, channel) => {
    const turned = {
      ...drawn,
      guide: { ...drawn.guide, [channel]: [...(drawn.guide[channel] ?? [])].reverse() },
      placements: [...drawn.placements].reverse(),
      rules: [...drawn.rules].reverse(),
    };
    assert.deepEqual(told(whole(turned, channel)), told(whole(drawn, channel)));
  },
);

always(
  "splitting the span anywhere gives the same cues and the same fates",
  [drawnSchedule, channelOf, fc.array(cutMs, { minLength: 1, maxLength: 4 })],
  (drawn, channel, cuts) => {
    const ends = [-2 * DAY, ...cuts.sort((a, b) => a - b), 3 * DAY].map((ms) => drawn.dayMs + ms);
    const pieces = ends
      .slice(1)
      .flatMap((untilMs, place) => told(compile(drawn, channel, ends[place] as number, untilMs)));
    assert.deepEqual(pieces, told(whole(drawn, channel)));
  },
);

always(
  "edges that woke on different days serve the same window",
  [
    drawnSchedule,
    channelOf,
    fc.integer({ min: 0, max: 47 }),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 1, max: 60 }),
  ],
  (drawn, channel, hour, earlier, later) => {
    const planner = plannerOf(drawn);
    const index = indexOf(planner, drawn, channel);
    const [fromMs, untilMs] = [drawn.dayMs + (hour - 24) * HOUR, drawn.dayMs + (hour + 24) * HOUR];
    const narrow = compileHorizon(planner, channel, index, fromMs, untilMs);
    const wide = compileHorizon(planner, channel, index, fromMs - earlier * HOUR, untilMs + later * HOUR);
    assert.deepEqual(wide.cues(fromMs, untilMs), narrow.cues(fromMs, untilMs));
    for (const cue of narrow.cues(fromMs, untilMs)) assert.ok(cue.untilMs >= fromMs && cue.atMs < untilMs);
  },
);

always(
  "a schedule written from rows is the one written from cues, to the byte",
  [drawnSchedule, channelOf, fc.integer({ min: -30, max: 30 })],
  (drawn, channel, hour) => {
    const planner = plannerOf(drawn);
    const programmes = indexOf(planner, drawn, channel);
    const window = windowAt(drawn.dayMs + hour * HOUR);
    const horizon = compileHorizon(planner, channel, programmes, window.fromMs, window.untilMs);
    const inputs = { ...{ channel, epoch: 1, revision: 1 }, programmes: programmes.programmes };
    const cues = horizon.cues(window.fromMs, window.untilMs);
    const room = createTextRoom();
    writeSchedule(
      room,
      inputs,
      () => horizon.writeCues(room, window.fromMs, window.untilMs),
      window,
      REFRESH_MS,
    );
    assert.equal(
      new TextDecoder().decode(room.take()),
      JSON.stringify(makeSchedule({ ...inputs, cues }, window, REFRESH_MS)),
    );
  },
);

always(
  "a window holds every cue that appears and is open in it, however long ago it began",
  [drawnSchedule, channelOf, fc.integer({ min: -24, max: 24 })],
  (drawn, channel, hour) => {
    const planner = plannerOf(drawn);
    const [fromMs, untilMs] = [drawn.dayMs + hour * HOUR, drawn.dayMs + (hour + 6) * HOUR];
    const all = compile(drawn, channel, drawn.dayMs - 8 * DAY, untilMs);
    const open = rowsOf(all)
      .filter((row) => all.rows.fate[row] === APPEARS && all.untilMs(row) >= fromMs)
      .map((row) => all.cue(row));
    const horizon = compileHorizon(planner, channel, indexOf(planner, drawn, channel), fromMs, untilMs);
    assert.deepEqual(horizon.cues(fromMs, untilMs), open);
  },
);

always(
  "shifting a programme shifts exactly its cues, by as much, and keeps their ids",
  [drawnSchedule, channelOf, fc.nat(), fc.integer({ min: -6 * HOUR, max: 6 * HOUR })],
  (drawn, channel, which, byMs) => {
    const programmes = drawn.guide[channel] ?? [];
    const moved = programmes[which % Math.max(1, programmes.length)];
    if (!moved) return;
    const after = programmes.map((each) =>
      each === moved ? { ...each, startMs: each.startMs + byMs, endMs: each.endMs + byMs } : each,
    );
    for (const placement of drawn.placements) {
      const at = (guide: typeof programmes) =>
        new Map(expandProgrammes(placement, guide, 0, Number.MAX_SAFE_INTEGER).map((cue) => [cue.id, cue]));
      const [old, now] = [at(programmes), at(after)];
      assert.deepEqual([...now.keys()].sort(), [...old.keys()].sort());
      for (const [id, cue] of now) {
        assert.equal(cue.atMs - (old.get(id)?.atMs ?? 0), cue.programme === moved.id ? byMs : 0, id);
      }
    }
  },
);

always(
  "no cue appears outside its programme, in a blackout, within a gap, or over the most per hour",
  [drawnSchedule, channelOf],
  (drawn, channel) => {
    const planner = plannerOf(drawn);
    const index = indexOf(planner, drawn, channel);
    const cues = compileCues(planner, channel, index, drawn.dayMs - 2 * DAY, drawn.dayMs + 3 * DAY);
    const { gapMs, perHourMost } = planner.limits(channel);
    const { spans } = planner.blackouts(channel, index);
    const shown = rowsOf(cues).filter((row) => cues.rows.fate[row] === APPEARS);
    const at = (place: number) => cues.rows.atMs[shown[place] as number] as number;
    for (const [place, row] of shown.entries()) {
      const cue = cues.cue(row);
      const { when, windowMs } = cues.planned(row).placement;
      const programme = drawn.guide[channel]?.find(({ id }) => id === cue.programme);
      if (when.kind === "programme" && programme && !isMeantOutside(when)) {
        assert.ok(cue.atMs >= programme.startMs && cue.atMs <= programme.endMs, cue.id);
      }
      assert.ok(cue.untilMs >= cue.atMs && cue.untilMs <= cue.atMs + windowMs);
      for (const span of spans) {
        assert.ok(cue.untilMs < span.fromMs || cue.atMs >= span.untilMs, `${cue.id} in ${span.rule}`);
      }
      if (place > 0) assert.ok(at(place) - at(place - 1) >= gapMs, `${cue.id} in a gap`);
      if (place >= perHourMost)
        assert.ok(at(place) - at(place - perHourMost) >= HOUR, `${cue.id} is too many`);
    }
  },
);

always(
  "whoever loses has no room among those that appear and outrank it, of whom one within reach is named",
  [drawnSchedule, channelOf],
  (drawn, channel) => {
    const planner = plannerOf(drawn);
    const index = indexOf(planner, drawn, channel);
    const cues = compileCues(planner, channel, index, drawn.dayMs - 9 * DAY, drawn.dayMs + 10 * DAY);
    const { gapMs, perHourMost } = planner.limits(channel);
    const reachMs = Math.max(gapMs, Number.isFinite(perHourMost) ? HOUR : 0);
    const all = told(cues);
    const taking = all.filter(({ why }) => !why || ["gap", "hour-limit"].includes(why.reason));
    const rank = rankIn(taking, reachMs);
    for (const [place, { why, atMs, id }] of taking.entries()) {
      // Of the outermost days the run may go on outside of what was looked at.
      if (!why || Math.abs(atMs - drawn.dayMs) > 3 * DAY) continue;
      const above = taking.filter((other, at) => !other.why && rank(at, place) < 0);
      const winner = above.find((other) => other.id === why.to);
      assert.ok(winner, `${id} lost to ${why.to}, which is suppressed or does not outrank it`);
      assert.equal(winner.atMs, why.toAtMs);
      assert.ok(Math.abs(winner.atMs - atMs) < (why.reason === "gap" ? gapMs : HOUR));
      if (why.reason === "gap") continue;
      const near = [...above.map((other) => other.atMs), atMs].sort((a, b) => a - b);
      assert.ok(
        near.some((from, first) => (near[first + perHourMost] ?? Number.POSITIVE_INFINITY) - from < HOUR),
        `${id} had room`,
      );
    }
  },
);

always(
  "a cue found by its id is the one that expansion made",
  [drawnSchedule, channelOf, fc.nat()],
  (drawn, channel, from) => {
    const cues = whole(drawn, channel);
    const programmeOf = (id: string) => drawn.guide[channel]?.find((each) => each.id === id);
    const placementOf = (id: string) => drawn.placements.find((each) => each.id === id);
    for (const row of someOf(rowsOf(cues), from)) {
      const { untilMs: _, ...cue } = cues.cue(row);
      const { untilMs: __, ...found } = locateCue(cue.id, placementOf, programmeOf) ?? { untilMs: 0 };
      assert.deepEqual(found, cue);
    }
  },
);

always(
  "an explanation says what was decided",
  [drawnSchedule, channelOf, fc.constantFrom(...REGIONS)],
  (drawn, channel, region) => {
    const planner = plannerOf(drawn, region);
    const programmes = indexOf(planner, drawn, channel);
    const cues = compileCues(planner, channel, programmes, drawn.dayMs - 2 * DAY, drawn.dayMs + 3 * DAY);
    const groups = new Map(drawn.groups.map((group) => [group.id, group]));
    // Each asks the engine anew: a few of each fate will do.
    const some = rowsOf(cues).filter((_, place, all) => place % Math.ceil(all.length / 8) === 0);
    for (const row of some) {
      const parts = parseCueId(cues.id(row));
      assert.ok(parts);
      const placement = drawn.placements.find(({ id }) => id === parts.placement);
      const context = { ...{ placement, groups, planner, programmes, channel, region }, id: parts.placement };
      const [explanation] = explain({ ...context, withdrawn: false, inLineUp: true }, parts);
      assert.equal(explanation?.outcome, cues.rows.fate[row] === APPEARS ? "appears" : "suppressed");
      assert.deepEqual(explanation?.suppression, cues.suppression(row));
      assert.equal(
        explanation?.steps.every(({ holds }) => holds),
        explanation?.outcome === "appears",
      );
    }
  },
  0.5,
);

const limitsOf = fc.record({
  gapMs: fc
    .tuple(fc.integer({ min: 0, max: 12 * 12 }), beside)
    .map(([slots, ms]) => Math.min(slots * 300_000 + ms, GAP_MAX_MS)),
  perHourMost: fc.option(fc.integer({ min: 1, max: 4 }), { nil: Number.POSITIVE_INFINITY }),
});

always(
  "the contest agrees with its definition, told as plainly as can be",
  [contested(3), limitsOf],
  (cues, limits) => {
    const lost = new Set<number>();
    settle(contestOf(cues), limits, (cue) => {
      assert.ok(!lost.has(cue), "nobody loses twice");
      lost.add(cue);
    });
    const expected = plainly(cues, limits.gapMs, limits.perHourMost);
    assert.deepEqual(
      [...lost].sort((a, b) => a - b),
      expected,
    );
  },
  2,
);

always(
  "whoever holds as much around a span as lookAround() says settles it as one who holds all time",
  [contested(14), limitsOf, fc.integer({ min: 0, max: 13 * 288 }), fc.integer({ min: 1, max: 288 })],
  (cues, limits, from, length) => {
    const span = { fromMs: from * 300_000, untilMs: (from + length) * 300_000 };
    const fates = (held: readonly { atMs: number; priority: number }[]) => {
      const lost = new Map<number, string>();
      settle(contestOf(held), limits, (cue, _, why) => lost.set(cue, why));
      return held.flatMap(({ atMs, priority }, cue) =>
        atMs >= span.fromMs && atMs < span.untilMs ? [`${atMs} ${priority} ${lost.get(cue)}`] : [],
      );
    };
    const around = lookAround(span, limits, new Set(cues.map(({ priority }) => priority)).size);
    const held = cues.filter(({ atMs }) => atMs >= around.fromMs && atMs < around.untilMs);
    assert.deepEqual(fates(held), fates(cues));
  },
  2,
);

/** contest.ts's sketch over all time at once, without any care for speed. */
function plainly(
  cues: readonly { atMs: number; priority: number }[],
  gapMs: number,
  perHourMost: number,
): number[] {
  const atOf = (cue: number) => cues[cue]?.atMs ?? 0;
  const rank = rankIn(cues, Math.max(gapMs, Number.isFinite(perHourMost) ? HOUR : 0));
  const taken: number[] = [];
  for (const cue of [...cues.keys()].sort((a, b) => rank(a, b))) {
    const times = [...taken, cue].map(atOf).sort((a, b) => a - b);
    const close = taken.some((other) => Math.abs(atOf(other) - atOf(cue)) < gapMs);
    const full = times.some(
      (from) => times.filter((at) => at >= from && at < from + HOUR).length > perHourMost,
    );
    if (!close && !full) taken.push(cue);
  }
  return [...cues.keys()].filter((cue) => !taken.includes(cue));
}

/** Who outranks whom among cues in the order of a schedule: negative when the first does. */
function rankIn(cues: readonly { atMs: number; priority: number }[], reachMs: number) {
  const runs: number[] = [];
  for (const [cue, { atMs }] of cues.entries()) {
    const isNew = cue === 0 || atMs - (cues[cue - 1]?.atMs ?? 0) >= reachMs;
    runs.push((runs.at(-1) ?? -1) + (isNew ? 1 : 0));
  }
  const ends = new Map<number, { fromMs: number; untilMs: number }>();
  for (const [cue, { atMs }] of cues.entries()) {
    const run = runs[cue] as number;
    ends.set(run, { fromMs: ends.get(run)?.fromMs ?? atMs, untilMs: atMs });
  }
  return (a: number, b: number) => {
    const [one, other] = [cues[a], cues[b]];
    if (!one || !other) return a - b;
    const { fromMs = 0, untilMs = 0 } = ends.get(runs[a] as number) ?? {};
    const isLong = runs[a] === runs[b] && untilMs - fromMs >= DAY;
    const later = isLong ? Math.floor(other.atMs / DAY) - Math.floor(one.atMs / DAY) : 0;
    return other.priority - one.priority || later || a - b;
  };
}

always(
  "a rule fires in UTC exactly when cron-parser says",
  [cronRule, fc.integer({ min: 0, max: 1000 })],
  (rule, day) => {
    const fromMs = Date.UTC(2026, 0, 1) + day * DAY;
    const dates = CronExpressionParser.parse(rule, {
      tz: "UTC",
      currentDate: new Date(fromMs - 1),
      endDate: new Date(fromMs + DAY - 1),
    });
    const expected: number[] = [];
    // Its iteration is slow: the first fifty will do.
    while (expected.length < 50 && dates.hasNext()) expected.push(dates.next().getTime());
    const firings = expandRule(rule, "UTC", fromMs, fromMs + DAY).map(({ atMs }) => atMs);
    assert.deepEqual(firings.slice(0, 50), expected);
  },
  0.3,
);

always(
  "a rule fires once for each nominal time, at the instant that shows it, or as far past a gap",
  [cronRule, fc.constantFrom(...ZONES), drawnSchedule, fc.nat()],
  (rule, zone, { dayMs }, from) => {
    const firings = expandRule(rule, zone, dayMs - DAY, dayMs + 2 * DAY);
    assert.equal(new Set(firings.map(({ nominal }) => nominal)).size, firings.length);
    for (const { nominal, atMs } of someOf(firings, from)) {
      const shown = formatLocalTime(localTimeAt(atMs, zone));
      const local = parseLocalTime(nominal);
      assert.ok(local && instantOf(local, zone) === atMs);
      if (shown === nominal) {
        const earlier = [1_800_000, HOUR].map((ms) => formatLocalTime(localTimeAt(atMs - ms, zone)));
        assert.ok(!earlier.includes(nominal), `${nominal} is the first of two`);
        continue;
      }
      // In a gap: no instant shows it, and what is shown lies after it, by the gap's width.
      const named = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
      const seen = parseLocalTime(shown);
      assert.ok(seen);
      const later = Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute) - named;
      assert.ok(later === HOUR || later === HOUR / 2, `${nominal} shown as ${shown}`);
    }
  },
  0.5,
);

always(
  "a title pattern means what the same regular expression means",
  [
    fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "新"), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom("a", "b", "新"), maxLength: 8 }),
  ],
  (pattern, title) => {
    const source = [...titleKey(pattern)].map((each) => (each === "*" ? ".*" : each === "?" ? "." : each));
    assert.equal(
      createTitleMatch(pattern)(titleKey(title)),
      new RegExp(`^${source.join("")}$`, "su").test(title),
    );
  },
  2,
);
