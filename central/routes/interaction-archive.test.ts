import assert from "node:assert/strict";
import { test } from "node:test";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const archive = (t: TestCentral, id: string) => t.api("PUT", `/api/v1/interactions/${id}/archive`);
const bringBack = (t: TestCentral, id: string) => t.api("DELETE", `/api/v1/interactions/${id}/archive`);
const listed = async (t: TestCentral, query = "") =>
  (await t.api("GET", `/api/v1/interactions${query}`)).body.interactions.map(
    (each: { interaction: { id: string } }) => each.interaction.id,
  );
const instant = (atMs: number) => ({
  ...{ interaction: "int-2", version: 1, channels: ["c1"] },
  when: { kind: "instant", atMs },
});

async function authorTwo(t: TestCentral): Promise<void> {
  await authorSample(t);
  await t.api("POST", "/api/v1/interactions", { interaction: { ...pollBody.interaction, id: "int-2" } });
}

test("an archived interaction leaves the library and comes back with every version", () =>
  withCentral({ air: false }, async (t) => {
    await authorTwo(t);
    await t.api("POST", "/api/v1/interactions/int-2/tags", { add: ["old"] });
    assert.equal((await archive(t, "nobody")).status, 404);
    const done = await archive(t, "int-2");
    assert.deepEqual(done.body, { id: "int-2", archived: { atMs: TEST_NOW_MS, by: "test" } });
    assert.deepEqual(await listed(t), ["int-1"]);
    assert.deepEqual(await listed(t, "?archived=only"), ["int-2"]);
    assert.deepEqual(await listed(t, "?archived=also"), ["int-1", "int-2"]);
    assert.equal((await t.api("GET", "/api/v1/interactions?archived=maybe")).status, 400);
    assert.deepEqual((await t.api("GET", "/api/v1/interaction-tags")).body.tags, []);
    assert.deepEqual((await t.api("GET", "/api/v1/interaction-tags?archived=only")).body.tags, [
      { tag: "old", count: 1 },
    ]);
    const one = (await t.api("GET", "/api/v1/interactions/int-2")).body;
    assert.deepEqual([one.versions, one.archived.by], [[1], "test"]);
    const versions = (await t.api("GET", "/api/v1/interaction-versions?of=int-2@1")).body;
    assert.equal(versions.interactions.length, 1);
    assert.equal((await bringBack(t, "int-2")).status, 204);
    assert.deepEqual(await listed(t), ["int-1", "int-2"]);
    const { entries } = (await t.api("GET", "/api/v1/audit?subject=int-2")).body;
    assert.deepEqual(
      entries.slice(0, 2).map(({ what, changes }: { what: string; changes: unknown }) => [what, changes]),
      [
        ["DELETE /api/v1/interactions/{id}/archive", [{ path: "archived", from: true, to: false }]],
        ["PUT /api/v1/interactions/{id}/archive", [{ path: "archived", from: false, to: true }]],
      ],
    );
  }));

test("an archived interaction is neither saved nor placed until it is brought back", () =>
  withCentral({ air: false }, async (t) => {
    await authorTwo(t);
    await archive(t, "int-2");
    const save = () =>
      t.api("POST", "/api/v1/interactions", {
        interaction: { ...pollBody.interaction, id: "int-2", durationMs: 9_000 },
      });
    const place = () => t.api("PUT", "/api/v1/placements/two", instant(TEST_NOW_MS + 60_000));
    for (const refused of [await save(), await place()])
      assert.deepEqual([refused.status, refused.body.type], [409, "/problems/archived"]);
    await bringBack(t, "int-2");
    assert.equal((await save()).status, 200);
    assert.equal((await place()).status, 200);
  }));

test("an interaction that may still be shown is not archived, and the placements that show it are named", () =>
  withCentral({ air: true }, async (t) => {
    await authorTwo(t);
    await t.api("PUT", "/api/v1/placements/soon", instant(TEST_NOW_MS + 60_000));
    await t.api("PUT", "/api/v1/placements/ago", instant(TEST_NOW_MS - 3_600_000));
    const standing = async () => {
      const { status, body } = await archive(t, "int-2");
      return [
        status,
        body.errors?.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
      ];
    };
    assert.deepEqual(await standing(), [409, ["placements.soon used-in-drafts"]]);
    await t.central.publisher.publish();
    assert.deepEqual(await standing(), [409, ["placements.soon used-on-air"]]);
    // Removed and not yet published it is still shown.
    await t.api("DELETE", "/api/v1/placements/soon");
    assert.deepEqual(await standing(), [409, ["placements.soon used-on-air"]]);
    await t.central.publisher.publish();
    assert.deepEqual(await standing(), [200, undefined]);
    // Past ones go on as they were.
    assert.equal((await t.api("POST", "/api/v1/publish", {})).body.changed, false);
    // What a roll back puts on the air again is in the library again.
    assert.equal((await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 1 })).status, 200);
    assert.deepEqual(await listed(t), ["int-1", "int-2"]);
  }));
