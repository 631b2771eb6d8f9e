/**
 * Measures the schedule engine: a million cues on 500 channels over eight days, settled and made ready to serve.
 * A part of `npm run bench`; alone: `… schedule.ts [--json FILE]`. The memory is that of a process which does
 * nothing else, so alone is how the others run it too.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { promisify } from "node:util";
import { gzip } from "../../edge/headend/platform/gzip.ts";
import { createCachedBody } from "../../edge/headend/serve/cached-body.ts";
import { type ChannelHorizon, compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import type { ChannelRule } from "../../shared/schedule/channel-rule.ts";
import { PLACEMENT_DEFAULTS, type Placement, type When } from "../../shared/schedule/placement.ts";
import { createPlanner, type Planner } from "../../shared/schedule/planner.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { makeSchedule, REFRESH_MS, windowAt } from "../../shared/schedule/window.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { printTable } from "../cli/print.ts";

const CHANNELS = 500;
const DAYS = 8;
const PROGRAMMES_A_DAY = 30;
const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 10, 23);
const UNTIL_MS = FROM_MS + DAYS * DAY_MS;
/** The guide reaches a day further at both ends, so that every day has its neighbours. */
const GUIDE_DAYS = DAYS + 2;

export interface ScheduleFigure {
  what: string;
  value: number;
  unit: string;
  note?: string;
}

const channels = Array.from({ length: CHANNELS }, (_, number) => `channel-${number}`);

function drawGuide(): ProgrammeTimes[][] {
  const random = createSeededRandom(1);
  const titles = Array.from({ length: 400 }, (_, number) => `节目 Programme ${number}`);
  const slotMs = DAY_MS / PROGRAMMES_A_DAY;
  return channels.map((_, channel) =>
    Array.from({ length: GUIDE_DAYS * PROGRAMMES_A_DAY }, (__, slot) => {
      const startMs = FROM_MS - DAY_MS + slot * slotMs;
      return {
        id: `p${channel.toString(36)}x${slot.toString(36).padStart(9, "0")}`,
        title: titles[Math.floor(random() * titles.length)] as string,
        series: `series-${slot % PROGRAMMES_A_DAY}`,
        categories: slot % PROGRAMMES_A_DAY === 20 ? ["新闻"] : ["其他"],
        isNew: slot % 2 === 0,
        startMs,
        endMs: startMs + slotMs,
      };
    }),
  );
}

const place = (id: string, when: When, more: Partial<Placement> = {}): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id,
  interaction: `interaction-${id}`,
  version: 1,
  channels,
  when,
  ...more,
});
const programme = (match: object, at: object, more: object = {}) =>
  ({ kind: "programme", match, at, ...more }) as When;

/** About 250 cues a day and channel: 96 by the clock, the others in programmes; and one of each channel's own. */
function makePlacements(): Placement[] {
  const everyTen = { everyMs: 600_000, offsetMs: 60_000, most: 500 };
  return [
    place("quarters", { kind: "cron", rule: "*/15 * * * *", zone: "Asia/Shanghai" }),
    place("each", programme({ titlePattern: "*" }, everyTen)),
    place("news", programme({ series: "series-20" }, { from: "start", offsetMs: 300_000 }), { priority: 10 }),
    place("ends", programme({ series: "series-3" }, { from: "end", offsetMs: -1000 })),
    ...channels.map((channel, number) =>
      place(`own-${number}`, programme({ titlePattern: "*9*" }, { fraction: 0.5 }, { airing: "first-run" }), {
        channels: [channel],
      }),
    ),
  ];
}
const rules: ChannelRule[] = [
  { id: "fair", gapMs: 90_000, perHourMost: 12 },
  { id: "news", blackouts: [{ match: { category: "新闻" }, beforeMs: 0, afterMs: 0 }] },
];

interface Taken {
  /** As a reply that waits for it feels it. */
  ms: number;
  /** What the process computed meanwhile, its other threads included; less than `ms`: it waited for a core. */
  cpuMs: number;
}
const timed = <T>(run: () => T): Taken & { value: T } => {
  const cpu = process.cpuUsage();
  const from = performance.now();
  const value = run();
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, value };
};
const quantile = (values: number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ??
  Number.NaN;
const middle = (all: readonly Taken[]) =>
  quantile(
    all.map(({ ms }) => ms),
    0.5,
  );
/** The first runs code that is not compiled yet, and is told by itself. */
function worst([first, ...rest]: readonly Taken[]): string {
  const tell = ({ ms, cpuMs }: Taken) => `${ms.toFixed(1)} (computing ${cpuMs.toFixed(1)})`;
  const slowest = rest.reduce((a, b) => (b.ms > a.ms ? b : a));
  const busiest = rest.reduce((a, b) => (b.cpuMs > a.cpuMs ? b : a));
  const p99 = quantile(
    rest.map(({ ms }) => ms),
    0.99,
  );
  return `p99 ${p99.toFixed(1)}, worst of ${rest.length} ${tell(slowest)}, most computing ${busiest.cpuMs.toFixed(1)}, first ${first ? tell(first) : "–"}`;
}

function measure(): ScheduleFigure[] {
  const guide = drawGuide();
  const placements = makePlacements();
  const figures: ScheduleFigure[] = [];
  const note = (what: string, value: number, unit: string, more?: string) => {
    figures.push({
      what,
      value: Math.round(value * 100) / 100,
      unit,
      ...(more !== undefined && { note: more }),
    });
  };
  const compileAll = (planner: Planner): ChannelHorizon[] =>
    channels.map((channel, number) =>
      compileHorizon(planner, channel, planner.index(guide[number] ?? []), FROM_MS, UNTIL_MS),
    );
  const plan = () => createPlanner({ placements, groups: new Map(), rules, region: "north" });

  const heldBefore = process.memoryUsage();
  const { ms, cpuMs, value } = timed(() => {
    const planner = plan();
    return { planner, horizons: compileAll(planner) };
  });
  const held = process.memoryUsage();
  const { planner, horizons } = value;
  const everywhere = plan();
  const expanded = timed(() => everywhere.timed.of(placements[0] as Placement, FROM_MS, UNTIL_MS));
  note("a rule of 15 minutes on 500 channels, expanded once", expanded.ms, "ms");

  const one = channels
    .slice(0, 50)
    .map((channel, number) =>
      timed(() => compileHorizon(planner, channel, planner.index(guide[number] ?? []), FROM_MS, UNTIL_MS)),
    );
  note("one changed channel compiled again", middle(one), "ms", `${worst(one)}; the target is 20`);

  const window = windowAt(FROM_MS + DAY_MS);
  let size = 0;
  let small = 0;
  const bodies: Taken[] = [];
  const packed: Taken[] = [];
  for (const [number, horizon] of horizons.slice(0, 200).entries()) {
    const made = timed(() => {
      const inputs = {
        ...{ channel: channels[number] as string, epoch: 1, revision: 1 },
        programmes: guide[number] ?? [],
        cues: horizon.cues(window.fromMs, window.untilMs),
      };
      const json = JSON.stringify(makeSchedule(inputs, window, REFRESH_MS));
      return createCachedBody(json, { contentType: "application/json", cacheControl: "no-store" });
    });
    bodies.push(made);
    size = Math.max(size, made.value.bytes.length);
    const compressed = timed(() => gzip(made.value.bytes));
    packed.push(compressed);
    small = compressed.value.length;
  }
  note(
    "a served body made",
    middle(bodies),
    "ms",
    `at most ${size} bytes; ${worst(bodies)}; the target is 5`,
  );
  note("… and its compressed form", middle(packed), "ms", `${small} bytes; ${worst(packed)}`);

  const turns = horizons.map((_, number) => {
    const index = planner.index(guide[number] ?? []);
    return timed(() =>
      compileHorizon(planner, channels[number] as string, index, FROM_MS + DAY_MS, UNTIL_MS),
    );
  });
  note(
    "horizon roll-over: a turn that a reply can wait for",
    middle(turns),
    "ms",
    `one channel a turn; ${worst(turns)}`,
  );

  // Last: the million cues that are counted here are garbage, which would be collected in others' time.
  let lost = 0;
  let shown = 0;
  for (const horizon of horizons) {
    for (const count of Object.values(horizon.suppressed(FROM_MS, UNTIL_MS))) lost += count;
    shown += horizon.cues(FROM_MS, UNTIL_MS).length;
  }
  const cues = shown + lost;
  const settled = `${CHANNELS} channels, ${DAYS} days, ${PROGRAMMES_A_DAY} programmes a day`;
  const rest = figures.splice(0);
  note("cues expanded, settled and indexed", cues, "", `${settled}; ${lost} suppressed by rules`);
  note("… in", ms, "ms", `one core, computing ${Math.round(cpuMs)}; the target is 2,000`);
  note("… cues a second", cues / (ms / 1000), "/s");
  const bytes = (usage: typeof held) => usage.heapUsed + usage.external;
  note("… held for each cue", (bytes(held) - bytes(heldBefore)) / cues, "bytes");
  note("… resident memory of the process", held.rss / 1e6, "MB", "with the guide; the target is 400");

  return [...figures, ...rest];
}

const run = promisify(execFile);

/** The same in a process of its own. */
export async function measureSchedule(): Promise<ScheduleFigure[]> {
  const options = "Deno" in globalThis ? ["run", "--allow-all", "--no-check"] : [];
  const { stdout } = await run(process.execPath, [...options, import.meta.filename, "--figures"], {
    maxBuffer: 1e6,
  });
  return JSON.parse(stdout) as ScheduleFigure[];
}

if (import.meta.main) {
  const figures = measure();
  if (process.argv.includes("--figures")) console.log(JSON.stringify(figures));
  else {
    printTable(
      ["figure", "value", "", "note"],
      figures.map(({ what, value, unit, note: more }) => [what, String(value), unit, more ?? ""]),
    );
  }
  const at = process.argv.indexOf("--json");
  const file = process.argv[at + 1];
  if (at > 0 && file) await writeFile(file, `${JSON.stringify({ figures }, null, 2)}\n`);
}
