import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { BODY_EXAMPLES } from "./examples.ts";
import { groupOf, openApi } from "./openapi.ts";
import { PROBLEMS } from "./problems.ts";
import { ROUTES_WITH_OWN, refusalsOf } from "./refusals.ts";
import { allRoutes, type RoutePorts } from "./routes.ts";

/** Routes only keep their ports until they are asked. */
const ports = new Proxy({}, { get: () => ({}) }) as RoutePorts;
const routes = allRoutes(ports, { secure: false });
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test("each route that takes JSON has an example that its schema takes, and no example is of another", () => {
  const taking = routes.filter(({ body }) => body);
  assert.deepEqual(Object.keys(BODY_EXAMPLES).sort(), taking.map(nameOf).sort());
  for (const route of taking) {
    for (const schema of [route.body, route.bodyShown]) {
      if (!schema) continue;
      const { issues } = v.safeParse(schema, BODY_EXAMPLES[nameOf(route)]);
      assert.deepEqual(issues?.map(({ message, path }) => [path?.map(({ key }) => key), message]) ?? [], []);
    }
  }
});

test("every problem that a route is said to tell is described, and each route has a group", () => {
  const known = new Set(routes.map(nameOf));
  for (const name of ROUTES_WITH_OWN) assert.ok(known.has(name), `no route ${name}`);
  for (const route of routes) {
    for (const code of refusalsOf(route)) assert.ok(code in PROBLEMS, `${nameOf(route)}: ${code}`);
    assert.notEqual(groupOf(route.path), "Other", route.path);
  }
  const told = new Set(routes.flatMap(refusalsOf));
  const elsewhere = [
    "method-not-allowed",
    "not-found",
    "no-page",
    "internal",
    "database-damaged",
    "unknown-box",
    // In a guide source's state.
    "guide-not-fetched",
  ];
  const sources = ["unknown-image", "oidc-refused", "oidc-expired", "oidc-no-role", "unknown-token"];
  const missing = Object.keys(PROBLEMS).filter((code) => !told.has(code as never));
  assert.deepEqual(
    missing.filter((code) => ![...elsewhere, ...sources].includes(code)),
    [],
  );
});

/** Told to who starts or keeps central, never over HTTP. */
const NOT_OVER_HTTP =
  /^(usage|air-(damaged|not-durable|not-started)|backup-(damaged|failed|newer)|cannot-listen|(content|data|database|key|manifest)-refused|restore-interrupted|tls-files|delivery)$/;

test("every code of central's sources is described", async () => {
  const root = join(import.meta.dirname, "..");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const codes = new Set<string>();
  for (const entry of entries) {
    if (!entry.isFile() || !/\.ts$/.test(entry.name) || /\.test\.ts$/.test(entry.name)) continue;
    if (/testing|web/.test(entry.parentPath.slice(root.length))) continue;
    const text = await readFile(join(entry.parentPath, entry.name), "utf8");
    for (const [, code] of text.matchAll(/\bcode: "([a-z-]+)",\s*status: \d/g)) codes.add(code as string);
    for (const [, what] of text.matchAll(/(?<!\.)\b(?:must|unknown)\([^;"]{0,80}"([a-z -]+)"/g))
      codes.add(`unknown-${what}`);
  }
  assert.ok(codes.size > 45, String(codes.size));
  assert.deepEqual(
    [...codes].filter((code) => !(code in PROBLEMS) && !NOT_OVER_HTTP.test(code)),
    [],
  );
});

test("the document tells who may, with which body, and what goes wrong", () => {
  const { paths } = openApi(routes, "1") as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  const publish = paths["/api/v1/publish"]?.post as {
    "x-roles": string[];
    responses: Record<string, { content?: Record<string, { examples?: object }> }>;
  };
  assert.deepEqual(publish["x-roles"], ["publisher", "admin"]);
  const examples = publish.responses["422"]?.content?.["application/problem+json"]?.examples;
  assert.deepEqual(Object.keys(examples ?? {}), ["checks-failed"]);
});
