import assert from "node:assert/strict";
import { test } from "node:test";
import { openApi } from "../../routes/openapi.ts";
import { allRoutes, type RoutePorts } from "../../routes/routes.ts";
import { found, type OpenApiDocument, operationsOf, problemsOf, replyOf, searchText } from "./document.ts";
import { sampleOf } from "./sample.ts";

/** Routes only keep their ports until they are asked. */
const ports = new Proxy({}, { get: () => ({}) }) as RoutePorts;
const routes = allRoutes(ports, { secure: false });
const operations = operationsOf(openApi(routes, "1") as unknown as OpenApiDocument);
const entries = operations.map((operation) => ({ operation, text: searchText(operation) }));
const ids = (question: string) => found(entries, question).map(({ operation }) => operation.id);

test("operationsOf() tells every route once, each under an address of its own", () => {
  assert.equal(operations.length, routes.length);
  assert.equal(new Set(operations.map(({ id }) => id)).size, routes.length);
});

test("found() finds by address, by a field of the body or of the reply, and by a problem", () => {
  assert.ok(ids("put regions").includes("put-api-v1-regions-id"));
  assert.deepEqual(ids("validDays"), ["post-api-v1-box-tokens"]);
  assert.ok(ids("takesPerSecond").includes("get-api-v1-edges"));
  assert.deepEqual(ids("too-many-tags"), ["post-api-v1-interactions-id-tags"]);
  assert.equal(ids("").length, routes.length);
  assert.deepEqual(ids("no such words anywhere"), []);
});

test("each reply has a sample with every field of it", () => {
  for (const operation of operations) {
    const { schema } = replyOf(operation);
    if (!schema?.properties) continue;
    assert.deepEqual(Object.keys(sampleOf(schema) as object), Object.keys(schema.properties), operation.id);
  }
  const edges = sampleOf(
    replyOf(operations.find(({ id }) => id === "get-api-v1-edges") as never).schema ?? {},
  );
  assert.equal((edges as { edges: { region: string }[] }).edges[0]?.region, "north");
});

test("problemsOf() tells the codes of an operation by status", () => {
  const withdraw = operations.find(({ id }) => id === "post-api-v1-withdraw");
  assert.deepEqual(withdraw && problemsOf(withdraw).find(([status]) => status === "404"), [
    "404",
    ["not-on-air"],
  ]);
});
