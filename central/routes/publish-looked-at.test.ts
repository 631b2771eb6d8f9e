/** Publishing what was looked at, and nothing that comes too late to be heard of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const look = async (t: TestCentral) => (await t.api("GET", "/api/v1/publish")).body;
const publish = (t: TestCentral, body: object) => t.api("POST", "/api/v1/publish", body);
const at = (afterMs: number) => ({ kind: "instant", atMs: TEST_NOW_MS + afterMs });
const place = (t: TestCentral, id: string, afterMs: number) =>
  t.api("PUT", `/api/v1/placements/${id}`, {
    ...{ interaction: "int-1", version: 1, channels: ["c1"], when: at(afterMs) },
  });

test("publishing with the hash of a look publishes what was looked at, or nothing", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const first = await look(t);
    assert.match(first.hash, /^[0-9a-f]{64}$/);
    assert.equal((await look(t)).hash, first.hash);
    // Somebody else saves between the look and the click.
    await place(t, "race", 3_600_000);
    const refused = await publish(t, { hash: first.hash });
    assert.deepEqual([refused.status, refused.body.type], [409, "/problems/drafts-changed"]);
    assert.equal((await t.api("GET", "/api/v1/air")).body.position, undefined);
    const second = await look(t);
    assert.notEqual(second.hash, first.hash);
    assert.equal((await publish(t, { hash: second.hash })).body.changed, true);

    // What was drafted and is withdrawn meanwhile makes another change of the same drafts.
    await t.api("POST", "/api/v1/interactions", {
      interaction: { ...pollBody.interaction, durationMs: 9_000 },
    });
    const { placement } = (await t.api("GET", "/api/v1/placements/race")).body;
    await t.api("PUT", "/api/v1/placements/race", { ...placement, version: 2 });
    const third = await look(t);
    await t.api("POST", "/api/v1/withdraw", { placement: "pl1" });
    assert.equal((await publish(t, { hash: third.hash })).status, 409);
    assert.equal((await publish(t, { hash: (await look(t)).hash })).body.changed, true);

    const back = (await t.api("GET", "/api/v1/rollback?epoch=1&revision=1")).body;
    await t.api("POST", "/api/v1/withdraw", { placement: "race" });
    const rollback = (hash: string) => t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 1, hash });
    assert.equal((await rollback(back.hash)).status, 409);
    const again = (await t.api("GET", "/api/v1/rollback?epoch=1&revision=1")).body;
    assert.equal((await rollback(again.hash)).body.changed, true);
  }));

interface Check {
  level: string;
  path: string;
  code: string;
  facts: { cue: string; left: number; need: number; atMs: number };
}
const late = async (t: TestCentral) =>
  ((await look(t)).checks as Check[])
    .filter(({ code }) => /^(late|frozen)-/.test(code))
    .map(({ level, path, code, facts }) => [level, path, code, facts.left, facts.need].join(" "));

test("publishing warns of each cue that boxes may hear of too late, by what they need", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("DELETE", "/api/v1/placements/pl1");
    await place(t, "now", 4_000);
    await place(t, "soon", 371_000);
    await place(t, "later", 373_000);
    assert.deepEqual(await late(t), [
      "warn placements.now late-added 4 372",
      "warn placements.soon late-added 371 372",
    ]);
    await t.central.publisher.publish();
    assert.deepEqual(await late(t), []);
    // Boxes watch one whose prefetch window is open: what happens to it they hear of within half a minute.
    await place(t, "later", 600_000);
    t.setWall(TEST_NOW_MS + 100_000);
    assert.deepEqual(await late(t), []);
    t.setWall(TEST_NOW_MS + 340_000);
    assert.deepEqual(await late(t), ["warn placements.later late-moved 33 42"]);
  }));

test("within the freeze time publishing is refused unless it is forced, and withdrawing never", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const limits = "/api/v1/publish/limits";
    assert.deepEqual((await t.api("GET", limits)).body, { freezeMs: 0 });
    assert.equal((await t.api("PUT", limits, { freezeMs: -1 })).status, 400);
    assert.deepEqual((await t.api("PUT", limits, { freezeMs: 60_000 })).body, { freezeMs: 60_000 });
    await place(t, "now", 59_000);
    await place(t, "soon", 60_000);
    assert.deepEqual(await late(t), [
      "refuse placements.now frozen-added 59 372",
      "warn placements.soon late-added 60 372",
    ]);
    const refused = await publish(t, {});
    assert.deepEqual([refused.status, refused.body.type], [409, "/problems/frozen"]);
    assert.deepEqual(
      refused.body.errors.map(({ path }: { path: string }) => path),
      ["placements.now"],
    );
    assert.equal((await publish(t, { force: true })).body.changed, true);
    assert.equal((await t.api("POST", "/api/v1/withdraw", { placement: "now" })).body.changed, true);
  }));
