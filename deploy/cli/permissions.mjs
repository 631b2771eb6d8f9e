/**
 * What each command may do on Deno: its permission flags. Node 24 runs the same programs without limits.
 *
 * What cannot be limited further, and why:
 * - `/bin/sh` for central: a shell keeps sqld, so that it ends even when central is killed.
 * - `--allow-ffi` of that one library: libSQL is a native addon. It opens its files by itself, past Deno's checks: the limits
 *   on reading and writing hold for our own code, not for the database's.
 * - `--allow-sys=cpus,networkInterfaces,hostname`: the addon's loader reads Node's diagnostic report to
 *   tell glibc from musl, and the report wants these; `statfs` is how much room the disk has.
 * - `--allow-env` by name: `LIBSQL_JS_DEV` is the addon's, `NODE_V8_COVERAGE` is read by every `spawn`, and a
 *   child inherits the environment, which `spawn` copies whole: whatever spawns may read all of it.
 * - `--allow-net` without names, but for an edge: central fetches guides and calls webhooks wherever editors say, and a box
 *   asks whichever edges its line-up names. An edge listens where its settings say and asks its central alone; the process
 *   that syncs has an address of its own (`edge/headend/platform/child-permissions.ts`). A proxy needs no permission.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, join, resolve } from "node:path";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { flagValue } from "../local/flags.mjs";

/**
 * @typedef {object} Command
 * @property {boolean} serves runs until it is stopped; is told by its stdin that its parent is gone
 * @property {boolean} [input] reads what is typed
 * @property {boolean} data keeps files in its data directory
 * @property {boolean} database opens libSQL files
 * @property {readonly ("deno" | "sqld" | "sh")[]} runs programs that it starts
 * @property {readonly string[]} [reads] flags that name a file or directory to read
 * @property {readonly string[]} [writes] flags that name a file or directory to write
 * @property {boolean} [token] reads the file `token` in central's data directory
 * @property {boolean} [readsNamed] reads the files that its plain arguments name
 * @property {boolean} [writesNamed] writes files that its plain arguments name, and beside them
 * @property {string} [dataOf] keeps files in the data directory of that command
 * @property {Readonly<Record<string, readonly ("deno" | "sqld" | "sh")[]>>} [runsWith] programs that it starts when a flag is given
 * @property {Listens} [listens] it talks to nobody but central, and listens there, unless told by flags
 */

/** The one native library. */
const LIBSQL = join(PROJECT_DIR, "node_modules/@libsql");

/** @typedef {{ host: string, port: number, "admin-host": string, "admin-port": number }} Listens */

/** Talks to central with the token that central keeps in its data directory. */
const ASKS_CENTRAL = Object.freeze({ serves: false, data: false, database: false, runs: [], token: true });

/** @type {Readonly<Record<string, Command>>} */
export const COMMANDS = Object.freeze({
  central: {
    ...{
      serves: true,
      data: true,
      database: true,
      runs: ["sh", "sqld"],
      reads: ["tls-cert", "tls-key", "oidc-client-secret-file"],
    },
    writes: ["backup-dir"],
    // `cuecast backup`, beside it.
    runsWith: { "backup-dir": ["deno"] },
  },
  edge: {
    ...{ serves: true, data: true, database: true, runs: ["deno"], reads: ["tls-cert", "tls-key"] },
    writes: ["front"],
    listens: { host: "127.0.0.1", port: 8081, "admin-host": "127.0.0.1", "admin-port": 8091 },
  },
  // The lock on its data directory is a database.
  box: { serves: true, input: true, data: true, database: true, runs: [] },
  conform: { serves: false, data: false, database: false, runs: [] },
  import: { ...ASKS_CENTRAL, readsNamed: true },
  source: ASKS_CENTRAL,
  limits: ASKS_CENTRAL,
  schedule: ASKS_CENTRAL,
  publish: ASKS_CENTRAL,
  withdraw: ASKS_CENTRAL,
  rollback: ASKS_CENTRAL,
  status: ASKS_CENTRAL,
  backup: { serves: false, data: true, dataOf: "central", database: true, runs: [], writesNamed: true },
  restore: { serves: false, data: true, dataOf: "central", database: true, runs: [], readsNamed: true },
  doctor: { serves: false, data: false, database: true, runs: [], reads: ["data"] },
  enrol: ASKS_CENTRAL,
  token: ASKS_CENTRAL,
});

/** A command that the table does not know: it may talk, and read the project, and no more. */
const UNKNOWN = Object.freeze({ serves: false, data: false, database: false, runs: [] });

/**
 * @param {string | undefined} name the first argument
 * @returns {Command}
 */
export function commandFor(name) {
  return (name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined) ?? UNKNOWN;
}

/**
 * The engine's flags for a command. Central reads guides of 100 MB, and most of the memory that this takes is room that
 * the engine leaves between collections: with these it grows by some 100 MB on both runtimes (Node without the second:
 * 163 to 209, without both: 290). They leave the processor time as it is; `--optimize-for-size`, which also keeps memory low,
 * doubles it.
 *
 * @param {string | undefined} name
 * @returns {readonly string[]}
 */
export function v8Flags(name) {
  return name === "central" ? ["--max-semi-space-size=8", "--heap-growing-percent=20"] : [];
}

/**
 * What the C library's allocator is told for a command: an edge holds a publication as a few large runs of bytes, and
 * with pages of 4 KiB the system is asked 6,000 times to make a run of 24 MB, which takes more time than all that is done
 * with it. With large pages (glibc 2.35 and later; others pass it over) it is asked a dozen times. What the environment
 * says itself counts.
 *
 * @param {string | undefined} name
 * @param {Record<string, string | undefined>} env
 * @returns {Record<string, string>}
 */
export function allocatorEnvironment(name, env) {
  const told = env.GLIBC_TUNABLES ?? "";
  if (name !== "edge" || told.includes("glibc.malloc.hugetlb=")) return {};
  return { GLIBC_TUNABLES: [...(told === "" ? [] : [told]), "glibc.malloc.hugetlb=1"].join(":") };
}

/**
 * The data directory of a command: `--data`, else `CUECAST_DATA`, else `data/<command>` below the current
 * directory.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {string} cwd absolute
 * @returns {string} absolute
 */
export function dataDirectory(name, args, env, cwd) {
  return resolve(cwd, flagValue(args, "data") ?? (env.CUECAST_DATA || `data/${name}`));
}

/** @param {string} path @returns {string | undefined} undefined when it cannot be read */
export function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Deno's flags for one run of a command.
 *
 * @param {string | undefined} name
 * @param {readonly string[]} args what follows the command's name
 * @param {Record<string, string | undefined>} env
 * @param {string} cwd absolute
 * @param {(path: string) => boolean} isThere on this machine's disk
 * @param {(path: string) => string | undefined} [readText] a file there; undefined when it cannot be read
 * @returns {string[]}
 */
export function permissionFlags(name, args, env, cwd, isThere, readText = () => undefined) {
  const command = commandFor(name);
  const data =
    command.data && name !== undefined
      ? [firstMissing(dataDirectory(command.dataOf ?? name, args, env, cwd), isThere)]
      : [];
  /** @param {string} flag */
  const given = (flag) => flagValue(args, flag) ?? env[`CUECAST_${flag.toUpperCase().replaceAll("-", "_")}`];
  /** @param {readonly string[] | undefined} flags */
  const named = (flags) =>
    (flags ?? []).flatMap((flag) => given(flag) || []).map((path) => resolve(cwd, path));
  const dataFlag = flagValue(args, "data");
  const plain = (command.readsNamed || command.writesNamed ? args : [])
    .filter((word) => !word.startsWith("-") && !/^https?:/.test(word) && word !== dataFlag)
    .map((path) => resolve(cwd, path));
  const token = command.token ? [join(dataDirectory("central", args, env, cwd), "token")] : [];
  const besides = command.writesNamed ? plain.flatMap((path) => [path, dirname(path)]) : [];
  const written = [...data, ...named(command.writes), ...besides];
  const read = [PROJECT_DIR, ...written, ...token, ...named(command.reads), ...plain];
  const places =
    command.listens &&
    edgePlaces(command.listens, given, dataDirectory(name ?? "", args, env, cwd), readText);
  const flags = [`--allow-read=${list(read)}`, places ? `--allow-net=${places.join(",")}` : "--allow-net"];
  if (written.length > 0) flags.push(`--allow-write=${list(written)}`);
  if (command.database)
    flags.push(`--allow-ffi=${list([LIBSQL])}`, "--allow-sys=cpus,networkInterfaces,hostname,statfs");
  else flags.push("--allow-sys=hostname");
  const runs = [
    ...command.runs,
    ...Object.entries(command.runsWith ?? {}).flatMap(([flag, programs]) => (given(flag) ? programs : [])),
  ];
  if (runs.length > 0)
    flags.push(
      `--allow-run=${list(runs.map((program) => (program === "sh" ? "/bin/sh" : BINARIES[program])))}`,
    );
  flags.push(runs.length > 0 ? "--allow-env" : "--allow-env=CUECAST_*,TZ,LANG,NO_COLOR,LIBSQL_JS_DEV");
  return flags;
}

/**
 * Where an edge listens, and its centrals: the one that is named, and the one that it was enrolled at.
 *
 * @param {Listens} listens unless told
 * @param {(flag: string) => string | undefined} given
 * @param {string} data absolute
 * @param {(path: string) => string | undefined} readText
 * @returns {string[] | undefined} undefined when Deno would not take one of them: the program says what is wrong with it
 */
function edgePlaces(listens, given, data, readText) {
  const [port, adminPort] = [given("port") || listens.port, given("admin-port") || listens["admin-port"]];
  const places = [
    place(given("host") || listens.host, port),
    // It asks itself how many it can take.
    place("127.0.0.1", port),
    place(given("admin-host") || listens["admin-host"], adminPort),
    ...[given("central"), keptCentral(data, readText)]
      .filter((url) => !!url)
      .map((url) => placeOf(url ?? "")),
  ];
  const known = places.filter((each) => each !== undefined);
  return known.length === places.length ? [...new Set(known)] : undefined;
}

/** @param {string} data @param {(path: string) => string | undefined} readText @returns {string | undefined} */
function keptCentral(data, readText) {
  for (const name of ["identity.json", "identity.kept.json"]) {
    try {
      const { central } = JSON.parse(readText(join(data, name)) ?? "");
      if (typeof central === "string") return central;
    } catch {
      // The other copy may hold; without one an edge does not start.
    }
  }
  return undefined;
}

/** @param {string} url @returns {string | undefined} */
function placeOf(url) {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  return place(hostname.replace(/^\[|\]$/g, ""), port || (protocol === "https:" ? 443 : 80));
}

/**
 * `host:port` as Deno takes it; the host alone where any free port will do.
 *
 * @param {string} host
 * @param {string | number} port
 * @returns {string | undefined} undefined when Deno would not take it
 */
function place(host, port) {
  const number = Number(port);
  const isName = isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host);
  if (!isName || !Number.isInteger(number) || number < 0 || number > 65_535) return undefined;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return number === 0 ? name : `${name}:${number}`;
}

/**
 * On a fresh machine the folders above a data directory are made too.
 *
 * @param {string} path absolute
 * @param {(path: string) => boolean} isThere
 * @returns {string} the path, or the first part of it that is not there
 */
function firstMissing(path, isThere) {
  const parent = dirname(path);
  return parent === path || isThere(parent) ? path : firstMissing(parent, isThere);
}

/** Deno splits at commas; one within a path is written twice. @param {readonly string[]} paths */
function list(paths) {
  return [...new Set(paths)].map((path) => path.replaceAll(",", ",,")).join(",");
}
