import assert from "node:assert/strict";
import { test } from "node:test";
import { type Source, violations, zoneOf } from "./rules.ts";

/** Sources from paths to code; a job is stated for those that do not care. */
const tree = (files: Record<string, string>): Source[] =>
  Object.entries(files).map(([path, text]) => ({ path, text: `/** A job. */\n${text}` }));

const messages = (files: Record<string, string>) =>
  violations(tree(files)).map(({ path, line, message }) => `${path}:${line} ${message}`);

/** Each: where it stands, what it says, and the start of the message it must bring. */
const BREAKS: [rule: string, path: string, text: string, message: string][] = [
  [
    "shared importing central",
    "shared/a.ts",
    'import { b } from "../central/b.ts";',
    "imports ../central/b.ts: shared may import nothing",
  ],
  [
    "a type imported across zones",
    "shared/a.ts",
    'import type { B } from "../central/b.ts";',
    "imports ../central/b.ts",
  ],
  [
    "an inline type import across zones",
    "shared/a.ts",
    'type B = import("../central/b.ts").B;',
    "imports ../central/b.ts",
  ],
  [
    "a dynamic import across zones",
    "shared/a.ts",
    'await import("../central/b.ts");',
    "imports ../central/b.ts",
  ],
  [
    "central importing an edge",
    "central/a.ts",
    'import "../edge/headend/b.ts";',
    "imports ../edge/headend/b.ts: central may import shared",
  ],
  [
    "a headend importing the box",
    "edge/headend/a.ts",
    'import "../box/b.ts";',
    "imports ../box/b.ts: edge/headend may import shared",
  ],
  [
    "the box importing a headend",
    "edge/box/a.ts",
    'export { b } from "../headend/b.ts";',
    "imports ../headend/b.ts",
  ],
  [
    "anything importing deploy",
    "central/a.ts",
    'import "../deploy/b.ts";',
    "imports ../deploy/b.ts: central may import shared",
  ],
  ["a file outside every zone", "edge/a.ts", "export const a = 1;", "lies in none of"],
  [
    "another folder's private file",
    "central/a.ts",
    'import "./guide/_b.ts";',
    "imports ./guide/_b.ts, which is private",
  ],
  [
    "a re-export of everything",
    "shared/a.ts",
    'export * from "./b.ts"; export const a = 1;',
    "re-exports all of ./b.ts",
  ],
  ["a barrel", "shared/index.ts", 'export { b } from "./b.ts";', "is a barrel"],
  ["an import without extension", "shared/a.ts", 'import "./b";', "imports ./b without its extension"],
  ["a default export", "shared/a.ts", "export default 1;", "exports by default"],
  ["Date.now", "shared/a.ts", "export const a = () => Date.now();", "uses Date.now: use the Clock port"],
  ["new Date()", "shared/a.ts", "export const a = new Date();", "uses new Date(): use the Clock port"],
  ["Date as a function", "shared/a.ts", "export const a = Date();", "uses Date(): use the Clock port"],
  [
    "performance",
    "shared/a.ts",
    "export const a = performance.now();",
    "uses performance: use the Clock port",
  ],
  ["setTimeout", "edge/box/core/a.ts", "setTimeout(() => {}, 1);", "uses setTimeout: use the Timers port"],
  ["setInterval", "edge/box/core/a.ts", "setInterval(() => {}, 1);", "uses setInterval: use the Timers port"],
  ["Math.random", "shared/a.ts", "export const a = Math.random();", "uses Math.random: use the Random port"],
  [
    "Math.random by another spelling",
    "shared/a.ts",
    'export const a = Math["random"]();',
    "uses Math.random",
  ],
  [
    "Math.random in a test",
    "shared/a.test.ts",
    "export const a = Math.random();",
    "uses Math.random: use a seeded random",
  ],
  ["fetch", "central/a.ts", 'await fetch("http://x");', "uses fetch: use a network port"],
  ["fetch handed on", "central/a.ts", "export const a = { fetch };", "uses fetch: use a network port"],
  ["fetch through globalThis", "central/a.ts", "export const a = globalThis.fetch;", "uses fetch"],
  ["console", "edge/headend/a.ts", 'console.log("x");', "uses console: use the Log port"],
  ["process", "edge/headend/a.ts", "export const a = process.env.X;", "uses process: use a setting"],
  ["Deno", "edge/headend/a.ts", "export const a = Deno.pid;", "uses Deno: use a setting"],
  [
    "Buffer in the box",
    "edge/box/core/a.ts",
    'export const a = Buffer.from("");',
    "uses Buffer: use Uint8Array",
  ],
  [
    "a Node module",
    "central/a.ts",
    'import { readFileSync } from "node:fs"; readFileSync("x");',
    "imports node:fs: take a port",
  ],
  [
    "hashing by Node in the box",
    "edge/box/a.ts",
    'import { createHash } from "node:crypto"; createHash("x");',
    "imports node:crypto",
  ],
  [
    "Node in what the bundle imports",
    "edge/box/main.browser.ts",
    'import "node:fs";',
    "imports node:fs, and the box's bundle",
  ],
  ["a vague name", "shared/utils.ts", "export const a = 1;", "utils.ts says nothing"],
  ["a name in camel case", "shared/myClock.ts", "export const a = 1;", "myClock.ts is not in kebab-case"],
  ["unfinished work", "shared/a.ts", "// TODO later", "says TODO"],
  [
    "Chinese with a narrow comma",
    "central/a.ts",
    'const a = "已保存,随下次发布生效";',
    "says 存,: Chinese takes",
  ],
  ["Chinese in narrow brackets", "central/a.ts", 'const a = "机顶盒(估计)";', "says 盒(: Chinese takes"],
  ["a test left out", "shared/a.test.ts", 'test.skip("x", () => {});', "leaves out tests with .skip"],
  ["code that does not parse", "shared/a.ts", "export const = ;", "cannot be parsed"],
];

for (const [rule, path, text, message] of BREAKS) {
  test(`violations() finds ${rule}`, () => {
    const found = messages({ [path]: text });
    assert.ok(
      found.some((line) => line.replace(/^\S+ /, "").startsWith(message)),
      found.join("\n") || "nothing found",
    );
  });
}

test("violations() finds a file that does not open with its job", () => {
  const found = violations([{ path: "shared/a.ts", text: "export const a = 1;\n" }]);
  assert.deepEqual(found, [
    { path: "shared/a.ts", line: 1, message: "does not open with a comment: state the file's job" },
  ]);
});

test("violations() finds a ring of imports once, types included", () => {
  const found = messages({
    "shared/a.ts": 'import "./b.ts";',
    "shared/b.ts": 'import type { C } from "./deep/c.ts";',
    "shared/deep/c.ts": 'import "../a.ts";',
    "shared/d.ts": 'import "./a.ts";',
  });
  assert.deepEqual(found, [
    "shared/a.ts:0 imports itself in a ring: shared/a.ts → shared/b.ts → shared/deep/c.ts → shared/a.ts",
  ]);
});

test("violations() finds Node behind two imports of the bundle", () => {
  const found = messages({
    "edge/box/main.browser.ts": 'import "./core/a.ts";',
    "edge/box/core/a.ts": 'import "../../../shared/b.ts";',
    "shared/b.ts": 'import "node:crypto";',
  });
  assert.deepEqual(found, ["shared/b.ts:2 imports node:crypto, and the box's bundle imports this file"]);
});

test("violations() takes a private file for test code only while tests alone import it", () => {
  const fixture = {
    "central/_fixture.ts": 'import "node:fs";',
    "central/a.test.ts": 'import "./_fixture.ts";',
  };
  assert.deepEqual(messages(fixture), []);
  const found = messages({ ...fixture, "central/b.ts": 'import "./_fixture.ts";' });
  assert.match(found.join(), /^central\/_fixture.ts:2 imports node:fs/);
  assert.match(messages({ "central/_alone.ts": 'import "node:fs";' }).join(), /imports node:fs/);
});

test("violations() names the line, counted past Chinese text and emoji", () => {
  assert.deepEqual(messages({ "shared/a.ts": '// 频道 📺\nexport const a =\n  fetch("x");' }), [
    "shared/a.ts:4 uses fetch: use a network port given to createX()",
  ]);
});

/** Each stays within the rules. */
const KEEPS: [what: string, path: string, text: string][] = [
  ["shared imported by all", "edge/box/core/a.ts", 'import "../../../shared/time/clock.ts";'],
  ["deploy importing everything", "deploy/a.ts", 'import "../central/a.ts"; import "../edge/box/b.ts";'],
  ["a date from an instant", "shared/a.ts", "export const a = new Date(0).getTime() + Date.UTC(2026, 1);"],
  [
    "a parameter called as a global is",
    "shared/a.ts",
    "export const a = (fetch: () => void, process: string) => { fetch(); return process; };",
  ],
  ["a field called as a global is", "shared/a.ts", "export const a = (o: { fetch(): void }) => o.fetch();"],
  ["the type of a global", "central/a.ts", "export type Fetch = typeof fetch;"],
  ["the clock in an adapter", "shared/runtime/a.ts", "export const a = () => Date.now();"],
  ["the network in a platform folder", "edge/box/platform/a.ts", 'await fetch("x");'],
  ["the process in a main file", "edge/box/main.headless.ts", "process.exit();"],
  [
    "hashing by Node at a server",
    "central/a.ts",
    'import { createHash } from "node:crypto"; createHash("x");',
  ],
  [
    "Node's test runner in a test",
    "shared/a.test.ts",
    'import { test } from "node:test"; test("x", () => {});',
  ],
  ["one named re-export beside code", "shared/a.ts", 'export { b } from "./b.ts"; export const a = 1;'],
  ["a private file of the own folder", "central/guide/a.ts", 'import "./_b.ts";'],
];

for (const [what, path, text] of KEEPS) {
  test(`violations() lets pass ${what}`, () => {
    assert.deepEqual(messages({ [path]: text }), []);
  });
}

test("zoneOf() tells a folder from a file that starts alike", () => {
  assert.equal(zoneOf("edge/box/core/a.ts"), "edge/box");
  assert.equal(zoneOf("edge/boxes.ts"), undefined);
});
