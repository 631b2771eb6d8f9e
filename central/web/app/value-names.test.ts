import assert from "node:assert/strict";
import { test } from "node:test";
import { NAMED } from "../../publish/changed-entries.ts";
import { drawSchema } from "../../results/draw.ts";
import { allRoutes, type RoutePorts } from "../../routes/routes.ts";
import { placeTexts } from "./field-texts.ts";
import { valueName } from "./value-names.ts";

/** Routes only keep their ports until they are asked. */
const routes = allRoutes(new Proxy({}, { get: () => ({}) }) as RoutePorts, { secure: false });
/** What people change, and so what the audit, a merge question and a refusal name. */
const shown = [
  ...routes
    .filter(({ path, method }) => method !== "GET" && path.startsWith("/api/"))
    .flatMap(({ body, bodyShown }) => [body, bodyShown]),
  drawSchema,
];

interface Part {
  kind?: string;
  type?: string;
  entries?: Record<string, unknown>;
  options?: unknown[];
  literal?: unknown;
}

/** Every field of a schema, and what those say that may say only certain things. */
function visit(
  found: unknown,
  key: string,
  say: (key: string, value?: string) => void,
  seen = new Set<unknown>(),
): void {
  if (found === null || typeof found !== "object" || seen.has(found)) return;
  seen.add(found);
  const { kind, type, entries, options, literal } = found as Part;
  const isSchema = kind === "schema";
  if (isSchema && type === "picklist") for (const option of options ?? []) say(key, String(option));
  if (isSchema && type === "literal") say(key, String(literal));
  for (const [name, field] of Object.entries((isSchema && entries) || {})) {
    say(name);
    visit(field, name, say, seen);
  }
  for (const [name, part] of Object.entries(found)) if (name !== "entries") visit(part, key, say, seen);
}

test("every field that people send has words, and so has what it may say", () => {
  const wordless = new Set<string>(NAMED.filter((part) => !(part in placeTexts)));
  let values = 0;
  for (const each of shown) {
    visit(each, "", (key, value) => {
      if (value === undefined) {
        if (!(key in placeTexts)) wordless.add(key);
        return;
      }
      values++;
      if (valueName(key, value, "zh") === undefined) wordless.add(`${key}: ${value}`);
    });
  }
  assert.ok(values > 20);
  assert.deepEqual([...wordless], []);
});

test("valueName() knows a field by its last name alone", () => {
  assert.equal(valueName("role", "viewer", "zh"), "查看者");
  assert.equal(valueName("when.kind", "cron", "en"), "recurring");
  assert.equal(valueName("title", "viewer", "zh"), undefined);
  assert.equal(valueName("role", "toString", "en"), undefined);
});
