import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const partsOnAir = (t: TestCentral, part: string) => [
  ...(t.central.publisher.onAir()?.content.get(part)?.keys() ?? []),
];
const usersOf = ({ body }: { body: { errors: { code: string; facts: { name: string } }[] } }) =>
  body.errors.map(({ code, facts }) => `${code} ${facts.name}`);

test("a region is removed once no placement names it and no edge is enrolled in it", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("PUT", "/api/v1/regions/zz", { name: "A mistake" });
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "zz" })).body;
    const unused = (await t.api("POST", "/api/v1/edges/codes", { region: "zz" })).body;
    const { id: edge } = await t.central.fleet.enrol(code, undefined, 4_102_444_800_000);
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    const { id: _, ...body } = placement;
    await t.api("PUT", "/api/v1/placements/pl1", { ...body, regions: ["zz"] });
    await t.central.publisher.publish();
    assert.deepEqual(partsOnAir(t, "regions"), ["north", "zz"]);

    const refused = await t.api("DELETE", "/api/v1/regions/zz");
    assert.deepEqual(
      [refused.status, refused.body.type, usersOf(refused)],
      [409, "/problems/still-used", ["used-by-placement pl1", `used-by-edge ${edge}`]],
    );
    await t.api("PUT", "/api/v1/placements/pl1", body);
    await t.api("DELETE", `/api/v1/edges/${edge}`);
    assert.equal((await t.api("DELETE", "/api/v1/regions/zz")).status, 204);
    assert.equal((await t.api("GET", "/api/v1/regions/zz")).status, 404);
    assert.equal((await t.api("DELETE", "/api/v1/regions/zz")).status, 404);
    await assert.rejects(t.central.fleet.enrol(unused.code, undefined, 4_102_444_800_000), {
      code: "code-refused",
    });
    await t.central.publisher.publish();
    assert.deepEqual(partsOnAir(t, "regions"), ["north"]);
    const [entry] = (await t.api("GET", "/api/v1/audit?subject=zz")).body.entries;
    assert.equal(entry.what, "DELETE /api/v1/regions/{id}");
  }));

test("a channel is removed once nothing names it, and comes back with its programmes", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const { id: _, ...channel } = (await t.api("GET", "/api/v1/channels/c2")).body;
    await t.api("PUT", "/api/v1/channel-groups/g1", { name: "G", channels: ["c2"] });
    await t.api("PUT", "/api/v1/channel-rules/r1", { channels: ["c2"], gapMs: 60_000 });
    await t.api("PUT", "/api/v1/regions/north", { name: "North", channels: ["c1", "c2"] });
    await t.central.publisher.publish();
    const refused = await t.api("DELETE", "/api/v1/channels/c2");
    const named = ["used-by-group g1", "used-by-rule r1", "used-by-region north"];
    assert.deepEqual([refused.status, usersOf(refused)], [409, named]);
    await t.api("DELETE", "/api/v1/channel-groups/g1");
    await t.api("DELETE", "/api/v1/channel-rules/r1");
    await t.api("PUT", "/api/v1/regions/north", { name: "North" });
    assert.equal((await t.api("DELETE", "/api/v1/channels/c2")).status, 204);
    await t.central.publisher.publish();
    assert.deepEqual(partsOnAir(t, "channels"), ["c1"]);
    assert.equal(t.central.publisher.onAir()?.content.has("guide:c2"), false);
    // Undone, it is what it was.
    assert.equal((await t.api("PUT", "/api/v1/channels/c2", channel)).status, 200);
    const span = "channel=c2&fromMs=4102444800000&untilMs=4102444900000";
    assert.equal((await t.api("GET", `/api/v1/programmes?${span}`)).body.programmes.length, 1);
  }));
