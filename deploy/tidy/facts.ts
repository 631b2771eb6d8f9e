/**
 * What the rules need to know of one source file, read from its syntax tree: what it imports, which globals
 * it uses, how it exports. Judges nothing: that is `rules.ts`.
 *
 * The tree is swc's. It marks a name that no scope of the file declares with the context 1, so a parameter
 * called `process` is not taken for the global, and it counts places in bytes from 1.
 */
import { parseSync } from "@swc/core";

export interface Import {
  /** As written: `./clock.ts`, `hono`, `node:fs`. */
  from: string;
  line: number;
  reExportsAll: boolean;
}

export interface GlobalUse {
  /** `Date.now`, `new Date()`, `fetch`: a banned member or call is named whole. */
  name: string;
  line: number;
}

export interface Facts {
  imports: Import[];
  globals: GlobalUse[];
  /** Lines of `export default`. */
  defaultExports: number[];
  /** Nothing in it but re-exports, at least one. */
  onlyReExports: boolean;
  opensWithComment: boolean;
}

/** Any node of swc's tree; its own types are a union of 200 shapes, of which ten matter here. */
interface Tree {
  type: string;
  span: { start: number };
  // biome-ignore lint/suspicious/noExplicitAny: a tree of unknown shape is walked by the names of its fields
  [field: string]: any;
}

/** swc's mark of a name that the file does not declare. */
const UNDECLARED = 1;
/** Types are no use of a value, but these wrap an expression. */
const TYPE_WRAPPERS = ["TsAsExpression", "TsNonNullExpression", "TsSatisfiesExpression", "TsConstAssertion"];
/** Globals of which single members are told apart; of others the name alone counts. */
const NAMED_WITH_MEMBER = ["Date", "Math", "crypto", "globalThis"];

/**
 * @param text TypeScript, or JavaScript
 * @param tsx with elements in it
 * @throws {Error} when it cannot be parsed
 */
export function readFacts(text: string, tsx = false): Facts {
  const module = parseSync(text, { syntax: "typescript", tsx, target: "es2022" }) as unknown as Tree;
  const lineOf = lineFinder(text);
  const facts: Facts = {
    imports: [],
    globals: [],
    defaultExports: [],
    onlyReExports: isOnlyReExports(module.body),
    opensWithComment: /^(#!.*\n)?\s*\/[*/]/.test(text),
  };
  walk(module.body, facts, lineOf);
  return facts;
}

/** @returns the line, from 1, of a place in bytes, from 1 */
function lineFinder(text: string): (node: Tree) => number {
  const bytes = new TextEncoder().encode(text);
  const ends: number[] = [];
  for (const [index, byte] of bytes.entries()) if (byte === 10) ends.push(index);
  return (node) => ends.filter((end) => end < node.span.start - 1).length + 1;
}

function isOnlyReExports(body: Tree[]): boolean {
  const reExports = (item: Tree) =>
    item.type === "ExportAllDeclaration" || (item.type === "ExportNamedDeclaration" && item.source !== null);
  return body.length > 0 && body.every(reExports);
}

function walk(node: unknown, facts: Facts, lineOf: (node: Tree) => number): void {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const item of node) walk(item, facts, lineOf);
    return;
  }
  const tree = node as Tree;
  note(tree, facts, lineOf);
  if (tree.type?.startsWith("Ts") && !TYPE_WRAPPERS.includes(tree.type)) {
    // A type is no use of a value, but it may import.
    walkTypeImports(tree, facts, lineOf);
    return;
  }
  const done = noteGlobal(tree, facts, lineOf);
  for (const [key, value] of Object.entries(tree)) {
    if (!done.includes(key)) walk(value, facts, lineOf);
  }
}

function walkTypeImports(node: unknown, facts: Facts, lineOf: (node: Tree) => number): void {
  if (node === null || typeof node !== "object") return;
  if (!Array.isArray(node)) note(node as Tree, facts, lineOf);
  for (const value of Object.values(node)) walkTypeImports(value, facts, lineOf);
}

/** Notes imports and default exports. */
function note(tree: Tree, facts: Facts, lineOf: (node: Tree) => number): void {
  const imports = (from: string, reExportsAll = false) =>
    facts.imports.push({ from, line: lineOf(tree), reExportsAll });
  switch (tree.type) {
    case "ImportDeclaration":
      imports(tree.source.value);
      break;
    case "ExportNamedDeclaration":
      if (tree.source) imports(tree.source.value);
      break;
    case "ExportAllDeclaration":
      imports(tree.source.value, true);
      break;
    case "TsImportType":
      imports(tree.argument.value);
      break;
    case "CallExpression": {
      const [first] = tree.arguments;
      const isRequire = tree.callee.type === "Identifier" && tree.callee.value === "require";
      if ((tree.callee.type === "Import" || isRequire) && first?.expression.type === "StringLiteral") {
        imports(first.expression.value);
      }
      break;
    }
    case "ExportDefaultDeclaration":
    case "ExportDefaultExpression":
      facts.defaultExports.push(lineOf(tree));
      break;
  }
}

/**
 * Notes the use of a global.
 *
 * @returns the fields of the node that it has dealt with
 */
function noteGlobal(tree: Tree, facts: Facts, lineOf: (node: Tree) => number): string[] {
  const use = (name: string) => facts.globals.push({ name, line: lineOf(tree) });
  if (tree.type === "Identifier" && tree.ctxt === UNDECLARED) use(tree.value);
  if (tree.type === "NewExpression" && isGlobal(tree.callee, "Date")) {
    use((tree.arguments ?? []).length === 0 ? "new Date()" : "new Date(…)");
    return ["callee"];
  }
  if (tree.type === "CallExpression" && isGlobal(tree.callee, "Date")) {
    use("Date()");
    return ["callee"];
  }
  if (tree.type === "MemberExpression" && NAMED_WITH_MEMBER.some((name) => isGlobal(tree.object, name))) {
    const member =
      tree.property.type === "Identifier" ? tree.property.value : tree.property.expression?.value;
    if (typeof member === "string") {
      use(tree.object.value === "globalThis" ? member : `${tree.object.value}.${member}`);
      return ["object", "property"];
    }
  }
  return [];
}

function isGlobal(node: Tree, name: string): boolean {
  return node.type === "Identifier" && node.ctxt === UNDECLARED && node.value === name;
}
