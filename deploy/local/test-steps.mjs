/** The steps of `npm test`: what each runs, with what, and how its outcome is read. Runs nothing itself. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BINARIES, PROJECT_DIR } from "./binaries.mjs";
import { denoTally, nodeTally } from "./tally.mjs";

/** Where calendar code must give the same answers, whatever zone the machine is in. */
export const MACHINE_ZONES = ["Asia/Shanghai", "America/Toronto", "Australia/Lord_Howe"];

/** What may steer the tests from outside. Every other `CUECAST_` name is a deployment's. */
export const STEERS_TESTS = "CUECAST_REHEARSE_";

/**
 * Whole-system tests that promise a time: in a rehearsal one after the other, nothing beside them. The others
 * mostly wait, for a moment or for a line to heal: SYSTEM_SIDE_BY_SIDE files at a time, those first that take longest,
 * longest first.
 */
const SYSTEM_ALONE = ["line-cut", "newcomer"];
const SYSTEM_FIRST = [
  "television",
  "line-cut",
  "editors-evening",
  "doors",
  "line-faults",
  "newcomer",
  "edge-killed",
  "guides",
  "uplink-faults",
  "overrun",
  "conform",
  "restored",
  "workers",
  "screens",
  "last-good",
  "punctual",
  "typed",
];
const SYSTEM_SIDE_BY_SIDE = 5;
const SYSTEM_WITHIN_MS = 540_000;
/** A machine on which much else runs is slow, not wrong: several times of what a quiet one takes. */
const UNIT_WITHIN_MS = 540_000;
const QUICK_WITHIN_MS = 240_000;
/** For the full counts, or half an hour of load. */
const SYSTEM_PATIENT_MS = 2_700_000;

const REHEARSAL = "deploy/rehearsal/";
const CALENDAR = "shared/schedule/";
/**
 * What runs on Node alone: launchers for the Node that is there, what builds and checks the sources, and the simulator,
 * of which a test on Node asks Deno for the same trace.
 */
const NODE_ALONE = ["deploy/local/", "deploy/simulate/", "deploy/tidy/"];
const SOURCE_FOLDERS = ["shared", "central", "edge", "deploy"];

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} about in words, for the person who waits
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string>} [env]
 * @property {(text: string) => import("./tally.mjs").Tally | undefined} [tally] undefined: one test, by exit code
 * @property {number} withinMs then it is stopped and has failed
 * @property {boolean} alone runs with nothing beside it, its output shown as it comes
 */

/**
 * @param {readonly string[]} under only test files whose path starts with one of these; empty for all
 * @param {{ patient?: boolean }} [how] `patient`: the tests were told to take longer than usual
 * @returns {Step[]} in order; without those that have no file to test: given none, the runtimes would take all
 */
export function testSteps(under, { patient = false } = {}) {
  const files = SOURCE_FOLDERS.flatMap((folder) => testFiles(folder)).filter(
    (file) => under.length === 0 || under.some((prefix) => file.startsWith(prefix)),
  );
  const unit = files.filter((file) => !file.startsWith(REHEARSAL));
  const hooked = unit.filter(hasHooks);
  const plain = unit.filter((file) => !hooked.includes(file));
  const onDeno = unit.filter((file) => !NODE_ALONE.some((folder) => file.startsWith(folder)));
  const calendar = unit.filter((file) => file.startsWith(CALENDAR));
  const system = files.filter((file) => file.startsWith(REHEARSAL));
  const timed = patient ? system.filter((file) => SYSTEM_ALONE.includes(basename(file, ".test.ts"))) : [];
  const shared = system.filter((file) => !timed.includes(file)).sort((one, other) => turn(one) - turn(other));
  /** @type {Record<string, string>} */
  const told = shared.length > 1 ? { [`${STEERS_TESTS}SIDE_BY_SIDE`]: "1" } : {};
  const quiet = "--disable-warning=ExperimentalWarning";
  const node = [quiet, "--test", "--test-reporter=spec"];
  /**
   * One start of the runtime for all files: only where no file has hooks of its own. Node runs the last of those when
   * nothing is left to do, which never comes while what they would end still runs.
   */
  const nodeInOne = [...node, "--test-isolation=none"];
  const { biome, tsc, node24, deno } = BINARIES;
  const steps = [
    step(
      "lint",
      "format and lint",
      biome,
      ["ci", "--colors=off", "--diagnostic-level=warn", "--max-diagnostics=50", "."],
      {
        withinMs: QUICK_WITHIN_MS,
      },
    ),
    step("types", "types", tsc, ["-p", ".", "--pretty", "false"], { withinMs: QUICK_WITHIN_MS }),
    step("rules", "import and naming rules", node24, ["deploy/tidy/check.ts"], {
      withinMs: QUICK_WITHIN_MS,
    }),
    // Quiet, Deno drops what tests print: seeds, where many runs are made.
    step(
      "unit-deno",
      "unit tests on Deno",
      deno,
      [...DENO_TEST, ...(patient ? [] : ["--quiet"]), ALL_IN_ONE, "--", ...onDeno],
      {
        tally: denoTally,
        withinMs: patient ? SYSTEM_PATIENT_MS : UNIT_WITHIN_MS,
      },
    ),
    ...[
      { name: "unit-node", about: "unit tests on Node 24", how: nodeInOne, which: plain },
      {
        name: "unit-node-hooks",
        about: "unit tests on Node 24, of files with hooks",
        how: [...node, "--test-concurrency=1"],
        which: hooked,
      },
    ].map(({ name, about, how, which }) =>
      step(name, about, node24, [...how, ...which], {
        tally: nodeTally,
        withinMs: patient ? SYSTEM_PATIENT_MS : UNIT_WITHIN_MS,
      }),
    ),
    ...MACHINE_ZONES.map((zone) =>
      step(
        `zone-${zone.split("/")[1]?.toLowerCase()}`,
        `calendar tests, machine in ${zone}`,
        node24,
        [...nodeInOne, ...calendar],
        {
          env: { TZ: zone },
          tally: nodeTally,
          withinMs: QUICK_WITHIN_MS,
        },
      ),
    ),
    ...[
      {
        name: "system",
        about: "whole-system tests",
        args: [quiet, IN_ORDER, String(SYSTEM_SIDE_BY_SIDE), ...shared],
        // Figures are told, not held to their limits: `deploy/rehearsal/within.ts`.
        env: told,
      },
      {
        name: "system-timed",
        about: "whole-system tests that are timed",
        args: [quiet, IN_ORDER, "1", ...timed],
        env: {},
      },
    ].map(({ name, about, args, env }) =>
      step(name, about, node24, args, {
        env,
        tally: nodeTally,
        withinMs: patient ? SYSTEM_PATIENT_MS : SYSTEM_WITHIN_MS,
        alone: true,
      }),
    ),
  ];
  /** @type {[start: RegExp, files: string[]][]} */
  const needs = [
    [/^unit-deno/, onDeno],
    [/^unit-node$/, plain],
    [/^unit-node-hooks/, hooked],
    [/^zone/, calendar],
    [/^system$/, shared],
    [/^system-timed/, timed],
  ];
  return steps.filter(({ name }) => {
    const need = needs.find(([start]) => start.test(name));
    return need === undefined ? under.length === 0 : need[1].length > 0;
  });
}

/**
 * @param {string} file
 * @returns {number} what begins before what: the lower one; equal ones in the order in which they come
 */
function turn(file) {
  const place = SYSTEM_FIRST.indexOf(basename(file, ".test.ts"));
  return place === -1 ? SYSTEM_FIRST.length : place;
}

/**
 * @param {string} file below the project
 * @returns {boolean} whether something of it runs before or after all its tests
 */
function hasHooks(file) {
  return HOOKS_IMPORTED.test(readFileSync(join(PROJECT_DIR, file), "utf8"));
}

const HOOKS_IMPORTED = /import \{[^}]*\b(?:before|after|beforeEach|afterEach)\b[^}]*\} from "node:test"/;

/** Deno's way to what `--test-isolation=none` is on Node. */
const ALL_IN_ONE = "deploy/local/in-one.mjs";

/** Node's own command begins with the first by name, whatever it is given first. */
const IN_ORDER = "deploy/local/in-order.mjs";

const DENO_TEST = ["test", "--allow-all", "--no-check", "--no-lock", "--no-remote", "--cached-only"];

/**
 * @param {string} name
 * @param {string} about
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ withinMs: number, env?: Record<string, string>, tally?: Step["tally"], alone?: boolean }} rest
 * @returns {Step}
 */
function step(name, about, command, args, { withinMs, env = {}, tally, alone = false }) {
  return { name, about, command, args, withinMs, env, tally, alone };
}

/**
 * @param {string} folder below the project
 * @returns {string[]} sorted, with slashes
 */
function testFiles(folder) {
  return readdirSync(join(PROJECT_DIR, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
    .map((file) => `${folder}/${file}`)
    .sort();
}
