/** What the audit keeps of publishing, whatever becomes of it, and of who comes in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../shared/errors.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const audited = async (t: TestCentral) => (await t.api("GET", "/api/v1/audit")).body.entries;
const place = (t: TestCentral, id: string) =>
  t.api("PUT", `/api/v1/placements/${id}`, {
    ...{ interaction: "int-1", version: 1, channels: ["c1"] },
    when: { kind: "instant", atMs: TEST_NOW_MS + 3_600_000 },
  });

test("the audit names each publication, and what it added, changed and removed", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("POST", "/api/v1/publish", {});
    await place(t, "late-quiz");
    await t.api("POST", "/api/v1/publish", { comment: "tonight" });
    await t.api("POST", "/api/v1/publish", {});
    await t.api("POST", "/api/v1/withdraw", { placement: "late-quiz" });
    await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 2 });
    const [back, withdrawn, same, second, , first] = await audited(t);
    assert.equal(first.subject, "1/1");
    assert.deepEqual([second.what, second.subject], ["POST /api/v1/publish", "1/2"]);
    assert.deepEqual(second.changes, [
      { path: "placements.added", to: "late-quiz" },
      { path: "publication", from: "1/1", to: "1/2" },
    ]);
    assert.deepEqual([same.subject, same.changes], [undefined, []]);
    assert.deepEqual(
      [withdrawn.subject, withdrawn.changes[0]],
      ["1/3", { path: "placements.removed", to: "late-quiz" }],
    );
    assert.deepEqual([back.subject, back.changes[0].path], ["1/4", "placements.added"]);
  }));

test("a publication that air does not take now is kept, told as waiting, in the audit, and lands by itself", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const { air } = t.central;
    const { apply } = air;
    air.apply = () =>
      Promise.reject(
        new CuecastError("Cannot reach air: planted", {
          code: "air-unreachable",
          status: 503,
          retryable: true,
        }),
      );
    const kept = await t.api("POST", "/api/v1/publish", { comment: "tonight" });
    assert.equal(kept.status, 200);
    assert.deepEqual([kept.body.changed, kept.body.waits, kept.body.position.revision], [true, true, 1]);
    const [entry] = await audited(t);
    assert.deepEqual([entry.what, entry.subject, entry.who], ["POST /api/v1/publish", "1/1", "token:test"]);
    assert.equal((await t.api("GET", "/api/v1/air")).body.position, undefined);
    // What comes after it cannot overtake it.
    assert.equal((await t.api("POST", "/api/v1/publish", {})).body.type, "/problems/air-unreachable");
    air.apply = apply;
    await t.central.publisher.reconcile();
    assert.deepEqual((await t.api("GET", "/api/v1/air")).body.position, kept.body.position);
  }));

test("a dry run of a guide leaves no entry; sign-ins that were refused, and signing out, do", () =>
  withCentral({ air: false }, async (t) => {
    const guide = `<tv><channel id="c1"><display-name>One</display-name></channel></tv>`;
    const before = (await audited(t)).length;
    const headers = { authorization: `Bearer ${t.token}`, "content-type": "text/xml" };
    const looked = await t.central.app.request("/api/v1/guide?dryRun=1", {
      method: "POST",
      body: guide,
      headers,
    });
    assert.equal(looked.status, 200);
    assert.equal((await audited(t)).length, before);
    const wrong = await t.api("POST", "/api/v1/session", { name: "editor", password: "not this one" });
    assert.equal(wrong.status, 401);
    const [refused] = await audited(t);
    assert.deepEqual([refused.who, refused.what], ["person:editor", "sign-in refused"]);
    assert.ok(!JSON.stringify(refused).includes("not this one"));
    await t.central.people.setPassword("editor", "a long password", "editor");
    const inside = await t.central.app.request("/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "editor", password: "a long password" }),
    });
    const cookie = String(inside.headers.get("set-cookie")?.split(";")[0]);
    await t.central.app.request("/api/v1/session", { method: "DELETE", headers: { cookie } });
    const [left, came] = await audited(t);
    assert.deepEqual([came.what, left.what, left.who], ["signed in", "signed out", "person:editor"]);
  }));
