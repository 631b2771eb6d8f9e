/** Bodies with fields that nobody knows, and lists where an object is wanted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { placementSchema } from "../../shared/schedule/placement.ts";
import { authorSample, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { unknownFields } from "./unknown-fields.ts";

test("unknownFields() finds each at its place, through lists, records, variants and unions", () => {
  const schema = v.object({
    a: v.optional(
      v.object({
        b: v.pipe(
          v.object({ c: v.number() }),
          v.check(({ c }) => c > 0),
        ),
      }),
    ),
    list: v.array(v.object({ d: v.number() })),
    record: v.record(v.string(), v.object({ e: v.number() })),
    kind: v.variant("is", [
      v.object({ is: v.literal("x"), x: v.number() }),
      v.object({ is: v.literal("y"), y: v.number() }),
    ]),
    either: v.union([v.string(), v.object({ f: v.number() }), v.object({ g: v.number() })]),
  });
  const cases: [body: unknown, places: string[]][] = [
    [{ a: { b: { c: 1 } }, list: [{ d: 1 }], record: { any: { e: 1 } }, kind: { is: "y", y: 1 } }, []],
    [{ a: { b: { c: 1, z: 1 } }, z: 1 }, ["a.b.z", "z"]],
    [{ list: [{ d: 1 }, { d: 1, z: 1 }], record: { any: { z: 1 } } }, ["list.1.z", "record.any.z"]],
    [{ kind: { is: "y", x: 1 } }, ["kind.x"]],
    [{ kind: { is: "x", x: 1 }, either: "text" }, []],
    [{ either: { g: 1 } }, []],
    [{ either: { g: 1, z: 1 } }, ["either.z"]],
    [{ a: [] }, ["a"]],
    ["text", []],
    [null, []],
    [JSON.parse('{"__proto__":1,"constructor":1}'), ["__proto__", "constructor"]],
  ];
  for (const [body, places] of cases) {
    assert.deepEqual(
      unknownFields(schema, body).map(({ path }) => path),
      places,
      JSON.stringify(body),
    );
  }
  assert.deepEqual(unknownFields(schema, { id: "x" }, ["id"]), []);
  const when = { kind: "instant", atMs: 1, atMS: 2 };
  assert.deepEqual(
    unknownFields(placementSchema, { when, audience: { shares: 0.5 } }).map(({ path }) => path),
    ["when.atMS", "audience.shares"],
  );
});

test("whoever changes something is told of a field that is not known, and nothing is changed", () =>
  withCentral({ air: false }, async (t) => {
    await authorSample(t);
    const refused = async (method: string, path: string, body: unknown, ...places: string[]) => {
      const reply = await t.api(method, `/api/v1/${path}`, body);
      assert.deepEqual([reply.status, reply.body.type], [400, "/problems/bad-body"], path);
      const told = (reply.body.errors ?? []) as { path: string; code: string }[];
      assert.deepEqual(
        told.map((each) => [each.path, each.code]),
        places.map((place) => [place, "unknown-field"]),
        path,
      );
    };
    const url = "http://127.0.0.1:9/";
    await refused("POST", "webhooks", { url, events: ["published"] }, "events");
    await refused("POST", "box-tokens", { box: "b", days: 1 }, "days");
    await refused("PUT", "people/ann", { role: "viewer", password: "long enough", admin: true }, "admin");
    await refused("PUT", "regions/north", { name: "North", chanels: ["c1"] }, "chanels");
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    await refused("PUT", "placements/pl1", { ...placement, audiense: {} }, "audiense");
    assert.equal((await t.api("PUT", "/api/v1/placements/pl1", placement)).status, 200);
    // A list is no object without fields.
    for (const [method, path] of [
      ["POST", "publish"],
      ["PUT", "retention"],
      ["PUT", "guide/limits"],
      ["PUT", "publish/limits"],
    ] as const) {
      await refused(method, path, []);
    }
    assert.deepEqual((await t.api("GET", "/api/v1/webhooks")).body.webhooks, []);
  }));

test("the document tells the media type of every reply that is not JSON", () =>
  withCentral({ air: false }, async (t) => {
    const { paths } = (await t.api("GET", "/openapi.json")).body;
    const typesOf = (path: string) => Object.keys(paths[path].get.responses["200"].content);
    assert.deepEqual(
      ["channels/{id}/xmltv", "channels/{id}/ical", "results/{cue}/export", "images/{id}", "events"].map(
        (path) => typesOf(`/api/v1/${path}`).join(),
      ),
      ["application/xml", "text/calendar", "text/csv", "image/*", "text/event-stream"],
    );
  }));

/** Reads a stream of events until it ends. */
async function readEvents(t: TestCentral, headers: Record<string, string>) {
  const reply = await t.central.app.request("http://central.test/api/v1/events", { headers });
  assert.equal(reply.status, 200);
  return reply.text();
}

test("a stream of events ends once its token was revoked", () =>
  withCentral({ air: false }, async (t) => {
    const body = { name: "listener", role: "viewer", expiresAtMs: Date.UTC(2101, 0) };
    const { token } = (await t.api("POST", "/api/v1/tokens", body)).body;
    const read = readEvents(t, { authorization: `Bearer ${token}` });
    const { tokens } = (await t.api("GET", "/api/v1/tokens")).body;
    const { id } = tokens.find(({ name }: { name: string }) => name === "listener");
    assert.equal((await t.api("DELETE", `/api/v1/tokens/${id}`)).status, 204);
    assert.match(await read, /"people"/);
  }));
