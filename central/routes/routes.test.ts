import assert from "node:assert/strict";
import { test } from "node:test";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const JSON_TYPE = { "content-type": "application/json" };
const ask = (t: TestCentral, path: string, init: RequestInit = {}) =>
  t.central.app.request(`http://central.test${path}`, init, { address: "1.2.3.4" });
const signIn = (t: TestCentral, password: string) =>
  ask(t, "/api/v1/session", {
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify({ name: "editor", password }),
  });

test("every route but sign-in and health asks who it is", () =>
  withCentral({ air: false }, async (t) => {
    const document = (await (await ask(t, "/openapi.json")).json()) as {
      paths: Record<string, Record<string, { security: unknown[] }>>;
    };
    let asked = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const open = operation.security.length === 0;
        const reply = await ask(t, path.replaceAll(/\{\w+\}/g, "x"), {
          method: method.toUpperCase(),
          headers: JSON_TYPE,
        });
        await reply.body?.cancel();
        assert.equal(reply.status === 401, !open, `${method} ${path} ${reply.status}`);
        if (!open) asked++;
      }
    }
    assert.ok(asked > 25, String(asked));
    const edgeToken = await ask(t, "/uplink/v1/renew", {
      method: "POST",
      headers: { authorization: `Bearer ${t.token}` },
    });
    assert.equal(edgeToken.status, 401);
  }));

test("a person signs in by password, acts from central's own page only, and signs out", () =>
  withCentral({ air: false }, async (t) => {
    await t.central.people.setPassword("editor", "right");
    assert.equal((await signIn(t, "wrong")).status, 401);
    const reply = await signIn(t, "right");
    const setCookie = reply.headers.get("set-cookie") ?? "";
    assert.match(setCookie, /HttpOnly; SameSite=Strict/);
    const cookie = setCookie.split(";")[0] ?? "";
    const put = (headers: Record<string, string>) =>
      ask(t, "/api/v1/regions/r1", {
        method: "PUT",
        headers: { ...JSON_TYPE, cookie, ...headers },
        body: JSON.stringify({ name: "R" }),
      });
    assert.equal((await put({})).status, 403);
    assert.equal((await put({ origin: "http://evil.test" })).status, 403);
    assert.equal((await put({ origin: "http://central.test", host: "central.test" })).status, 200);
    assert.equal((await ask(t, "/api/v1/regions", { headers: { cookie } })).status, 200);
    await ask(t, "/api/v1/session", { method: "DELETE", headers: { cookie } });
    assert.equal((await ask(t, "/api/v1/regions", { headers: { cookie } })).status, 401);
    const [audited] = await t.authoring.all("SELECT who FROM audit WHERE what LIKE 'PUT%'");
    assert.equal(audited?.who, "person:editor");
  }));

test("signing in and out are refused from another site's page, as everything else that changes something", () =>
  withCentral({ air: false }, async (t) => {
    await t.central.people.setPassword("editor", "right");
    const cookie = (await signIn(t, "right")).headers.get("set-cookie")?.split(";")[0] ?? "";
    const from = (method: string, headers: Record<string, string>) =>
      ask(t, "/api/v1/session", {
        ...{ method, headers: { ...JSON_TYPE, cookie, host: "central.test", ...headers } },
        ...(method === "POST" && { body: JSON.stringify({ name: "editor", password: "right" }) }),
      });
    for (const method of ["POST", "DELETE"]) {
      for (const origin of ["http://evil.test", "null"])
        assert.equal((await from(method, { origin })).status, 403, `${method} ${origin}`);
    }
    assert.equal((await from("POST", { origin: "http://central.test" })).status, 200);
    assert.equal((await ask(t, "/api/v1/regions", { headers: { cookie } })).status, 200);
    assert.equal((await from("DELETE", { origin: "http://central.test" })).status, 204);
    assert.equal((await ask(t, "/api/v1/regions", { headers: { cookie } })).status, 401);
  }));

test("signing in waits after too many wrong tries", () =>
  withCentral({ air: false }, async (t) => {
    await t.central.people.setPassword("editor", "right");
    const statuses: number[] = [];
    for (let tries = 0; tries < 9; tries++) statuses.push((await signIn(t, "wrong")).status);
    assert.deepEqual(statuses.slice(-2), [401, 429]);
    assert.equal((await signIn(t, "right")).status, 429);
  }));

test("signing in waits after too many wrong tries of one address, whatever the names, and others go on", () =>
  withCentral({ air: false }, async (t) => {
    await t.central.people.setPassword("editor", "right");
    const codes: string[] = [];
    for (let tries = 0; tries < 41; tries++) {
      await t.central.people
        .signIn(`name-${tries}`, "wrong", "192.0.2.9")
        .catch((error) => codes.push((error as { code: string }).code));
    }
    assert.deepEqual([codes.length, codes.at(-2), codes.at(-1)], [41, "wrong-password", "too-many-tries"]);
    assert.equal((await signIn(t, "right")).status, 200);
  }));

test("malformed requests are refused with a problem that says what is wrong", () =>
  withCentral({ air: false }, async (t) => {
    const authorization = `Bearer ${t.token}`;
    for (const [method, path, headers, body, status] of [
      ["GET", "/nothing", {}, undefined, 404],
      ["PATCH", "/api/v1/publish", {}, undefined, 405],
      ["PUT", "/api/v1/regions/r", { "content-type": "text/plain" }, "x", 415],
      ["PUT", "/api/v1/regions/r", { ...JSON_TYPE, "content-encoding": "br" }, "x", 415],
      ["PUT", "/api/v1/regions/r", JSON_TYPE, "{", 400],
      ["PUT", "/api/v1/regions/r", { ...JSON_TYPE, "content-encoding": "gzip" }, "{}", 400],
      ["PUT", "/api/v1/regions/r", JSON_TYPE, JSON.stringify({ name: "x".repeat(2_000_000) }), 413],
      ["PUT", "/api/v1/regions/a%20b", JSON_TYPE, JSON.stringify({ name: "x" }), 400],
      ["PUT", "/api/v1/regions/r", JSON_TYPE, JSON.stringify({ name: 5 }), 400],
      ["GET", "/api/v1/programmes?channel=c1", {}, undefined, 400],
      ["GET", "/api/v1/results/none:once", {}, undefined, 404],
      ["POST", "/api/v1/edges/codes", JSON_TYPE, JSON.stringify({ region: "none" }), 404],
      ["POST", "/api/v1/withdraw", JSON_TYPE, "{}", 400],
      ["POST", "/api/v1/publish", JSON_TYPE, "{}", 503],
      ["POST", "/uplink/v1/enrol", JSON_TYPE, JSON.stringify({ code: "12345678", software: "x" }), 403],
    ] as const) {
      const reply = await ask(t, path, {
        method,
        headers: { authorization, ...headers },
        ...(body && { body }),
      });
      const problem = (await reply.json()) as { status: number; detail: string; errors?: { path: string }[] };
      assert.equal(reply.status, status, `${method} ${path} ${JSON.stringify(problem)}`);
      assert.equal(reply.headers.get("content-type"), "application/problem+json");
      assert.equal(problem.status, status);
      assert.match(problem.detail, /^Cannot /);
    }
    const wrong = await t.api("PUT", "/api/v1/regions/r", { name: 5 });
    assert.deepEqual(
      wrong.body.errors.map((error: { path: string }) => error.path),
      ["name"],
    );
  }));

test("an interaction is saved as a new version only when it differs, and refused when it contradicts itself", () =>
  withCentral({ air: false }, async (t) => {
    const save = (body: unknown) => t.api("POST", "/api/v1/interactions", body);
    assert.deepEqual((await save(pollBody)).body.created, true);
    const again = (await save(pollBody)).body;
    assert.deepEqual([again.created, again.interaction.version], [false, 1]);
    const longer = { interaction: { ...pollBody.interaction, durationMs: 9_000 } };
    assert.equal((await save(longer)).body.interaction.version, 2);
    assert.deepEqual((await t.api("GET", "/api/v1/interactions/int-1?version=1")).body.versions, [1, 2]);
    const quiz = { interaction: { ...pollBody.interaction, type: "quiz" } };
    assert.equal((await save(quiz)).status, 400);
    assert.equal((await save({ ...quiz, correct: ["z"] })).status, 400);
    assert.equal((await save({ ...quiz, correct: ["a"] })).status, 200);
    assert.equal((await save({ interaction: { id: "x", type: "nonsense" } })).status, 400);
  }));

test("an edge enrols once per code, gets its hint at once or when something is published, and is revoked", () =>
  withCentral({ air: true }, async (t) => {
    await t.api("PUT", "/api/v1/regions/north", { name: "North" });
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
    const post = (path: string, body: unknown, token = "") =>
      ask(t, path, {
        method: "POST",
        headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const enrol = { code, url: "http://edge.test:1", software: "1" };
    const own = (await (await post("/uplink/v1/enrol", enrol)).json()) as {
      edge: string;
      uplinkToken: string;
    };
    assert.equal((await post("/uplink/v1/enrol", enrol)).status, 403);
    const report = { software: "1", outbox: { waiting: 0 }, timeMs: 1 };
    const waiting = post("/uplink/v1/hint", { waitMs: 20_000, report }, own.uplinkToken);
    const published = await t.central.publisher.publish();
    const hint = (await (await waiting).json()) as { air: unknown };
    assert.deepEqual(hint.air, published.position);
    const region = JSON.parse(String(t.central.publisher.onAir()?.content.get("regions")?.get("north")));
    assert.deepEqual(region.edges, [{ url: "http://edge.test:1", weight: 1 }]);
    const { edges } = (await t.api("GET", "/api/v1/air")).body;
    assert.deepEqual([edges[0].id, edges[0].landed], [own.edge, false]);
    assert.equal((await t.api("DELETE", `/api/v1/edges/${own.edge}`)).status, 204);
    assert.equal((await post("/uplink/v1/hint", { waitMs: 0, report }, own.uplinkToken)).status, 401);
  }));

test("an edge that was revoked is told of while its boxes may be served still, and its region as one without", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const first = await t.central.publisher.publish();
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
    const post = (path: string, body: unknown, token?: string) =>
      ask(t, path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
    const enrolled = await post("/uplink/v1/enrol", { code, url: "http://edge.test:1", software: "1" });
    const own = (await enrolled.json()) as { edge: string; uplinkToken: string };
    const report = { serves: first.position, software: "1", outbox: { waiting: 0 }, timeMs: 1 };
    const hint = () => post("/uplink/v1/hint", { waitMs: 0, report }, own.uplinkToken);
    await hint();
    const air = async () => (await t.api("GET", "/api/v1/air")).body;
    assert.deepEqual([(await air()).revoked, (await air()).regionsWithoutEdge], [[], []]);
    await t.api("DELETE", `/api/v1/edges/${own.edge}`);
    await t.api("POST", "/api/v1/withdraw", { placement: "pl1" });
    t.setWall(TEST_NOW_MS + 100_000);
    assert.equal((await hint()).status, 401);
    const told = await air();
    assert.deepEqual([told.edges, told.regionsWithoutEdge], [[], ["north"]]);
    const [edge] = told.revoked;
    assert.deepEqual([edge.id, edge.region, edge.running, edge.landed], [own.edge, "north", true, false]);
    assert.deepEqual([edge.lastHeardMs, edge.serves], [TEST_NOW_MS + 100_000, first.position]);
    assert.deepEqual([edge.missing, edge.mattersAtMs], [1, TEST_NOW_MS + 300_000]);
    t.setWall(TEST_NOW_MS + 200_000);
    assert.equal((await air()).revoked[0].running, false);
    t.setWall(TEST_NOW_MS + 3 * 86_400_000);
    assert.deepEqual((await air()).revoked, []);
  }));

const guide = (title: string) => `<?xml version="1.0" encoding="UTF-8"?>
<tv><channel id="c1"><display-name>One</display-name></channel>
<programme start="20991231230000 +0000" stop="20991231233000 +0000" channel="c1"><title>${title}</title></programme>
</tv>`;

test("a guide is imported, kept on a second time, only looked at in a dry run, and refused whole when it breaks off", () =>
  withCentral({ air: false }, async (t) => {
    const send = async (body: string, query = "") => {
      const reply = await ask(t, `/api/v1/guide${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${t.token}`, "content-type": "application/xml" },
        body,
      });
      return { status: reply.status, body: await reply.json() };
    };
    const titles = async () => {
      const [channel] = (await t.api("GET", "/api/v1/channels")).body.channels;
      if (!channel) return undefined;
      const path = `/api/v1/programmes?channel=${channel.id}&fromMs=0&untilMs=9999999999999`;
      return (await t.api("GET", path)).body.programmes.map((each: { title: string }) => each.title);
    };
    assert.equal((await send(guide("News"), "?dryRun=1")).body.imported, false);
    assert.equal(await titles(), undefined);
    assert.equal((await send(guide("News"))).body.programmes.added, 1);
    assert.deepEqual(await titles(), ["News"]);
    assert.equal((await send(guide("News"))).body.programmes.unchanged, 1);
    assert.equal((await send(guide("Evening News"))).status, 200);
    assert.deepEqual(await titles(), ["Evening News"]);
    for (const broken of [guide("X").slice(0, 200), "", "<html></html>", "PNG"]) {
      const refused = await send(broken);
      assert.equal(refused.status, 422, JSON.stringify(refused));
      assert.match(refused.body.detail, /^Cannot import the guide/);
    }
    assert.deepEqual(await titles(), ["Evening News"]);
  }));
