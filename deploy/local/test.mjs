/**
 * `npm test`: installs what is missing, then runs every check and test, two at a time where nothing is timed,
 * and closes with `N passed, N failed`. `-- --only lint,unit` picks steps by name or by the start of it;
 * plain arguments pick test files by the start of their path; `--verbose` shows all output.
 * Names that start with `CUECAST_REHEARSE_` reach the tests: KILLS (how many, in edge-killed), RUNTIME (`node`
 * or `deno`: what the parts of a whole system run on), SCREENSHOTS (a folder to put them in).
 *
 * Nothing is left behind: all temporary files are in one directory that goes at the end, and every
 * process that comes of a test carries a mark by which it is found; one that is still there is a failure.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "./binaries.mjs";
import { startChild } from "./child.mjs";
import { flagValue } from "./flags.mjs";
import { installOrExit } from "./install.mjs";
import { markedProcesses } from "./marked-processes.mjs";
import { onStopSignal } from "./signals.mjs";
import { closingLine, judge, worthReading } from "./tally.mjs";
import { STEERS_TESTS, testSteps } from "./test-steps.mjs";

const SIDE_BY_SIDE = 2;
const PROGRESS_EVERY_MS = 10_000;
const LEFTOVER_GRACE_MS = 3_000;
const RUN_MARK = "CUECAST_TEST_RUN";

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

const args = process.argv.slice(2);
const only = flagValue(args, "only")?.split(",");
const verbose = args.includes("--verbose");
const under = args.filter((word, index) => !word.startsWith("--") && args[index - 1] !== "--only");

// What the user has set for a deployment must not steer the tests.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("CUECAST_") && !name.startsWith(STEERS_TESTS)) delete process.env[name];
}
const patient = Object.keys(process.env).some((name) => name.startsWith(STEERS_TESTS));
await installOrExit({ say });

const all = testSteps(under, { patient });
const steps = all.filter(({ name }) => only?.some((word) => name.startsWith(word)) ?? true);
if (steps.length === 0) {
  say(
    all.length === 0
      ? `Cannot test: no test file's path starts with ${under.join(" or ")}`
      : `Cannot test: no step is called ${only?.join(" or ")}; there are ${all.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

const temporary = mkdtempSync(join(tmpdir(), "cuecast-test-"));
const mark = `${process.pid}-${Date.now()}`;
const environment = {
  TMPDIR: temporary,
  DENO_NO_UPDATE_CHECK: "1",
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  NODE_OPTIONS: undefined,
  // A test file is a process of its own: each would compile again what they share.
  NODE_COMPILE_CACHE: join(temporary, "compiled"),
  [RUN_MARK]: mark,
};
const startMs = performance.now();
/** @type {Map<string, import("./child.mjs").Child>} */
const running = new Map();
/** @type {{ step: import("./test-steps.mjs").Step, tally: import("./tally.mjs").Tally, seconds: number }[]} */
const outcomes = [];
let interrupted = false;

onStopSignal({
  stop: () => {
    interrupted = true;
    say("\nStopping");
    for (const child of running.values()) child.stop();
  },
  insist: () => {
    for (const child of running.values()) child.kill();
  },
});
process.on("exit", () => {
  for (const child of running.values()) child.kill();
  rmSync(temporary, { recursive: true, force: true });
});

const progress = setInterval(() => {
  const names = [...running.keys()].join(", ");
  if (names !== "")
    say(`…    ${names} (${Math.round((performance.now() - startMs) / 1000)} s since the start)`);
}, PROGRESS_EVERY_MS);

/** @param {import("./test-steps.mjs").Step} step */
async function runStep(step) {
  const beganMs = performance.now();
  /** @type {string[]} */
  const lines = [];
  const live = step.alone || verbose;
  if (step.alone) say(`     ${step.about}:`);
  const child = startChild({
    name: step.name,
    command: step.command,
    args: step.args,
    cwd: PROJECT_DIR,
    env: { ...environment, ...step.env },
    onLine: (line) => {
      lines.push(line);
      if (live) say(`     ${line}`);
    },
  });
  running.set(step.name, child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.stop();
  }, step.withinMs);
  const exit = await child.exited;
  clearTimeout(timer);
  running.delete(step.name);
  if (interrupted) return;
  const well = exit.code === 0 && !late;
  const one = { passed: well ? 1 : 0, failed: well ? 0 : 1, skipped: 0 };
  const tally = step.tally === undefined ? one : judge(step.tally(lines.join("\n")), well);
  const seconds = (performance.now() - beganMs) / 1000;
  outcomes.push({ step, tally, seconds });
  const count = step.tally === undefined ? "" : `: ${closingLine([tally])}`;
  say(`${tally.failed === 0 ? "ok  " : "FAIL"} ${step.about}${count} (${seconds.toFixed(1)} s)`);
  if (tally.failed === 0) return;
  if (late) say(`     not done within ${step.withinMs / 1000} s`);
  if (step.tally !== undefined && tally.passed + tally.failed <= 1 && well) say("     not one test was run");
  if (!live) for (const line of worthReading(lines)) say(`     ${line}`);
}

const leftovers = () => markedProcesses(RUN_MARK, mark);

/** Ends what the tests have left running. @returns {Promise<string[]>} its command lines */
async function endLeftovers() {
  const untilMs = performance.now() + LEFTOVER_GRACE_MS;
  while (leftovers().length > 0 && performance.now() < untilMs)
    await new Promise((done) => setTimeout(done, 100));
  const found = leftovers();
  for (const { pid } of found) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }
  return found.map(({ line }) => line);
}

say(`Testing: ${steps.map(({ name }) => name).join(", ")}`);
const together = steps.filter(({ alone }) => !alone);
const lanes = Array.from({ length: SIDE_BY_SIDE }, async () => {
  for (let step = together.shift(); step !== undefined && !interrupted; step = together.shift())
    await runStep(step);
});
await Promise.all(lanes);
for (const step of steps.filter(({ alone }) => alone)) if (!interrupted) await runStep(step);
clearInterval(progress);

const left = await endLeftovers();
if (interrupted) {
  say("Interrupted: the tests did not come to an end");
  process.exit(130);
}
const tallies = outcomes.map(({ tally }) => tally);
if (left.length > 0) {
  say(`FAIL the tests left ${left.length} processes running:`);
  for (const line of left) say(`     ${line.slice(0, 200)}`);
  tallies.push({ passed: 0, failed: 1, skipped: 0 });
}
say("");
for (const { step, tally, seconds } of outcomes) {
  say(
    `${tally.failed === 0 ? "ok  " : "FAIL"} ${step.about.padEnd(48)} ${seconds.toFixed(1).padStart(6)} s  ${closingLine([tally])}`,
  );
}
say(`Took ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
say(closingLine(tallies));
process.exit(tallies.some(({ failed }) => failed > 0) ? 1 : 0);
