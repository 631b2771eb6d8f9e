import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { start } from "./_edge-app.ts";
import { MESSAGES, OPERATIONS } from "./openapi.ts";

test("the OpenAPI document names every route, and no other", async () => {
  const { app, ask } = start();
  const registered = new Set(
    app.routes
      .filter((route) => route.method !== "ALL" && route.path !== "/tv")
      .map(
        (route) =>
          `${route.method} ${route.path
            .replace(/:(\w+)/g, "{$1}")
            .replace("/tv/*", "/tv/")
            .replace("/box/*", "/box/{file}")}`,
      ),
  );
  const described = new Set(
    OPERATIONS.map((operation) => `${operation.method.toUpperCase()} ${operation.path}`),
  );
  assert.deepEqual(registered, described);
  const document = await (await ask("/openapi.json")).json();
  assert.equal(document.openapi, "3.1.0");
  for (const [reference] of JSON.stringify(document).matchAll(/#\/components\/schemas\/\w+/g)) {
    assert.ok((reference.split("/").at(-1) as string) in document.components.schemas, reference);
  }
});

test("every sample message passes its own schema", () => {
  for (const { name, schema, sample: value } of Object.values(MESSAGES)) {
    assert.ok(v.is(schema, value), name);
  }
});
