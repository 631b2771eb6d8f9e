/**
 * The rules of the layout (who may import whom, who may touch the outside world, how files are named), as
 * a pure function from sources to violations. Reading the files is `check.ts`.
 */
import { type Facts, readFacts } from "./facts.ts";

export interface Source {
  /** Below the project, with slashes: `shared/time/clock.ts`. */
  path: string;
  text: string;
}

export interface Violation {
  path: string;
  /** From 1; 0 when it is about the whole file. */
  line: number;
  /** What is wrong, and what to use instead. */
  message: string;
}

/** `test`: a test, or what only tests import. */
type Parsed = Source & { facts: Facts; test: boolean };
type Rule = (file: Parsed) => Omit<Violation, "path">[];

/** Each zone, and the zones that it may import beside itself. */
const ZONES: Record<string, readonly string[]> = {
  shared: [],
  central: ["shared"],
  "edge/headend": ["shared"],
  "edge/box": ["shared"],
  deploy: ["shared", "central", "edge/headend", "edge/box"],
};

/** Globals that only adapters may use, and what stands in for each. */
const BANNED_GLOBALS: Record<string, string> = {
  "Date.now": "the Clock port (shared/time/clock.ts)",
  "new Date()": "the Clock port (shared/time/clock.ts)",
  "Date()": "the Clock port (shared/time/clock.ts)",
  performance: "the Clock port (shared/time/clock.ts)",
  setTimeout: "the Timers port (shared/time/timers.ts)",
  setInterval: "the Timers port (shared/time/timers.ts)",
  setImmediate: "the Timers port (shared/time/timers.ts)",
  "Math.random": "the Random port (shared/time/random.ts)",
  "crypto.getRandomValues": "the Random port (shared/time/random.ts), or a port of secrets",
  "crypto.randomUUID": "the Random port (shared/time/random.ts), or a port of secrets",
  fetch: "a network port given to createX()",
  XMLHttpRequest: "a network port given to createX()",
  WebSocket: "a network port given to createX()",
  EventSource: "a network port given to createX()",
  localStorage: "a store port given to createX()",
  sessionStorage: "a store port given to createX()",
  console: "the Log port (shared/log.ts)",
  process: "a setting or a port; only main files read the process",
  Deno: "a setting or a port; only main files know the runtime",
};

/** What a television's browser lacks. */
const BANNED_IN_BOX: Record<string, string> = {
  ...BANNED_GLOBALS,
  Buffer: "Uint8Array",
};

/** In a test no clock is real and no draw is unseeded, adapters' tests and whole-system tests left aside. */
const BANNED_IN_TESTS: Record<string, string> = {
  "Math.random": "a seeded random (shared/testing/seeded-random.ts)",
};

const BROWSER_MAIN = /^edge\/box\/(.*\/)?main\.browser\.ts$/;
const BROWSER_PACKAGES = ["lean-qr", "valibot"];

const VAGUE_NAMES = /(^|\/)_?(utils?|helpers?|common|misc|stuff)(\.test)?\.m?[jt]sx?$/;
const FILE_NAME = /^_?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(tsx?|mjs)$/;
const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;
/** Chinese readers expect full-width punctuation beside their characters. */
const NARROW = /\p{Script=Han}[”》）]?(?: ?[,:;!()]|\?)|[,:;?!()][“《（]?\p{Script=Han}/u;
const SKIPPED_TEST = /\b(?:test|it|describe)\.(only|skip|todo)\b/;

/** Every violation in the sources, in their order. */
export function violations(sources: readonly Source[]): Violation[] {
  const found: Violation[] = [];
  const files: Parsed[] = [];
  for (const source of sources) {
    try {
      files.push({
        ...source,
        facts: readFacts(source.text, source.path.endsWith(".tsx")),
        test: isTest(source.path),
      });
    } catch (error) {
      found.push({ path: source.path, line: 0, message: `cannot be parsed: ${String(error)}` });
    }
  }
  markFixtures(files);
  for (const file of files) {
    for (const rule of RULES) {
      for (const violation of rule(file)) found.push({ path: file.path, ...violation });
    }
  }
  return [...found, ...cycles(files), ...browserReach(files)];
}

const RULES: readonly Rule[] = [zones, privacy, modules, globals, names, words];

/** The zone of a path: the longest that it lies in. */
export function zoneOf(path: string): string | undefined {
  return Object.keys(ZONES).find((zone) => path.startsWith(`${zone}/`));
}

const isTest = (path: string) => path.endsWith(".test.ts") || path.includes("/testing/");

/** Marks the private files that tests alone import, and those that such files import. */
function markFixtures(files: readonly Parsed[]): void {
  const importers = new Map<string, Parsed[]>();
  for (const file of files) {
    for (const { from } of file.facts.imports) {
      const target = resolveImport(file.path, from);
      if (target !== undefined) importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  const isFixture = ({ path, test }: Parsed) =>
    !test && /\/_[^/]+$/.test(path) && (importers.get(path)?.every((importer) => importer.test) ?? false);
  for (let more = files.filter(isFixture); more.length > 0; more = files.filter(isFixture)) {
    for (const file of more) file.test = true;
  }
}

/** Whether a file is where the outside world comes in. */
export function isAdapter(path: string): boolean {
  return /^deploy\/|(^|\/)(runtime|platform)\/|(^|\/)([a-z-]+\.)?main(\.[a-z-]+)?\.tsx?$/.test(path);
}

function zones({ path, facts }: Parsed): Omit<Violation, "path">[] {
  const own = zoneOf(path);
  if (own === undefined) return [{ line: 0, message: `lies in none of ${Object.keys(ZONES).join(", ")}` }];
  return facts.imports.flatMap(({ from, line }) => {
    const target = resolveImport(path, from);
    if (target === undefined) return [];
    const other = zoneOf(target);
    if (other === own) return [];
    if (other === undefined)
      return own === "deploy" ? [] : [{ line, message: `imports ${from}, outside every zone` }];
    if (ZONES[own]?.includes(other)) return [];
    const allowed = ZONES[own]?.join(", ") || "nothing but itself";
    return [
      { line, message: `imports ${from}: ${own} may import ${allowed}; what both need belongs in shared` },
    ];
  });
}

function privacy({ path, facts }: Parsed): Omit<Violation, "path">[] {
  return facts.imports.flatMap(({ from, line }) => {
    const target = resolveImport(path, from);
    if (target === undefined || !target.split("/").at(-1)?.startsWith("_")) return [];
    const folder = (file: string) => file.slice(0, file.lastIndexOf("/"));
    if (folder(target) === folder(path)) return [];
    return [
      { line, message: `imports ${from}, which is private to its folder: export it from a file without _` },
    ];
  });
}

function modules({ path, facts }: Parsed): Omit<Violation, "path">[] {
  const found: Omit<Violation, "path">[] = [];
  for (const { from, line, reExportsAll } of facts.imports) {
    if (reExportsAll)
      found.push({ line, message: `re-exports all of ${from}: import from where a thing is made` });
    if (from.startsWith(".") && !/\.(tsx?|mjs|json)$/.test(from)) {
      found.push({ line, message: `imports ${from} without its extension: write .ts` });
    }
  }
  if (facts.onlyReExports) found.push({ line: 0, message: "is a barrel: import from where a thing is made" });
  for (const line of facts.defaultExports)
    found.push({ line, message: "exports by default: give it a name" });
  if (!facts.opensWithComment && !path.endsWith(".test.ts")) {
    found.push({ line: 1, message: "does not open with a comment: state the file's job" });
  }
  return found;
}

function globals({ path, facts, test }: Parsed): Omit<Violation, "path">[] {
  if (isAdapter(path)) return [];
  const outside = path.startsWith("edge/box/") ? BANNED_IN_BOX : BANNED_GLOBALS;
  const banned = test ? BANNED_IN_TESTS : outside;
  const used = facts.globals.flatMap(({ name, line }) => {
    const instead = Object.hasOwn(banned, name) ? banned[name] : undefined;
    return instead === undefined ? [] : [{ line, message: `uses ${name}: use ${instead}` }];
  });
  const allowed = ["node:test", "node:assert/strict", "node:assert"];
  const imported = facts.imports.flatMap(({ from, line }) => {
    if (!from.startsWith("node:") || test || allowed.includes(from)) return [];
    if (from === "node:crypto" && !path.startsWith("edge/box/")) return [];
    return [
      { line, message: `imports ${from}: take a port, and import it in a platform, runtime or main file` },
    ];
  });
  return [...used, ...imported];
}

function names({ path }: Parsed): Omit<Violation, "path">[] {
  const name = path.split("/").at(-1) ?? "";
  if (VAGUE_NAMES.test(path))
    return [{ line: 0, message: `${name} says nothing: name it after what it makes` }];
  if (!FILE_NAME.test(name)) return [{ line: 0, message: `${name} is not in kebab-case` }];
  return [];
}

function words({ path, text, test }: Parsed): Omit<Violation, "path">[] {
  if (path.startsWith("deploy/tidy/")) return [];
  return text.split("\n").flatMap((content, index) => {
    const unfinished = UNFINISHED.exec(content);
    if (unfinished)
      return [{ line: index + 1, message: `says ${unfinished[1]}: finish it, or open an issue` }];
    const narrow = test ? null : NARROW.exec(content);
    if (narrow)
      return [{ line: index + 1, message: `says ${narrow[0]}: Chinese takes full-width ，：；？！（）` }];
    const skipped = path.endsWith(".test.ts") ? SKIPPED_TEST.exec(content) : null;
    if (skipped)
      return [{ line: index + 1, message: `leaves out tests with .${skipped[1]}: repair or delete them` }];
    return [];
  });
}

/**
 * One violation for each set of files that import one another in a ring, types included.
 *
 * Tarjan's strongly connected components, without recursion deeper than the longest chain of imports.
 */
function cycles(files: readonly Parsed[]): Violation[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: Violation[] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.size - 1);
    stack.push(path);
    for (const { from } of known.get(path)?.facts.imports ?? []) {
      const target = resolveImport(path, from);
      if (target === undefined || !known.has(target)) continue;
      if (!order.has(target)) visit(target);
      else if (!stack.includes(target)) continue;
      low.set(path, Math.min(low.get(path) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(path) !== order.get(path)) return;
    const ring = stack.splice(stack.indexOf(path));
    if (ring.length > 1) {
      found.push({ path, line: 0, message: `imports itself in a ring: ${ring.join(" → ")} → ${path}` });
    }
  };
  for (const { path } of files) if (!order.has(path)) visit(path);
  return found;
}

/** What the bundle for televisions imports, however far away, must run there: no Node, no server package. */
function browserReach(files: readonly Parsed[]): Violation[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const reached = new Set(files.map(({ path }) => path).filter((path) => BROWSER_MAIN.test(path)));
  const found: Violation[] = [];
  for (const path of reached) {
    for (const { from, line } of known.get(path)?.facts.imports ?? []) {
      const target = resolveImport(path, from);
      if (target !== undefined) reached.add(target);
      else if (!BROWSER_PACKAGES.includes(from)) {
        found.push({ path, line, message: `imports ${from}, and the box's bundle imports this file` });
      }
    }
  }
  return found;
}

/** @returns the imported file below the project; undefined for a package */
function resolveImport(importer: string, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  const parts = importer.split("/").slice(0, -1);
  for (const part of from.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
