/** The box's npm package as a box maker meets it: packed, installed without network, compiled against, run. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startPlayingEdge } from "../conform/playing-edge.ts";
import { CHANNEL } from "../conform/script.ts";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { buildBoxPackage } from "../local/build-box-package.ts";

const run = promisify(execFile);
/** Its first cue comes 6 s after the first pull. */
const FIRED_WITHIN_MS = 40_000;

let folder: string;
let maker: string;

/** A block of code in the package's page. */
async function example(language: string): Promise<string> {
  const page = await readFile(join(PROJECT_DIR, "edge/box/README.md"), "utf8");
  const block = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  assert.ok(block, `an example in ${language}`);
  return block;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cuecast-package-"));
  maker = join(folder, "maker");
  await buildBoxPackage(join(folder, "package"));
  const npm = {
    cwd: join(folder, "package"),
    env: { ...process.env, HOME: folder, npm_config_cache: join(folder, "cache") },
  };
  const { stdout } = await run("npm", ["pack", "--json"], npm);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await mkdir(maker);
  // As `npm init` writes it.
  await writeFile(join(maker, "package.json"), '{ "name": "maker", "private": true, "type": "commonjs" }');
  const tarball = join(folder, "package", filename);
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { ...npm, cwd: maker });
});
after(() => rm(folder, { recursive: true, force: true }));

test("the package comes alone: no dependency, no script, and what a box maker needs", async () => {
  const installed = await readdir(join(maker, "node_modules"));
  assert.deepEqual(
    installed.filter((name) => !name.startsWith(".")),
    ["cuecast-box"],
  );
  const files = await readdir(join(maker, "node_modules/cuecast-box"));
  for (const name of ["LICENSE", "README.md", "index.js", "index.d.ts", "cuecast-box.js", "cuecast-box.css"])
    assert.ok(files.includes(name), name);
  const manifest = JSON.parse(await readFile(join(maker, "node_modules/cuecast-box/package.json"), "utf8"));
  assert.deepEqual([manifest.dependencies, manifest.scripts], [undefined, undefined]);
  // A bundler keeps the script of a page that imports it for what it does.
  assert.deepEqual(manifest.sideEffects, ["./cuecast-box.js", "./cuecast-box.css"]);
});

/** @returns what the compiler says; empty when it is content */
async function compile(
  file: string,
  text: string,
  lib: string[],
  types: string[],
  modules = { module: "NodeNext", moduleResolution: "NodeNext" },
): Promise<string> {
  await writeFile(join(maker, file), text);
  const settings = {
    compilerOptions: {
      target: "ES2022",
      ...modules,
      lib,
      types,
      typeRoots: [join(PROJECT_DIR, "node_modules/@types")],
      strict: true,
      exactOptionalPropertyTypes: true,
      outDir: "out",
      rootDir: ".",
    },
    files: [file],
  };
  await writeFile(join(maker, `${file}.json`), JSON.stringify(settings));
  return run(BINARIES.tsc, ["-p", `${file}.json`, "--pretty", "false"], { cwd: maker }).then(
    () => "",
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}

test("a box maker's TypeScript compiles against the types, and what is wrong does not", async () => {
  const whole = await example("ts");
  assert.equal(await compile("box.mts", whole, ["ES2022"], ["node"]), "");
  const page = `import { start } from "cuecast-box/browser";
const screen = document.createElement("div");
const box = start({ edges: ["http://e"], box: "b", channel: "c", screen });
const used: boolean = box.key("ok");
box.tune(used ? "d" : "");`;
  const bundled = { module: "ESNext", moduleResolution: "Bundler" };
  assert.equal(await compile("page.mts", page, ["ES2022", "DOM"], [], bundled), "");
  const tag = `import type {} from "cuecast-box/cuecast-box.js";
const box = Cuecast.start({ edges: ["http://e"], box: "b", channel: "c", screen: document.body });
box.tune("d");`;
  assert.equal(await compile("tag.mts", tag, ["ES2022", "DOM"], []), "");
  const wrong = whole.replace("monotonicMs", "").replace("clock: systemClock", "clock: { wallMs: () => 0 }");
  assert.match(await compile("wrong.mts", wrong, ["ES2022"], ["node"]), /monotonicMs/);
  // The types of messages come along, too.
  const message = `import type { Interaction } from "cuecast-box";
export const title = (one: Interaction): string => one.title;`;
  assert.match(await compile("message.mts", message, ["ES2022"], []), /Property 'title' does not exist/);
});

/** @returns the first airing that the example tells of */
async function firstAiring(runtime: string, command: string, args: readonly string[]) {
  const edge = await startPlayingEdge("127.0.0.1", 0);
  const home = join(folder, runtime);
  await mkdir(home);
  const program = join(maker, "box.mts");
  const child = spawn(command, [...args, program, `http://127.0.0.1:${edge.port}`, CHANNEL], {
    cwd: home,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, "deno") },
  });
  const ended = once(child, "close");
  const timer = setTimeout(() => child.kill(), FIRED_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("airing ")) return JSON.parse(line.slice("airing ".length));
    }
    return undefined;
  } finally {
    clearTimeout(timer);
    child.kill();
    await ended;
    await edge.close();
  }
}

test("the example of the package's page fires its first cue, on Node and on Deno", async () => {
  const runtimes = [
    ["Node", BINARIES.node24, []],
    ["Deno", BINARIES.deno, ["run", "--allow-all", "--no-remote"]],
  ] as const;
  await Promise.all(
    runtimes.map(async ([runtime, command, args]) => {
      const airing = await firstAiring(runtime, command, args);
      assert.equal(airing?.outcome, "shown", `${runtime}: ${JSON.stringify(airing)}`);
      // The edge's clock is hours away from this machine's.
      assert.ok(Math.abs(airing.errorMs) < 1_000, `${runtime}: ${airing.errorMs} ms`);
      const kept = await readdir(join(folder, runtime, "box-7f3a"));
      assert.ok(
        kept.some((name) => name.startsWith("fired")),
        kept.join(),
      );
    }),
  );
});
