import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const DAY_MS = 86_400_000;
const asked = async (t: TestCentral, token: string, method: string, path: string, body?: object) => {
  const reply = await t.central.app.request(path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text === "" ? undefined : JSON.parse(text) };
};

/** A token of the list. */
async function named(t: TestCentral, name: string) {
  const { tokens } = (await t.api("GET", "/api/v1/tokens")).body;
  return tokens.find((each: { name: string }) => each.name === name);
}

const REFUSED: [body: object, path: string][] = [
  [{ name: "x" }, "role"],
  [{ name: "x", role: "viewer", expiresInDays: 1 }, "expiresInDays"],
  [{ name: "x", role: "viewer", expiresAtMs: TEST_NOW_MS }, "expiresAtMs"],
  [{ name: "x", role: "viewer", expiresAtMs: TEST_NOW_MS + 731 * DAY_MS }, "expiresAtMs"],
  [{ name: "x", role: "viewer", scope: "look" }, "scope"],
  [{ name: "x", role: "viewer", scope: [] }, "scope"],
  [{ name: "x", role: "viewer", scope: ["look", "publish"] }, "scope"],
];
test("POST /api/v1/tokens refuses what names no role, what it does not know, a wrong end and a wrong scope", () =>
  withCentral({ air: false }, async (t) => {
    for (const [body, path] of REFUSED) {
      const { status, body: problem } = await t.api("POST", "/api/v1/tokens", body);
      assert.deepEqual([status, problem.errors?.[0].path], [400, path], JSON.stringify(body));
    }
    assert.equal((await t.api("GET", "/api/v1/tokens")).body.tokens.length, 1);
  }));

test("an API token ends after 90 days unless told, and after 730 at most", () =>
  withCentral({ air: false }, async (t) => {
    const made = await t.api("POST", "/api/v1/tokens", { name: "x", role: "viewer" });
    assert.deepEqual([made.status, made.body.expiresAtMs], [201, TEST_NOW_MS + 90 * DAY_MS]);
    const longest = { name: "y", role: "viewer", expiresAtMs: TEST_NOW_MS + 730 * DAY_MS };
    assert.equal((await t.api("POST", "/api/v1/tokens", longest)).status, 201);
    t.setWall(TEST_NOW_MS + 90 * DAY_MS - 1);
    assert.equal((await asked(t, made.body.token, "GET", "/api/v1/regions")).status, 200);
    t.setWall(TEST_NOW_MS + 90 * DAY_MS);
    assert.equal((await asked(t, made.body.token, "GET", "/api/v1/regions")).status, 401);
  }));

test("a token with a scope may what its scope and its role name, and is told so", () =>
  withCentral({ air: false }, async (t) => {
    const body = { name: "playout", role: "publisher", scope: ["look", "withdraw"] };
    const { token } = (await t.api("POST", "/api/v1/tokens", body)).body;
    assert.equal((await asked(t, token, "GET", "/api/v1/regions")).status, 200);
    assert.equal((await asked(t, token, "POST", "/api/v1/withdraw", { cue: 1 })).status, 400);
    const refused = await asked(t, token, "POST", "/api/v1/publish", {});
    assert.deepEqual([refused.status, refused.body.type], [403, "/problems/not-allowed"]);
    assert.match(refused.body.detail, /its scope may not publish/);
    const who = (await asked(t, token, "GET", "/api/v1/session")).body;
    assert.deepEqual(
      [who.may, who.scope],
      [
        ["look", "withdraw"],
        ["look", "withdraw"],
      ],
    );
    assert.deepEqual((await named(t, "playout")).scope, ["look", "withdraw"]);
  }));

/** Lets somebody in. @returns asks as they, by the session's cookie */
async function letIn(t: TestCentral, name: string) {
  await t.api("PUT", `/api/v1/people/${name}`, { role: "admin", password: "long enough" });
  const { secret } = await t.central.people.signIn(name, "long enough", "");
  return async (method: string, path: string, body: object) => {
    const reply = await t.central.app.request(path, {
      method,
      headers: { cookie: `cuecast_session=${secret}`, "x-cuecast": "1", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await reply.json()) as { token: string };
  };
}

for (const keep of [false, true]) {
  test(`a person who is shut out ${keep ? "leaves API tokens behind where that is asked for" : "takes along every API token made, and every one made with those"}`, () =>
    withCentral({ air: false }, async (t) => {
      const asAnn = await letIn(t, "ann");
      const asBen = await letIn(t, "ben");
      const admin = { name: "tool", role: "admin" };
      const first = (await asAnn("POST", "/api/v1/tokens", admin)).token;
      const second = (await asked(t, first, "POST", "/api/v1/tokens", { ...admin, name: "of the tool" })).body
        .token;
      const other = (await asBen("POST", "/api/v1/tokens", { name: "ann", role: "admin" })).token;
      const { tokens } = (await t.api("GET", "/api/v1/tokens")).body;
      const answers = tokens.map(({ name, person }: { name: string; person?: string }) => [name, person]);
      assert.deepEqual(answers.sort(), [
        ["ann", "ben"],
        ["of the tool", "ann"],
        ["test", undefined],
        ["tool", "ann"],
      ]);
      const path = `/api/v1/people/ann${keep ? "?tokens=keep" : ""}`;
      assert.equal((await t.api("DELETE", path)).status, 204);
      for (const token of [first, second])
        assert.equal((await asked(t, token, "GET", "/api/v1/regions")).status, keep ? 200 : 401);
      assert.equal((await asked(t, other, "GET", "/api/v1/regions")).status, 200);
      const [entry] = (await t.api("GET", "/api/v1/audit?limit=1")).body.entries;
      assert.deepEqual([entry.what, entry.subject], ["DELETE /api/v1/people/{id}", "ann"]);
      assert.match(JSON.stringify(entry.changes), keep ? /^(?!.*of the tool)/ : /of the tool/);
    }));
}

test("DELETE /api/v1/tokens/{id} tells the audit whose token it was", () =>
  withCentral({ air: false }, async (t) => {
    await t.api("POST", "/api/v1/tokens", { name: "probe", role: "viewer" });
    const { id } = await named(t, "probe");
    assert.equal((await t.api("DELETE", `/api/v1/tokens/${id}`)).status, 204);
    const [entry] = (await t.api("GET", "/api/v1/audit?limit=1")).body.entries;
    assert.equal(entry.subject, "probe");
    assert.match(JSON.stringify(entry.changes), /"role":"viewer"/);
  }));

test("a token may no more than who answers for it may now, and is told so; with their role it comes back", () =>
  withCentral({ air: false }, async (t) => {
    const asAnn = await letIn(t, "ann");
    await letIn(t, "ben");
    const body = { name: "tool", role: "publisher", scope: ["look", "edit", "publish"] };
    const { token } = await asAnn("POST", "/api/v1/tokens", body);
    const publish = () => asked(t, token, "POST", "/api/v1/publish", { comment: 1 });
    assert.equal((await publish()).status, 400);
    assert.deepEqual((await named(t, "tool")).may, ["look", "edit", "publish"]);
    assert.equal((await t.api("PUT", "/api/v1/people/ann", { role: "editor" })).status, 200);
    const refused = await publish();
    assert.deepEqual([refused.status, refused.body.type], [403, "/problems/not-allowed"]);
    assert.match(refused.body.detail, /ann, who answers for it, has the role editor, which may not publish/);
    const who = (await asked(t, token, "GET", "/api/v1/session")).body;
    assert.deepEqual([who.may, who.role, who.personRole], [["look", "edit"], "publisher", "editor"]);
    const told = await named(t, "tool");
    assert.deepEqual([told.may, told.role, told.personRole], [["look", "edit"], "publisher", "editor"]);
    await t.api("PUT", "/api/v1/people/ann", { role: "publisher" });
    assert.equal((await publish()).status, 400);
  }));

test("POST /api/v1/tokens tells the id by which the token is revoked", () =>
  withCentral({ air: false }, async (t) => {
    const { id } = (await t.api("POST", "/api/v1/tokens", { name: "probe", role: "viewer" })).body;
    assert.equal((await named(t, "probe")).id, id);
  }));

test("a token that may not publish imports no guide whatever it does to cues", () =>
  withCentral({ air: false }, async (t) => {
    const body = { name: "feed", role: "publisher", scope: ["guide"] };
    const { token } = (await t.api("POST", "/api/v1/tokens", body)).body;
    const refused = await asked(t, token, "POST", "/api/v1/guide?anyway=1&dryRun=1");
    assert.deepEqual([refused.status, refused.body.type], [403, "/problems/not-allowed"]);
  }));
