/**
 * Makes the working copy ready to run: the npm packages that the lock names, and the box's bundle. Plain
 * JavaScript with Node 20's own modules, because it runs before anything is installed. Run by itself:
 * `npm run build`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { BINARIES, PROJECT_DIR, refusal, repairBinaries, thisMachine } from "./binaries.mjs";
import { startChild } from "./child.mjs";

const DIST_DIR = join(PROJECT_DIR, "dist");
const CACHE_DIR = join(DIST_DIR, "cache");
const LOCK_FILE = join(PROJECT_DIR, "package-lock.json");
const INSTALLED_FILE = join(PROJECT_DIR, "node_modules/.package-lock.json");
const BUNDLE_STAMP = join(DIST_DIR, "bundle-stamp");
const BUNDLE_SCRIPTS = ["deploy/local/build-box.ts", "deploy/local/build-central-web.ts"];
const BUNDLE_OUTPUTS = ["box", "tv", "central"].map((name) => join(DIST_DIR, name));
/** What the bundles are made of, below the project. */
const BUNDLE_INPUTS = ["edge/box", "central/web", "shared", ...BUNDLE_SCRIPTS, "package-lock.json"];

const PROGRESS_EVERY_MS = 5_000;
const WAIT_FOR_OTHER_MS = 300_000;

/** An end of ours that the user is told in one sentence, without a stack. */
export class InstallError extends Error {}

/**
 * Installs what is missing. A second process that asks meanwhile waits for the first.
 *
 * @param {object} [settings]
 * @param {(line: string) => void} [settings.say] progress in words; standard error unless told
 * @param {boolean} [settings.bundle] whether the box's bundle is wanted too; true unless told
 * @returns {Promise<void>}
 * @throws {InstallError} when this machine cannot run Cuecast, or a step failed
 */
export async function ensureInstalled({ say = sayOnStderr, bundle = true } = {}) {
  const why = refusal(thisMachine());
  if (why !== undefined) throw new InstallError(why);
  if (isReady(bundle)) return;
  await withInstallLock(say, async () => {
    if (!packagesMatch()) await installPackages(say);
    if (bundle && !bundleMatches()) await buildBundle(say);
  });
}

/** @param {string} line */
function sayOnStderr(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {boolean} bundle */
function isReady(bundle) {
  return packagesMatch() && (!bundle || bundleMatches());
}

/** Whether node_modules is what the lock says, and its programs can be run. */
function packagesMatch() {
  if (!existsSync(INSTALLED_FILE)) return false;
  const installed = JSON.parse(readFileSync(INSTALLED_FILE, "utf8"));
  const wanted = JSON.parse(readFileSync(LOCK_FILE, "utf8"));
  return lockDifference(wanted, installed) === undefined && repairBinaries().length === 0;
}

/**
 * The first package in which what npm installed is not what the lock wants; undefined when there is none.
 * npm writes its account of node_modules last, so an interrupted installation differs too.
 *
 * @param {{ packages: Record<string, any> }} wanted package-lock.json
 * @param {{ packages: Record<string, any> }} installed node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function lockDifference(wanted, installed) {
  for (const [path, { version, integrity, optional }] of Object.entries(wanted.packages)) {
    const found = installed.packages[path];
    if (path === "" || (found === undefined && optional === true)) continue;
    if (found?.version !== version || found?.integrity !== integrity) return path;
  }
  return Object.keys(installed.packages).find((path) => wanted.packages[path] === undefined);
}

/** @param {(line: string) => void} say */
async function installPackages(say) {
  const total = countInstallable();
  say(`Installing ${total} packages from the npm registry`);
  const startMs = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startMs) / 1000);
    say(`Installing: ${seconds} s so far`);
  }, PROGRESS_EVERY_MS);
  try {
    // npm says where it is itself; a wrapper of another package manager may stand there too, then PATH decides.
    const npm = process.env.npm_execpath;
    const args = [
      "ci",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--progress=false",
      "--prefer-offline",
    ];
    if (npm?.endsWith("npm-cli.js")) await run(process.execPath, [npm, ...args], "npm ci");
    else await run("npm", args, "npm ci");
  } finally {
    clearInterval(timer);
  }
  const broken = repairBinaries();
  if (broken.length > 0)
    throw new InstallError(`Cannot install: ${broken[0]} is missing or cannot be executed`);
  say(`Installed the packages in ${Math.round((performance.now() - startMs) / 1000)} s`);
}

/** How many packages of the lock npm will put on this machine. */
function countInstallable() {
  const lock = JSON.parse(readFileSync(LOCK_FILE, "utf8"));
  return Object.entries(lock.packages).filter(
    ([path, { os, cpu, libc }]) =>
      path !== "" &&
      (os?.includes("linux") ?? true) &&
      (cpu?.includes("x64") ?? true) &&
      (libc?.includes("glibc") ?? true),
  ).length;
}

function bundleMatches() {
  if (!existsSync(BUNDLE_STAMP) || BUNDLE_OUTPUTS.some((path) => !existsSync(path))) return false;
  return readFileSync(BUNDLE_STAMP, "utf8") === bundleInputsHash();
}

/** @returns {string} changes when anything that the bundle is made of does */
function bundleInputsHash() {
  const hash = createHash("sha256");
  for (const file of BUNDLE_INPUTS.flatMap((path) => filesBelow(path))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(PROJECT_DIR, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path below the project
 * @returns {string[]} sorted, without tests
 */
function filesBelow(path) {
  const absolute = join(PROJECT_DIR, path);
  if (!statSync(absolute).isDirectory()) return [path];
  const names = readdirSync(absolute).sort();
  return names.flatMap((name) => filesBelow(`${path}/${name}`)).filter((file) => !file.endsWith(".test.ts"));
}

/** @param {(line: string) => void} say */
async function buildBundle(say) {
  const startMs = performance.now();
  say("Building the box, the television and central's page");
  const hash = bundleInputsHash();
  for (const script of BUNDLE_SCRIPTS) await run(BINARIES.node24, [join(PROJECT_DIR, script)], script);
  mkdirSync(DIST_DIR, { recursive: true });
  writeFileSync(BUNDLE_STAMP, hash);
  say(`Built them in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

/**
 * Runs a step to its end; its words are shown only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} what for the error
 */
async function run(command, args, what) {
  /** @type {string[]} */
  const lines = [];
  const child = startChild({
    name: what,
    command,
    args,
    cwd: PROJECT_DIR,
    onLine: (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
    },
  });
  const stop = () => child.kill();
  process.on("exit", stop);
  const release = interruptible(child);
  const exit = await child.exited;
  process.off("exit", stop);
  release();
  if (exit.code === 0) return;
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
  throw new InstallError(`${lines.join("\n")}\nCannot install: ${what} ended with ${how}`.trimStart());
}

/**
 * A signal during a step ends the step first and then us: npm must not go on writing behind our back.
 *
 * @param {import("./child.mjs").Child} child
 * @returns {() => void} stops listening
 */
function interruptible(child) {
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    child.stop().then(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/**
 * @param {(line: string) => void} say
 * @param {() => Promise<void>} work
 */
async function withInstallLock(say, work) {
  const lock = join(DIST_DIR, "installing");
  mkdirSync(DIST_DIR, { recursive: true });
  const untilMs = performance.now() + WAIT_FOR_OTHER_MS;
  let waited = false;
  while (!takeLock(lock)) {
    if (performance.now() > untilMs) throw new InstallError(`Cannot install: another process holds ${lock}`);
    if (!waited) say("Waiting for another process that is installing");
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lock, { force: true });
  process.on("exit", release);
  try {
    await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/**
 * @param {string} lock a file that holds the process id of whoever installs
 * @returns {boolean} whether it is ours now
 */
function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  const holder = Number(readFileSync(lock, "utf8"));
  if (holder > 0 && isAlive(holder)) return false;
  rmSync(lock, { force: true });
  return false;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Installs, or tells the user why not and ends the process.
 *
 * @param {Parameters<typeof ensureInstalled>[0]} [settings]
 */
export async function installOrExit(settings) {
  // Deno, swc and Biome would leave their caches in the user's home; children inherit this.
  process.env.XDG_CACHE_HOME = CACHE_DIR;
  try {
    await ensureInstalled(settings);
  } catch (error) {
    // A disk that is full or not ours is no bug; anything without a code is.
    const system = error instanceof Error && "code" in error;
    if (!(error instanceof InstallError) && !system) throw error;
    process.stderr.write(`${system ? "Cannot install: " : ""}${error.message}\n`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await installOrExit({ say: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write("Everything is installed and built\n");
}
