import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import vm from "node:vm";
import { parse } from "@swc/core";
import { summarize } from "../../edge/box/core/summary.ts";
import type { StartedBox } from "../../edge/box/main.browser.ts";
import { gzip } from "../../edge/headend/platform/gzip.ts";
import { createStaticSite } from "../../edge/headend/serve/static-files.ts";
import { interactionSample } from "../../shared/protocol/interaction.ts";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { PROJECT_DIR } from "./binaries.mjs";
import { BUNDLE_BYTES_MAX, type Built, buildBox, CORE_NAMES, INNER_NAMES } from "./build-box.ts";

let dist: string;
let built: Built;
let script: string;
before(async () => {
  dist = await mkdtemp(join(tmpdir(), "cuecast-dist-"));
  built = await buildBox(dist);
  script = await readFile(join(dist, "box/cuecast-box.js"), "utf8");
});
after(() => rm(dist, { recursive: true, force: true }));

/** Where fields are named that are read or written outside of the script: messages, entries, state, ports, options. */
async function outerSources(): Promise<string[]> {
  const named = [
    "core/state.ts",
    "core/pace.ts",
    "core/summary.ts",
    "ports.ts",
    "main.browser.ts",
    "record.ts",
  ];
  const paths = named.map((name) => join(PROJECT_DIR, "edge/box", name));
  paths.push(join(PROJECT_DIR, "shared/log.ts"));
  for (const folder of ["shared/protocol", "shared/time"]) {
    for (const name of await readdir(join(PROJECT_DIR, folder)))
      if (/^[a-z-]+\.ts$/.test(name)) paths.push(join(PROJECT_DIR, folder, name));
  }
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  // What is told of a happening is read outside too.
  for (const name of await readdir(join(PROJECT_DIR, "edge/box/core"))) {
    const text = await readFile(join(PROJECT_DIR, "edge/box/core", name), "utf8");
    texts.push(...(text.match(/\breport\([^;]*;/g) ?? []));
  }
  return texts;
}

test("names that the bundle makes a letter or two of name nothing that is read outside of it", async () => {
  const field = new RegExp(`\\b(${INNER_NAMES.join("|")})\\??:|[{,] (${INNER_NAMES.join("|")})(?=[,} ])`);
  const sources = await outerSources();
  assert.ok(sources.length > 40, `${sources.length} sources`);
  const code = sources.map((text) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""));
  assert.deepEqual(
    code.flatMap((text) => field.exec(text)?.[0] ?? []),
    [],
  );
  // The check itself.
  assert.match("  leftMs?: number;", field);
  assert.match('report(draft, "info", "x", { cue, option });', field);
});

test("fields of the state that have short names are read by the core alone", async () => {
  const field = new RegExp(`\\.(${CORE_NAMES.join("|")})\\b`);
  // What a page makes of `state()`, with a script of its own.
  for (const path of ["edge/box/core/summary.ts", "edge/box/core/edge-time.ts", "shared/time/offset.ts"]) {
    const text = await readFile(join(PROJECT_DIR, path), "utf8");
    assert.deepEqual(field.exec(text)?.[0], undefined, path);
  }
  assert.match("state.settings.pace", field);
});

/** Every kind of node that ES5 (ECMA-262, 5.1) knows, by swc's names. */
const ES5 = new Set(
  `Module Script FunctionBody ExpressionStatement BlockStatement EmptyStatement IfStatement SwitchStatement SwitchCase
  ReturnStatement ThrowStatement TryStatement CatchClause WhileStatement DoWhileStatement ForStatement
  ForInStatement BreakStatement ContinueStatement LabeledStatement VariableDeclaration VariableDeclarator
  FunctionDeclaration FunctionExpression Parameter Identifier Computed ThisExpression ArrayExpression
  ObjectExpression KeyValueProperty GetterProperty SetterProperty UnaryExpression UpdateExpression
  BinaryExpression AssignmentExpression MemberExpression ConditionalExpression CallExpression NewExpression
  SequenceExpression ParenthesisExpression StringLiteral NumericLiteral BooleanLiteral NullLiteral RegExpLiteral
  DebuggerStatement`.split(/\s+/),
);

function* later(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  const { type, kind } = node as { type?: unknown; kind?: unknown };
  if (typeof type === "string" && !ES5.has(type)) yield type;
  if (type === "VariableDeclaration" && kind !== "var") yield String(kind);
  if ((node as { async?: boolean }).async || (node as { generator?: boolean }).generator)
    yield "async or generator";
  for (const inner of Object.values(node)) yield* later(inner);
}

test("the bundle is ES5 in its syntax", async () => {
  assert.deepEqual([...new Set(later(await parse(script, { syntax: "ecmascript" })))], []);
  // The check itself: it must see what it is there for.
  const modern = "let a = (b) => `b`; class C {} for (const x of [...a]) f(x);";
  assert.ok([...later(await parse(modern, { syntax: "ecmascript" }))].length >= 5);
});

/** Names that no scope declares; swc marks them with the context 1. Members of `window` are such names too. */
function* globals(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  const { type, ctxt, value, object, property } = node as Record<string, unknown>;
  if (type === "Identifier" && ctxt === 1) yield String(value);
  const of = object as { value?: string } | undefined;
  const member = property as { type?: string; value?: string } | undefined;
  if (of?.value === "window" && member?.type === "Identifier") yield String(member.value);
  for (const inner of Object.values(node)) yield* globals(inner);
}

test("the bundle asks the engine for nothing that docs/browser-apis.md does not name", async () => {
  const page = await readFile(join(import.meta.dirname, "../../docs/browser-apis.md"), "utf8");
  const named = new Set(page.split("Not used:")[0]?.match(/[A-Za-z0-9]+/g));
  // The global of our own, what every engine has, and a word of swc's tree.
  const known = ["Cuecast", "window", "undefined", "Infinity", "NaN", "Error", "arguments"];
  const used = new Set(globals(await parse(script, { syntax: "ecmascript" })));
  assert.ok(used.has("XMLHttpRequest") && used.has("setTimeout"), [...used].join());
  assert.deepEqual(
    [...used].filter((name) => !named.has(name) && !known.includes(name)),
    [],
  );
});

test("the bundle has at most 20 KB, gzipped by this runtime and as edges send it, with everything in it", () => {
  const body = createStaticSite(
    new Map([["box/cuecast-box.js", new TextEncoder().encode(script)]]),
    gzip,
  ).get("/box/cuecast-box.js");
  const sent = body?.reply({ header: (name) => (name === "accept-encoding" ? "gzip" : undefined) });
  assert.equal(sent?.headers["content-encoding"], "gzip");
  assert.ok((sent?.body?.length ?? 0) <= BUNDLE_BYTES_MAX, `${sent?.body?.length} bytes as sent`);
  assert.ok((sent?.body?.length ?? 0) > 10_000);
  assert.ok(built.boxBytes <= BUNDLE_BYTES_MAX, `${built.boxBytes} bytes`);
  assert.match(script, /\.panel\{/);
});

test("the bundle holds nothing but ASCII: a page of any charset shows its words and signs", () => {
  assert.equal(/[^\n\x20-\x7e]/.exec(script)?.[0], undefined);
  assert.match(script, /\\u6295\\u7968/);
});

test("the television is complete, and asks for nothing from elsewhere", async () => {
  const page = await readFile(join(dist, "tv/index.html"), "utf8");
  for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    if (path?.startsWith("data:")) continue;
    await readFile(join(dist, "tv", path ?? ""));
  }
  assert.doesNotMatch(page, /<style|<script>|https?:/);
  const sheet = await readFile(join(dist, "tv/fonts/fonts.css"), "utf8");
  const fonts = new Set(await readdir(join(dist, "tv/fonts")));
  for (const [, file] of sheet.matchAll(/url\(([^)]+)\)/g)) assert.ok(fonts.has(file ?? ""), file);
});

/** Enough of a page for the overlay. */
class FakeElement {
  className = "";
  text = "";
  style: Record<string, string> = {};
  children: FakeElement[] = [];
  parentNode: FakeElement | null = null;
  clientHeight = 720;
  readonly tag: string;
  constructor(tag: string) {
    this.tag = tag;
  }
  get firstChild(): FakeElement | null {
    return this.children[0] ?? null;
  }
  get textContent(): string {
    return this.text + this.children.map((child) => child.textContent).join(" ");
  }
  set textContent(text: string) {
    this.text = text;
    this.children = [];
  }
  appendChild(child: FakeElement) {
    child.parentNode = this;
    this.children.push(child);
    return child;
  }
  removeChild(child: FakeElement) {
    this.children = this.children.filter((one) => one !== child);
    child.parentNode = null;
  }
  setAttribute() {}
}

/** What engines got after 2009: the bundle must do without. */
const MODERN = `["Map","Set","WeakMap","WeakSet","Symbol","Promise","Proxy","Reflect","fetch","globalThis","BigInt",
  "Uint8Array","Uint32Array","TextEncoder","URL","AbortController","structuredClone"].forEach(function (name) { delete this[name]; });
["assign","entries","values","fromEntries","is","getOwnPropertySymbols","getOwnPropertyDescriptors","hasOwn"]
  .forEach(function (name) { delete Object[name]; });
["from","of"].forEach(function (name) { delete Array[name]; });
["includes","find","findIndex","findLast","fill","flat","flatMap","at","entries","keys","values","copyWithin"]
  .forEach(function (name) { delete Array.prototype[name]; });
["includes","startsWith","endsWith","repeat","padStart","padEnd","normalize","at","replaceAll","codePointAt","trimStart"]
  .forEach(function (name) { delete String.prototype[name]; });
["isInteger","isFinite","isNaN","isSafeInteger"].forEach(function (name) { delete Number[name]; });
["trunc","sign","imul","clz32","log2","hypot"].forEach(function (name) { delete Math[name]; });`;

test("the bundle runs in an engine that has ES5 and nothing later, and without localStorage", () => {
  const startMs = 1_795_420_800_000;
  const time = createSimulatedTime(startMs);
  const atMs = startMs + 60_000;
  const posted: { answers?: unknown[] }[] = [];
  const replies: [RegExp, (body: string) => unknown][] = [
    [/\/v1\/time/, () => ({ timeMs: time.clock.wallMs() })],
    [/\/schedule$/, () => schedule],
    [/\/v1\/interactions\//, () => interactionSample],
    [/\/v1\/channels$/, () => ({ region: "north", edges: [], channels: [] })],
    [
      /\/v1\/answers$/,
      (body) => {
        const sent = JSON.parse(body);
        posted.push(sent);
        return { receipts: sent.answers.map(({ key }: { key: string }) => ({ key, status: "accepted" })) };
      },
    ],
    [/\/v1\/airings$/, () => ({ accepted: 1 })],
  ];
  const schedule = {
    channel: "cctv1",
    epoch: 1,
    revision: 1,
    fromMs: startMs,
    untilMs: startMs + 3_600_000,
    refreshMs: 300_000,
    programmes: [],
    cues: [
      {
        id: "pl1:once",
        atMs,
        untilMs: atMs + 60_000,
        lateJoin: true,
        interaction: "int-42",
        version: 3,
        priority: 0,
        fetch: { fromMs: startMs, untilMs: atMs - 10_000 },
      },
    ],
  };
  class FakeXhr {
    readyState = 0;
    status = 0;
    responseText = "";
    onreadystatechange: (() => void) | null = null;
    url = "";
    open(_: string, url: string) {
      this.url = url;
    }
    setRequestHeader() {}
    getResponseHeader() {
      return null;
    }
    abort() {}
    send(body: string) {
      time.timers.after(5, () => {
        const found = replies.find(([path]) => path.test(this.url.replace(/\?.*/, "")));
        this.status = found ? 200 : 404;
        this.responseText = found ? JSON.stringify(found[1](body)) : "";
        this.readyState = 4;
        this.onreadystatechange?.();
      });
    }
  }
  const screen = new FakeElement("div");
  const timers: (() => void)[] = [];
  const page: Record<string, unknown> = {
    screen,
    navigator: { language: "en" },
    XMLHttpRequest: FakeXhr,
    addEventListener() {},
    removeEventListener() {},
    setTimeout: (run: () => void, delayMs: number) => timers.push(time.timers.after(delayMs, run)),
    clearTimeout: (id: number) => timers[id - 1]?.(),
    document: {
      head: new FakeElement("head"),
      createElement: (tag: string) => new FakeElement(tag),
      createTextNode: (text: string) => Object.assign(new FakeElement("#text"), { text }),
      getElementById: () => null,
      addEventListener() {},
      removeEventListener() {},
    },
  };
  page.window = page;
  const context = vm.createContext(page);
  vm.runInContext(MODERN, context);
  assert.equal(
    vm.runInContext("[typeof Map, typeof Object.assign, typeof [].find] + ''", context),
    "undefined,undefined,undefined",
  );
  page.now = () => time.clock.wallMs();
  vm.runInContext("Date.now = now", context);
  vm.runInContext(script, context);
  const startLate =
    'Cuecast.start({edges:["http://e"],box:"b",channel:"c",screen:screen,presentationDelayMs:60001})';
  assert.throws(() => vm.runInContext(startLate, context), /presentationDelayMs cannot be used/);
  vm.runInContext('box = Cuecast.start({edges:["http://e"],box:"b",channel:"cctv1",screen:screen})', context);

  time.advance(60_100);
  assert.match(screen.textContent, /Who wins tonight\?/);
  // What `state()` gives has the names of core/state.ts: the television's panel reads it, and box makers.
  const known = summarize((vm.runInContext("box", context) as StartedBox).state(), time.clock);
  const { channel, edge, edges, sampled, revision, cues, fired, onScreen, asking, failing } = known;
  assert.deepEqual(
    { channel, edge, edges: edges.length, sampled, revision, cues, fired, onScreen, asking, failing },
    {
      ...{ channel: "cctv1", edge: "http://e", edges: 1, sampled: true, revision: 1, cues: 1, fired: 1 },
      ...{ onScreen: "pl1:once", asking: 0, failing: 0 },
    },
  );
  assert.ok((edges[0]?.tripMs ?? 0) > 0);
  assert.equal(vm.runInContext("box.key('ok')", context), false, "a key pressed for the television");
  time.advance(1_000);
  assert.equal(vm.runInContext("box.key(39) && box.key('ok')", context), true);
  time.advance(5_000);
  assert.match(screen.textContent, /Thank you/);
  assert.equal(posted.length, 1);
  time.advance(120_000);
  assert.doesNotMatch(screen.textContent, /Who wins/);
  assert.equal(vm.runInContext("box.key('ok')", context), false);
});
