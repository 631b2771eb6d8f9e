/** Every command as its user types it, with something wrong: one clear line, the right exit code, nothing left. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { startChild } from "../local/child.mjs";

let dir: string;
let taken: Server;
let busy: number;
let free: number;
/** Answers everything, and is not central. */
let other: HttpServer;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "cuecast-doors-"));
  await writeFile(join(dir, "file"), "");
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  busy = (taken.address() as { port: number }).port;
  free = await freePort();
  other = createHttpServer((_, reply) => reply.end("<!doctype html><title>It works</title>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  await new Promise((resolve) => taken.close(resolve));
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  await rm(dir, { recursive: true, force: true });
});

/** Runs a launcher to its end, which must come by itself. */
async function typed(words: string[]): Promise<{ code: number | null; lines: string[] }> {
  const [program, ...rest] = words;
  const file = program === "start" ? "deploy/local/start.mjs" : "deploy/cli/cuecast.mjs";
  const lines: string[] = [];
  const child = startChild({
    name: program ?? "",
    command: BINARIES.node24,
    args: [join(PROJECT_DIR, file), ...(program === "start" ? rest : words)],
    cwd: dir,
    // Nothing of whoever runs the tests: only what was typed.
    env: { CUECAST_DATA: undefined, CUECAST_CENTRAL: undefined, CUECAST_TOKEN: undefined },
    onLine: (line) => lines.push(line),
  });
  const timer = setTimeout(child.kill, 25_000);
  const exit = await child.exited;
  clearTimeout(timer);
  return { code: exit.code, lines };
}

/** `{dir}`, `{busy}`, `{free}`, `{other}` stand for what is known only when the test runs. */
type Case = [words: string, code: number, line: RegExp];
const NOWHERE = "--central http://127.0.0.1:{free} --token t";
const EDGE = "edge --data {dir}/edge --port 0 --admin-port 0";

const cases: Case[] = [
  // A data directory that can be none.
  ["central --data {dir}/file", 2, /^Cannot keep data in \S+\/file: it is a file, not a directory$/],
  ["edge --data {dir}/file/below", 2, /^Cannot keep data in .*a part of its path is a file/],
  ["box --data /proc/cuecast --channel one --edge http://127.0.0.1:{free}", 2, /^Cannot keep data in \/proc/],
  ["central --runtime node --data /proc/cuecast", 2, /^Cannot keep data in \/proc/],
  ["start --data {dir}/file", 2, /^Cannot keep data in \S+\/file: it is a file, not a directory$/],
  ["start --data /proc/cuecast", 2, /^Cannot keep data in \/proc\/cuecast: nothing can be made there$/],
  // Flags.
  ["start --boxes -1", 2, /^Cannot take --boxes -1: it must be a whole number from 0 to 1000$/],
  ["start --boxes 1e9", 2, /^Cannot take --boxes 1e9: it must be a whole number/],
  ["start --port-base 99999", 2, /^Cannot take --port-base 99999: it must be a whole number from 1024/],
  ["start --guide nowhere.xml", 2, /^Cannot read \S+\/nowhere\.xml: there is no such file$/],
  ["start --guide {dir}", 2, /^Cannot read \S+: it is a directory, not a file$/],
  ["start --box 3", 2, /^Cannot take --box: there is no such flag; --help lists them all$/],
  ["start guide.xml", 2, /^Cannot take guide\.xml: only flags are taken here$/],
  ["start --runtime bun", 2, /^Cannot choose the runtime: it is deno or node, not "bun"$/],
  ["edge --runtime bun", 2, /^Cannot choose the runtime/],
  [
    "edge --central ftp://central.example",
    2,
    /^Cannot take --central ftp:\S+: it must be an address like http/,
  ],
  ["box --channel one --edge localhost:8081", 2, /^Cannot take --edge localhost:8081: it must be an address/],
  ["box --channel a/b --edge http://127.0.0.1:{free}", 2, /^Cannot take --channel a\/b: only A-Z a-z 0-9/],
  ["status extra", 2, /^Cannot take extra: only flags are taken here$/],
  ["publish --comment", 2, /^Cannot take --comment: its value is missing$/],
  ["polls", 2, /^Cannot run polls: no such command$/],
  // Ports.
  [
    "start --port-base {busy} --data {dir}/start",
    1,
    /^Cannot start: port \d+, for central, .* --port-base \d+$/,
  ],
  [
    "central --data {dir}/central --port {busy}",
    1,
    /^Cannot listen on 127\.0\.0\.1:\d+: another program uses this port/,
  ],
  [
    "central --data {dir}/central --port 0 --air-port {busy} --air-admin-port 0",
    1,
    /^Cannot listen on 127\.0\.0\.1:\d+: another program uses this port/,
  ],
  [
    `edge --data {dir}/edge --port {busy}`,
    1,
    /^Cannot listen on 127\.0\.0\.1:\d+: another program uses this port/,
  ],
  [
    "edge --data {dir}/edge --port {free} --admin-port {free}",
    2,
    /^Cannot take --admin-port \d+: --port has that port$/,
  ],
  [
    "central --data {dir}/central --port {free} --air-port {free}",
    2,
    /^Cannot take --air-port \d+: --port has that/,
  ],
  // Central: not told, away, refusing, another.
  [EDGE, 2, /^Cannot start: this edge is not enrolled; make a code with `cuecast enrol`/],
  [
    `${EDGE} --central http://127.0.0.1:{free} --enrol abcdefgh`,
    4,
    /^Cannot reach central at \S+: nobody listens/,
  ],
  [`status ${NOWHERE}`, 4, /^Cannot reach central at \S+: nobody listens there/],
  [
    "status --central http://127.0.0.1:{other} --token t",
    4,
    /^Cannot reach central .* is not central: an edge/,
  ],
  [
    "limits --central http://127.0.0.1:{other} --token t",
    4,
    /^Cannot reach central .* is not central: an edge/,
  ],
  [
    "token --central http://127.0.0.1:{other} --token t",
    4,
    /^Cannot reach central .* is not central: an edge/,
  ],
  [`${EDGE} --central http://127.0.0.1:{other} --enrol abcdefgh`, 1, /is that address central's\? [A-Z]/],
  [
    "publish --data {dir}/nobody",
    2,
    /^Cannot sign in to central: no --token .*nobody\/token cannot be read$/,
  ],
  [`import nowhere.xml ${NOWHERE}`, 2, /^Cannot read nowhere\.xml: there is no such file/],
  [`import {dir} ${NOWHERE}`, 2, /^Cannot read \S+: it is a directory/],
];

for (const [words, code, line] of cases) {
  test(`${words}: exit code ${code}`, async () => {
    const filled = words
      .replaceAll("{dir}", dir)
      .replaceAll("{busy}", String(busy))
      .replaceAll("{free}", String(free))
      .replaceAll("{other}", String((other.address() as { port: number }).port));
    const { code: found, lines } = await typed(filled.split(" "));
    assert.match(lines[0] ?? "", line);
    assert.equal(found, code, lines.join("\n"));
    assert.doesNotMatch(lines.join("\n"), /\bat .*\.m?[jt]s:\d+|"level":|bug in Cuecast/);
    if (!line.source.includes("no such command")) assert.equal(lines.length, 1, lines.join("\n"));
  });
}

test("what was refused for its command line has made nothing", async () => {
  await rm(join(dir, "edge"), { recursive: true, force: true });
  await rm(join(dir, "central"), { recursive: true, force: true });
  await typed(["edge", "--data", join(dir, "edge"), "--prot", "1"]);
  await typed(["start", "--data", join(dir, "start"), "--guide", "nowhere.xml"]);
  assert.deepEqual((await readdir(dir)).sort(), ["file", "start"]);
  assert.deepEqual(await readdir(join(dir, "start")), []);
});
