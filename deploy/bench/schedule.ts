/**
 * Measures the schedule engine: a million cues on 500 channels, expanded, settled and made ready to be served.
 * `… schedule.ts [--json FILE]`; run by `npm run bench` too.
 */
import process from "node:process";
import { type ChannelHorizon, compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import type { ChannelRule } from "../../shared/schedule/channel-rule.ts";
import { PLACEMENT_DEFAULTS, type Placement, type When } from "../../shared/schedule/placement.ts";
import { createPlanner } from "../../shared/schedule/planner.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";

const CHANNELS = 500;
const DAYS = 8;
const PER_DAY = 30;
const DAY_MS = 86_400_000;
const SLOT_MS = DAY_MS / PER_DAY;
const FROM_MS = Date.UTC(2026, 10, 23);

const random = createSeededRandom(1);
const channels = Array.from({ length: CHANNELS }, (_, number) => `channel-${number}`);
const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
const titles = Array.from({ length: 400 }, (_, number) => `节目 Programme ${number}`);

function programmesOf(channel: number): ProgrammeTimes[] {
  return Array.from({ length: (DAYS + 3) * PER_DAY }, (_, slot) => ({
    id: `p${channel.toString(36)}x${slot.toString(36).padStart(9, "0")}`,
    title: pick(titles),
    series: `series-${slot % PER_DAY}`,
    categories: slot % PER_DAY === 20 ? ["新闻"] : ["其他"],
    isNew: slot % 2 === 0,
    startMs: FROM_MS - DAY_MS + slot * SLOT_MS,
    endMs: FROM_MS - DAY_MS + (slot + 1) * SLOT_MS,
  }));
}
const guide = channels.map((_, channel) => programmesOf(channel));

const place = (id: string, when: When, more: Partial<Placement> = {}): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id,
  interaction: `interaction-${id}`,
  version: 1,
  channels,
  when,
  ...more,
});
const everywhere: Placement[] = [
  // 96 a day by the clock, 152 a day in programmes: 250 a day on each channel.
  place("quarters", { kind: "cron", rule: "*/15 * * * *", zone: "Asia/Shanghai" }),
  place("each", {
    kind: "programme",
    match: { titlePattern: "*" },
    at: { everyMs: 600_000, offsetMs: 60_000, most: 500 },
  }),
  place(
    "news",
    { kind: "programme", match: { series: "series-20" }, at: { from: "start", offsetMs: 300_000 } },
    { priority: 10 },
  ),
  place("ends", { kind: "programme", match: { series: "series-3" }, at: { from: "end", offsetMs: -1000 } }),
];
const single = channels.map((channel, number) =>
  place(
    `own-${number}`,
    { kind: "programme", match: { titlePattern: "*9*" }, airing: "first-run", at: { fraction: 0.5 } },
    { channels: [channel] },
  ),
);
const rules: ChannelRule[] = [
  { id: "fair", gapMs: 90_000, perHourMost: 12 },
  { id: "news", blackouts: [{ match: { category: "新闻" }, beforeMs: 0, afterMs: 0 }] },
];

const megabytes = () => {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss: rss / 1e6, heap: heapUsed / 1e6, external: (external + arrayBuffers) / 1e6 };
};
const before = megabytes();
const t0 = performance.now();
const planner = createPlanner({
  placements: [...everywhere, ...single],
  groups: new Map(),
  rules,
  region: "north",
});
const horizons: ChannelHorizon[] = channels.map((channel, number) =>
  compileHorizon(
    planner,
    channel,
    planner.index(guide[number] ?? []),
    FROM_MS + DAY_MS,
    FROM_MS + DAYS * DAY_MS,
  ),
);
const t1 = performance.now();
let cues = 0;
let lost = 0;
for (const horizon of horizons) {
  for (const n of Object.values(horizon.suppressed(0, Infinity))) lost += n;
}
const t2 = performance.now();
const body = horizons[0]?.cues(FROM_MS + DAY_MS, FROM_MS + 3 * DAY_MS) ?? [];
const t3 = performance.now();
for (const h of horizons) cues += h.cues(0, Infinity).length;
console.log({
  ms: t1 - t0,
  count: t2 - t1,
  window: t3 - t2,
  body: body.length,
  cues,
  lost,
  before,
  after: megabytes(),
});
