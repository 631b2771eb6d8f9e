import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, type Action, askerMayDo, mayDo, ROLES, type Role } from "../people/roles.ts";
import { pollBody, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** The table as an operator reads it: actions in the order of ACTIONS. */
const TABLE: Record<Role, string> = {
  //          look edit guide publish withdraw operate audit administer
  viewer: "   yes  no   no    no      no       no      no    no",
  editor: "   yes  yes  yes   no      no       no      yes   no",
  publisher: "yes  yes  yes   yes     yes      no      yes   no",
  operator: " yes  no   yes   no      yes      yes     yes   no",
  admin: "    yes  yes  yes   yes     yes      yes     yes   yes",
};

/** Every route of people, and the action it must need. */
const ROUTES: Record<string, Action> = {
  "DELETE /api/v1/sessions": "look",
  "PUT /api/v1/password": "look",
  "POST /api/v1/preview": "look",
  "POST /api/v1/effect": "look",
  "GET /api/v1/people": "administer",
  "GET /api/v1/people/{id}": "administer",
  "PUT /api/v1/people/{id}": "administer",
  "DELETE /api/v1/people/{id}": "administer",
  "GET /api/v1/tokens": "administer",
  "POST /api/v1/tokens": "administer",
  "DELETE /api/v1/tokens/{id}": "administer",
  "DELETE /api/v1/boxes/{box}": "administer",
  "POST /api/v1/box-tokens": "operate",
  "DELETE /api/v1/box-tokens/{box}": "operate",
  "GET /api/v1/box-revocations": "operate",
  "GET /api/v1/retention": "audit",
  "GET /api/v1/audit": "audit",
  "PUT /api/v1/regions/{id}": "operate",
  "DELETE /api/v1/regions/{id}": "operate",
  "PUT /api/v1/channels/{id}": "guide",
  "DELETE /api/v1/channels/{id}": "guide",
  "PUT /api/v1/channel-groups/{id}": "edit",
  "DELETE /api/v1/channel-groups/{id}": "edit",
  "PUT /api/v1/channel-rules/{id}": "edit",
  "DELETE /api/v1/channel-rules/{id}": "edit",
  "POST /api/v1/guide": "guide",
  "POST /api/v1/guide/imports/{id}/accept": "publish",
  "POST /api/v1/guide/imports/{id}/refuse": "guide",
  "PUT /api/v1/guide/limits": "operate",
  "PUT /api/v1/guide/sources/{id}": "operate",
  "DELETE /api/v1/guide/sources/{id}": "operate",
  "POST /api/v1/guide/sources/{id}/run": "guide",
  "POST /api/v1/images": "edit",
  "POST /api/v1/interactions": "edit",
  "POST /api/v1/interactions/{id}/tags": "edit",
  "PUT /api/v1/interactions/{id}/archive": "edit",
  "DELETE /api/v1/interactions/{id}/archive": "edit",
  "PUT /api/v1/placements/{id}": "edit",
  "DELETE /api/v1/placements/{id}": "edit",
  "POST /api/v1/publish": "publish",
  "PUT /api/v1/publish/limits": "operate",
  "POST /api/v1/rollback": "publish",
  "POST /api/v1/withdraw": "withdraw",
  "GET /api/v1/webhooks": "operate",
  "POST /api/v1/webhooks": "operate",
  "GET /api/v1/webhooks/{id}": "operate",
  "PUT /api/v1/webhooks/{id}": "operate",
  "DELETE /api/v1/webhooks/{id}": "operate",
  "POST /api/v1/webhooks/{id}/secret": "operate",
  "POST /api/v1/webhooks/{id}/test": "operate",
  "GET /api/v1/webhooks/{id}/deliveries": "operate",
  "POST /api/v1/webhooks/{id}/deliveries/{event}/again": "operate",
  "POST /api/v1/results/{cue}/draws": "publish",
  "POST /api/v1/results/{cue}/draws/{id}/pick": "publish",
  "GET /api/v1/results/{cue}/draws/{id}/entries": "publish",
  "GET /api/v1/backups": "operate",
  "POST /api/v1/backups": "operate",
  "POST /api/v1/edges/codes": "operate",
  "DELETE /api/v1/edges/{id}": "operate",
};

async function request(t: TestCentral, token: string, method: string, path: string, more: object = {}) {
  return t.central.app.request(
    `http://central.test${path}`,
    { method, headers: { ...JSON_TYPE, authorization: `Bearer ${token}` }, ...more },
    { address: "1.2.3.4" },
  );
}
async function ask(...question: Parameters<typeof request>) {
  const reply = await request(...question);
  const text = await reply.text();
  return { status: reply.status, body: text === "" ? undefined : JSON.parse(text), headers: reply.headers };
}

async function statusOf(...question: Parameters<typeof request>): Promise<number> {
  const reply = await request(...question);
  // A stream has no end.
  await reply.body?.cancel();
  return reply.status;
}

test("mayDo() says what the table of roles and actions says", () => {
  for (const role of ROLES) {
    const words = TABLE[role].trim().split(/\s+/);
    for (const [index, action] of ACTIONS.entries()) {
      assert.equal(mayDo(role, action), words[index] === "yes", `${role} ${action}`);
    }
  }
});

test("askerMayDo() lets a token do what its role, its scope and the role of who answers for it all name", () => {
  for (const role of ROLES) {
    for (const personRole of ROLES) {
      for (const action of ACTIONS) {
        const both = mayDo(role, action) && mayDo(personRole, action);
        const words = `${role} of ${personRole} ${action}`;
        assert.equal(askerMayDo({ role, personRole }, action), both, words);
        assert.equal(
          askerMayDo({ role, personRole, scope: ["look"] }, action),
          both && action === "look",
          words,
        );
      }
    }
  }
});

test("every route lets in exactly the roles of its action", () =>
  withCentral({ air: false }, async (t) => {
    const { paths } = (await ask(t, t.token, "GET", "/openapi.json")).body;
    const tokens: [name: string, role: Role, token: string][] = [];
    for (const role of ROLES) tokens.push([role, role, await t.central.people.makeToken(role, { role })]);
    // An admin's tokens, of people who were made something else since.
    for (const role of ROLES) {
      await t.central.people.setPassword(`was-${role}`, "long enough", "admin");
      const made = await t.central.people.makeToken(role, { role: "admin", person: `was-${role}` });
      await t.central.people.setRole(`was-${role}`, role);
      tokens.push([`admin token of ${role}`, role, made]);
    }
    const seen = new Set<string>();
    for (const [path, methods] of Object.entries(
      paths as Record<string, Record<string, { security: object[] }>>,
    )) {
      for (const [method, { security }] of Object.entries(methods)) {
        if (!security.some((each) => "session" in each)) continue;
        const name = `${method.toUpperCase()} ${path}`;
        seen.add(name);
        const action = ROUTES[name] ?? (method === "get" ? "look" : "administer");
        for (const [asker, role, token] of tokens) {
          // A body that no schema takes, so that nothing happens where the role may.
          const body = method === "get" || method === "delete" ? {} : { body: "[" };
          const at = path.replaceAll(/\{\w+\}/g, "none");
          const status = await statusOf(t, token, method.toUpperCase(), at, body);
          assert.equal(status === 403, !mayDo(role, action), `${asker} ${name} ${status}`);
        }
      }
    }
    for (const name of Object.keys(ROUTES)) assert.ok(seen.has(name), `${name} is not there`);
  }));

test("two editors never overwrite each other silently", () =>
  withCentral({ air: false }, async (t) => {
    await ask(t, t.token, "POST", "/api/v1/interactions", { body: JSON.stringify(pollBody) });
    const rule = { kind: "instant", atMs: 5_000 };
    const draft = { interaction: "int-1", version: 1, channels: ["c1"], when: rule };
    const put = (more: object, headers: Record<string, string>) =>
      ask(t, t.token, "PUT", "/api/v1/placements/pl", {
        body: JSON.stringify({ ...draft, ...more }),
        headers: { ...JSON_TYPE, authorization: `Bearer ${t.token}`, ...headers },
      });
    const made = await put({}, { "if-none-match": "*" });
    assert.equal(made.status, 200);
    assert.equal((await put({}, { "if-none-match": "*" })).status, 412);
    const { headers } = await ask(t, t.token, "GET", "/api/v1/placements/pl");
    const tag = headers.get("etag") ?? "";
    assert.equal(tag, made.headers.get("etag"));
    assert.equal((await put({ priority: 1 }, { "if-match": tag })).status, 200);
    const refused = await put({ priority: 2 }, { "if-match": tag });
    assert.deepEqual([refused.status, refused.body.type], [412, "/problems/changed-meanwhile"]);
    const { body } = await ask(t, t.token, "GET", "/api/v1/placements/pl");
    assert.equal(body.placement.priority, 1);
    const seen = await ask(t, t.token, "GET", "/api/v1/interactions/int-1");
    const save = (durationMs: number) =>
      ask(t, t.token, "POST", "/api/v1/interactions", {
        body: JSON.stringify({ interaction: { ...pollBody.interaction, durationMs } }),
        headers: {
          ...JSON_TYPE,
          authorization: `Bearer ${t.token}`,
          "if-match": seen.headers.get("etag") ?? "",
        },
      });
    assert.equal((await save(9_000)).status, 200);
    assert.equal((await save(8_000)).status, 412);
  }));

test("the audit tells who, what, from where and what differs, page by page, and no secret", () =>
  withCentral({ air: false }, async (t) => {
    await ask(t, t.token, "PUT", "/api/v1/regions/north", { body: JSON.stringify({ name: "North" }) });
    await ask(t, t.token, "PUT", "/api/v1/regions/north", { body: JSON.stringify({ name: "Nord" }) });
    const person = { role: "editor", password: "correct horse" };
    assert.equal(
      (await ask(t, t.token, "PUT", "/api/v1/people/ann", { body: JSON.stringify(person) })).status,
      200,
    );
    const { entries } = (await ask(t, t.token, "GET", "/api/v1/audit")).body;
    assert.equal(entries.length, 3);
    assert.ok(!JSON.stringify(entries).includes("correct horse"));
    const { who, what, subject, address, changes } = entries[1];
    assert.deepEqual(
      { who, what, subject, address, changes },
      {
        who: "token:test",
        what: "PUT /api/v1/regions/{id}",
        subject: "north",
        address: "1.2.3.4",
        changes: [{ path: "name", from: "North", to: "Nord" }],
      },
    );
    const first = (await ask(t, t.token, "GET", "/api/v1/audit?limit=2&subject=north")).body;
    assert.deepEqual([first.entries.length, first.next], [2, undefined]);
    const page = (await ask(t, t.token, "GET", "/api/v1/audit?limit=1")).body;
    const second = (await ask(t, t.token, "GET", `/api/v1/audit?limit=1&before=${page.next}`)).body;
    assert.equal(second.entries[0].id, entries[1].id);
  }));

test("behind a trusted proxy the audit and the throttle tell askers apart, and nobody else is believed", () =>
  withCentral({ air: false, trustedProxies: "10.0.0.0/8" }, async (t) => {
    const from = (peer: string, forwarded: string, method: string, path: string, body: object) =>
      t.central.app.request(
        `http://central.test${path}`,
        {
          method,
          headers: { ...JSON_TYPE, authorization: `Bearer ${t.token}`, "x-forwarded-for": forwarded },
          body: JSON.stringify(body),
        },
        { address: peer },
      );
    const north = { name: "North" };
    await from("10.0.0.1", "198.51.100.9, 192.0.2.7", "PUT", "/api/v1/regions/a", north);
    await from("203.0.113.5", "192.0.2.7", "PUT", "/api/v1/regions/b", north);
    const { entries } = (await ask(t, t.token, "GET", "/api/v1/audit")).body;
    assert.deepEqual(
      entries.map(({ address }: { address: string }) => address),
      ["203.0.113.5", "192.0.2.7"],
    );
    await t.central.people.setPassword("ann", "long enough");
    const tryFrom = async (forwarded: string) => {
      const body = { name: "ann", password: "wrong" };
      return (await from("10.0.0.1", forwarded, "POST", "/api/v1/session", body)).status;
    };
    for (let tries = 0; tries < 8; tries++) assert.equal(await tryFrom("192.0.2.7"), 401);
    assert.equal(await tryFrom("192.0.2.7"), 429);
    assert.equal(await tryFrom(`192.0.2.7, 192.0.2.8`), 401);
  }));

test("people: the last admin stays, a new password ends every session, a token is revoked at once", () =>
  withCentral({ air: false }, async (t) => {
    const put = (name: string, body: object) =>
      ask(t, t.token, "PUT", `/api/v1/people/${name}`, { body: JSON.stringify(body) });
    assert.equal((await put("ann", { role: "admin" })).status, 400);
    for (const password of ["short", " ".repeat(10), "  short  \t\n  "])
      assert.equal((await put("ann", { role: "admin", password })).status, 400, password);
    const named = await put("ann-of-north", { role: "admin", password: "Ann-of-North" });
    assert.deepEqual([named.status, named.body.errors[0].path], [400, "password"]);
    assert.equal((await put("ann", { role: "admin", password: "long enough" })).status, 200);
    assert.equal((await put("ann", { role: "viewer" })).status, 409);
    assert.equal((await ask(t, t.token, "DELETE", "/api/v1/people/ann")).status, 409);
    const { secret } = await t.central.people.signIn("ann", "long enough", "");
    assert.equal((await t.central.people.bySession(secret))?.role, "admin");
    await put("ann", { role: "admin", password: "another one" });
    assert.equal(await t.central.people.bySession(secret), undefined);
    const made = await ask(t, t.token, "POST", "/api/v1/tokens", {
      body: JSON.stringify({ name: "probe", role: "viewer" }),
    });
    const probe = made.body.token;
    assert.equal((await ask(t, probe, "GET", "/api/v1/regions")).status, 200);
    const { tokens } = (await ask(t, t.token, "GET", "/api/v1/tokens")).body;
    const { id } = tokens.find((each: { name: string }) => each.name === "probe");
    assert.equal((await ask(t, t.token, "DELETE", `/api/v1/tokens/${id}`)).status, 204);
    assert.equal((await ask(t, probe, "GET", "/api/v1/regions")).status, 401);
  }));
