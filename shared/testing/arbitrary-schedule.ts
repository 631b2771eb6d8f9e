/**
 * Guides, placements, groups and rules drawn at random, near the instants where schedules go wrong: both clock
 * changes of four zones, the leap day, the year's end. For properties: how many runs, and which seed.
 */
import process from "node:process";
import fc from "fast-check";
import type { ChannelGroup } from "../schedule/channel-group.ts";
import type { Blackout, ChannelRule } from "../schedule/channel-rule.ts";
import { PLACEMENT_DEFAULTS, type Placement, type When } from "../schedule/placement.ts";
import type { ProgrammeTimes } from "../schedule/programme-rule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ZONES = [
  "Asia/Shanghai",
  "Europe/Athens",
  "America/Toronto",
  "Australia/Lord_Howe",
  "UTC",
] as const;

/** Days in UTC on whose eve or in which something changes. */
const TURNING_DAYS = [
  "2026-03-08",
  "2026-03-29",
  "2026-04-04",
  "2026-10-03",
  "2026-10-25",
  "2026-11-01",
  "2026-12-31",
  "2028-02-29",
].map((day) => Date.parse(`${day}T00:00:00Z`));

export const CHANNELS = ["c1", "c2"] as const;
export const REGIONS = ["north", "south"] as const;

/** A guide and everything placed on it. */
export interface Drawn {
  /** Midnight UTC of the day in the middle. */
  dayMs: number;
  guide: Record<string, ProgrammeTimes[]>;
  placements: Placement[];
  groups: ChannelGroup[];
  rules: ChannelRule[];
}

/** @returns options of `fc.assert`, and says which seed they have */
export function runs(name: string, share = 1): { numRuns: number; seed: number; verbose: 1 } {
  const wanted = Number(process.env.CUECAST_REHEARSE_RUNS ?? 0);
  const numRuns = wanted > 0 ? Math.ceil(wanted * share) : Math.ceil(40 * share);
  const seed = Number(process.env.CUECAST_REHEARSE_SEED ?? (wanted > 0 ? Date.now() % 0x7fffffff : 1));
  console.log(`${name}: ${numRuns} runs, CUECAST_REHEARSE_SEED=${seed}`);
  return { numRuns, seed, verbose: 1 };
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
/** Whole minutes mostly, sometimes an odd number of ms. */
const duration = (mostMinutes: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: mostMinutes }).map((minutes) => minutes * MINUTE) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: mostMinutes * MINUTE }) },
  );
const offset = fc.tuple(duration(150), fc.boolean()).map(([ms, early]) => (early ? -ms : ms));

function guideOf(dayMs: number, channel: string): fc.Arbitrary<ProgrammeTimes[]> {
  return fc
    .array(
      fc.record({
        lengthMs: fc.integer({ min: 5, max: 240 }).map((minutes) => minutes * MINUTE),
        title: oneOf("News", "Ｎｅｗｓ at Ten", "新闻联播", "Film"),
        series: fc.option(oneOf("s1", "s2"), { nil: undefined }),
        isNew: fc.option(fc.boolean(), { nil: undefined }),
        categories: fc.option(oneOf(["新闻"], ["Sport", "Live"]), { nil: undefined }),
      }),
      { minLength: 0, maxLength: 14 },
    )
    .map((drawn) => {
      let startMs = dayMs - 14 * HOUR;
      return drawn.map(({ lengthMs, ...rest }, index) => {
        const programme = { id: `${channel}-p${index}`, ...rest, startMs, endMs: startMs + lengthMs };
        startMs += lengthMs;
        return programme;
      });
    });
}

const field = (most: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 4 })
      .map((values) => values.sort((a, b) => a - b).join(",")),
  );
/** Rules of five fields; most fire on most days. */
export const cronRule = fc
  .tuple(
    field(59),
    field(23),
    oneOf("*", "*", "*", "1-15", "L", "29"),
    oneOf("*", "*", "2,3,4,10-12"),
    oneOf("*", "*", "1-5", "SUN", "5L", "SUN#1"),
  )
  .map((fields) => fields.join(" "));

function whenOf(dayMs: number): fc.Arbitrary<When> {
  const match = oneOf<object>(
    { programme: "c1-p1" },
    { programme: "c2-p2" },
    { series: "s1" },
    { title: "news" },
    { titlePattern: "*" },
    { titlePattern: "n*" },
    { titlePattern: "??联播" },
  );
  const at = fc.oneof(
    fc.record(
      { from: oneOf("start", "end"), offsetMs: offset, outside: fc.boolean() },
      { requiredKeys: ["from", "offsetMs"] },
    ),
    fc.record({ fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      everyMs: fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * MINUTE),
      offsetMs: duration(30),
      most: fc.integer({ min: 1, max: 12 }),
    }),
  );
  return fc.oneof(
    fc.record(
      { kind: fc.constant("programme"), match, at, airing: oneOf("any", "first-run") },
      { requiredKeys: ["kind", "match", "at"] },
    ) as unknown as fc.Arbitrary<When>,
    fc.record({ kind: fc.constant("instant" as const), atMs: duration(3000).map((ms) => dayMs - DAY + ms) }),
    fc.record(
      {
        kind: fc.constant("cron" as const),
        rule: cronRule,
        zone: oneOf<string>(...ZONES),
        fromMs: duration(1000).map((ms) => dayMs - DAY + ms),
        untilMs: duration(2000).map((ms) => dayMs + ms),
        exceptDates: fc.constant<string[]>([new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "")]),
      },
      { requiredKeys: ["kind", "rule", "zone"] },
    ),
  );
}

function placementOf(dayMs: number, id: string): fc.Arbitrary<Placement> {
  return fc
    .record(
      {
        channels: fc.subarray<string>([...CHANNELS]),
        groups: fc.constant<string[]>(["g1"]),
        regions: fc.subarray<string>([...REGIONS], { minLength: 1 }),
        when: whenOf(dayMs),
        windowMs: fc.oneof(duration(90), duration(4000)),
        priority: fc.integer({ min: -1, max: 2 }),
        generation: oneOf(0, 0, 3),
        lateJoin: fc.boolean(),
        embargo: fc.constant({ spreadMs: 3000 }),
        except: fc.constant<string[]>(["c1-p1.0", "once"]),
      },
      { requiredKeys: ["channels", "when", "windowMs", "priority", "generation", "lateJoin"] },
    )
    .map((drawn) => ({
      ...PLACEMENT_DEFAULTS,
      ...drawn,
      id,
      interaction: "int",
      version: 1,
      channels: drawn.channels.length + (drawn.groups?.length ?? 0) === 0 ? ["c1"] : drawn.channels,
    }));
}

function blackoutOf(dayMs: number): fc.Arbitrary<Blackout> {
  return fc.oneof(
    fc
      .tuple(duration(2000), duration(600))
      .map(([from, length]) => ({ fromMs: dayMs - DAY + from, untilMs: dayMs - DAY + from + length + 1 })),
    fc.record({
      match: oneOf<{ category: string } | { title: string }>({ category: "新闻" }, { title: "Film" }),
      beforeMs: oneOf(0, 5 * MINUTE),
      afterMs: oneOf(0, 10 * MINUTE),
    }),
  );
}

function ruleOf(dayMs: number, id: string): fc.Arbitrary<ChannelRule> {
  return fc
    .record(
      {
        channels: fc.subarray<string>([...CHANNELS]),
        groups: fc.constant<string[]>(["g1"]),
        gapMs: duration(240).map((ms) => ms + 1),
        perHourMost: fc.integer({ min: 1, max: 5 }),
        blackouts: fc.array(blackoutOf(dayMs), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    )
    .map((drawn) => ({ ...drawn, id }));
}

const upTo = <T>(count: number, make: (id: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc
    .integer({ min: 0, max: count })
    .chain((many) => fc.tuple(...Array.from({ length: many }, (_, index) => make(`x${index}`))));

export const drawnSchedule: fc.Arbitrary<Drawn> = oneOf(...TURNING_DAYS).chain((dayMs) =>
  fc.record({
    dayMs: fc.constant(dayMs),
    guide: fc.record({ c1: guideOf(dayMs, "c1"), c2: guideOf(dayMs, "c2") }),
    placements: upTo(5, (id) => placementOf(dayMs, id)),
    groups: fc.subarray<string>([...CHANNELS]).map((channels) => [{ id: "g1", name: "Group", channels }]),
    rules: upTo(3, (id) => ruleOf(dayMs, id)),
  }),
);
