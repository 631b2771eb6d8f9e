/** `npm run simulate`: simulated box-years, world by world; a summary; exit code 1 when an invariant broke. */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import { describeSettings, readSettings, type SettingTable } from "../cli/settings.ts";
import { describeCoverage, missing } from "./coverage.ts";
import { type Figures, mergeFigures, quantile } from "./figures.ts";
import { runHerd } from "./herd.ts";
import { runFailover } from "./herd-failover.ts";
import { createTrace } from "./trace.ts";
import { type Outcome, runWorld } from "./world.ts";

const settings = {
  years: {
    kind: "number",
    unit: "N",
    about: "box-years to simulate, such as 0.5; at least one world",
    default: 1,
    fraction: true,
    least: 0,
  },
  seed: {
    kind: "number",
    about: "seed of the first world, the next has the next; drawn unless told",
    least: 0,
  },
  boxes: { kind: "number", about: "boxes in a world", default: 40, least: 1, most: 1000 },
  box: { kind: "text", unit: "NAME", about: "of a world's boxes this one alone, such as box-7" },
  days: { kind: "number", about: "days in a world", default: 7, least: 1, most: 365 },
  herd: { kind: "number", unit: "boxes", about: "instead: what so many boxes ask of one edge", least: 100 },
  json: { kind: "flag", about: "one JSON object instead of words" },
} as const satisfies SettingTable;

const DAYS_PER_YEAR = 365.25;
const PROGRESS_EVERY_MS = 5_000;
const HERD_RATIO_MAX = 1.2;

const say = (line: string) => process.stdout.write(`${line}\n`);
const count = (value: number) => Math.round(value).toLocaleString("en");

function describe(figures: Figures, boxDays: number): string[] {
  const lines = [
    `  fired       ${count(figures.shown)}, within ${quantile(figures, 0.5)} ms of the moment for half, ${quantile(figures, 0.99)} ms for 99 %`,
    `  due cues    ${count(figures.dueChecks)} looked at: fired, or accounted for:`,
  ];
  for (const [why, times] of Object.entries(figures.accounted).sort((a, b) => b[1] - a[1])) {
    lines.push(`                ${count(times).padStart(8)} ${why}`);
  }
  if (figures.lostToPower > 0)
    lines.push(`                ${count(figures.lostToPower).padStart(8)} marks torn by a power cut`);
  lines.push(
    `  answers     ${count(figures.answers)} given, ${count(figures.taken)} shown as taken, each at central once`,
  );
  if (figures.lateByMoving > 0)
    lines.push(`              ${count(figures.lateByMoving)} of them judged late: their cue had moved`);
  const { usage, coverage } = figures;
  const perDay = (total: number) => count(total / boxDays);
  lines.push(
    `  a box, a day ${perDay(usage.requests)} requests, ${perDay(usage.sentBytes + usage.receivedBytes)} bytes of bodies, ${perDay(usage.writes)} writes; ${count(usage.wakeUps / boxDays / 24)} wake-ups an hour`,
    "  What happened, and how often:",
    ...describeCoverage(coverage),
  );
  const never = missing(coverage);
  if (never.length > 0) lines.push(`  Never happened: ${never.join(", ")}`);
  return lines;
}

const NOTES_MAX = 60;

/** What the box of a violation went through until then: the world once more, told in words. */
async function retell({ seed, violations }: Outcome, boxes: number, days: number): Promise<string[]> {
  const [first] = violations;
  if (!first) return [];
  const lines: string[] = [];
  const notes = (box: string, atMs: number, text: string) => {
    if (box !== first.box || atMs > first.atMs) return;
    lines.push(`    ${(atMs / 1000).toFixed(3).padStart(12)} s  ${text}`);
    if (lines.length > 2 * NOTES_MAX) lines.splice(0, NOTES_MAX);
  };
  await runWorld({ seed, boxes, days, notes });
  return lines.slice(-NOTES_MAX);
}

/** Whether the box alone breaks it too: then the rest of the world need not be looked at. */
async function breaksAlone(failed: Outcome, boxes: number, days: number): Promise<boolean> {
  const [first] = failed.violations;
  if (!first) return false;
  const alone = await runWorld({ seed: failed.seed, boxes, days, only: first.box });
  return alone.violations.some(({ invariant }) => invariant === first.invariant);
}

/** The peak of each kind of request, and the bin over which it was taken. */
async function herd(seed: number, boxes: number, json: boolean): Promise<number> {
  let told = performance.now();
  const progress = (what: string) => (done: number) => {
    if (json || performance.now() - told < PROGRESS_EVERY_MS) return;
    told = performance.now();
    say(`… ${what}: ${count(done)} of ${count(boxes)} boxes`);
  };
  const figures = [
    ...(await runHerd(seed, boxes, progress("one edge"))),
    ...(await runFailover(seed, boxes, progress("two edges"))),
  ];
  if (json) say(JSON.stringify({ seed, boxes, figures }));
  else {
    say(
      `${count(boxes)} boxes on one channel, seed ${seed}; peak by boxes ÷ window, at most ${HERD_RATIO_MAX}`,
    );
    for (const { what, windowMs, binMs, requests, peakPerSecond, ratio } of figures) {
      say(
        `  ${what.padEnd(31)} ${ratio.toFixed(2)}  ${count(peakPerSecond).padStart(7)}/s over ${binMs / 1000} s, window ${windowMs / 1000} s, ${count(requests)} requests`,
      );
    }
  }
  return figures.every(({ ratio }) => ratio <= HERD_RATIO_MAX) ? 0 : 1;
}

async function main(): Promise<number> {
  if (process.argv.includes("--help")) {
    say(`Usage: npm run simulate -- [FLAGS]\n\n${describeSettings(settings)}`);
    return 0;
  }
  const { values } = readSettings(settings, process.argv.slice(2), process.env);
  const { boxes, days, json, box: only } = values;
  const first = values.seed ?? (crypto.getRandomValues(new Uint32Array(1))[0] as number);
  if (values.herd !== undefined) return herd(first, values.herd, json);
  const worlds = Math.max(1, Math.ceil((values.years * DAYS_PER_YEAR) / (boxes * days)));
  const trace = createTrace();
  const began = performance.now();
  const cpuFrom = process.cpuUsage();
  let told = began;
  let boxDays = 0;
  let events = 0;
  let figures: Figures | undefined;
  let failed: Outcome | undefined;
  if (!json) say(`Simulating ${worlds} worlds of ${boxes} boxes for ${days} days, from seed ${first}`);
  for (let world = 0; world < worlds && !failed; world++) {
    const outcome = await runWorld({ seed: (first + world) % 4_294_967_296, boxes, days, only });
    boxDays += outcome.boxDays;
    events += outcome.events;
    figures = figures ? mergeFigures(figures, outcome.figures) : outcome.figures;
    trace.add(outcome.hash, world);
    if (outcome.violations.length > 0) failed = outcome;
    if (json || performance.now() - told < PROGRESS_EVERY_MS) continue;
    told = performance.now();
    const rate = (boxDays / (told - began)) * 60_000;
    say(
      `… ${world + 1} of ${worlds} worlds, ${(boxDays / DAYS_PER_YEAR).toFixed(1)} box-years, ${count(rate)} box-days a minute`,
    );
  }
  const usage = process.cpuUsage(cpuFrom);
  const minutes = (performance.now() - began) / 60_000;
  const cpuMinutes = (usage.user + usage.system) / 60_000_000;
  const violations = failed?.violations ?? [];
  const hash = trace.hash();
  if (json) {
    say(
      JSON.stringify({
        seed: first,
        worlds,
        boxDays,
        events,
        hash,
        failedSeed: failed?.seed ?? null,
        violations,
        figures,
      }),
    );
    return failed ? 1 : 0;
  }
  say("");
  say(`${(boxDays / DAYS_PER_YEAR).toFixed(2)} box-years, ${count(events)} events, trace ${hash}`);
  say(
    `  ${count(boxDays / minutes)} box-days a minute, ${count(boxDays / cpuMinutes)} a minute of processor time`,
  );
  if (figures) for (const line of describe(figures, boxDays)) say(line);
  if (!failed) {
    say("  Every invariant held");
    return 0;
  }
  say("");
  const again = `npm run simulate -- --seed ${failed.seed} --boxes ${boxes} --days ${days} --years 0`;
  say(`BROKEN in seed ${failed.seed}; to see it again: ${again}`);
  if (await breaksAlone(failed, boxes, days))
    say(`and by that box alone: ${again} --box ${violations[0]?.box}`);
  for (const { invariant, atMs, box, detail } of violations)
    say(`  ${invariant}: ${box} at ${Math.round(atMs)} ms: ${detail}`);
  say(`The last that ${violations[0]?.box} went through:`);
  for (const line of await retell(failed, boxes, days)) say(line);
  return 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exit(error instanceof CuecastError && error.code === "usage" ? 2 : 1);
  },
);
