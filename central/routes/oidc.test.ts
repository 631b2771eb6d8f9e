import assert from "node:assert/strict";
import { test } from "node:test";
import { readRoleMap } from "../people/oidc.ts";
import { type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { startProvider, TEST_CLIENT, type TestProvider } from "../testing/oidc-provider.ts";

const REDIRECT = "http://central.test/api/v1/oidc/callback";

/** Tokens are checked by the real clock, so they are made by it. */
const nowS = () => Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000);

async function withProvider(
  run: (t: TestCentral, provider: TestProvider) => Promise<void>,
  secret = TEST_CLIENT.secret,
): Promise<void> {
  const provider = await startProvider(nowS);
  const roles = readRoleMap("newsroom=editor, cuecast=admin,desk=viewer");
  const oidc = {
    ...{ issuer: provider.issuer, clientId: TEST_CLIENT.id, clientSecret: secret },
    ...{ redirectUrl: REDIRECT, roleClaim: "groups", roles },
  };
  try {
    await withCentral({ air: false, oidc }, (t) => run(t, provider));
  } finally {
    await provider.close();
  }
}

const ask = (t: TestCentral, path: string, cookie = "") =>
  t.central.app.request(
    new URL(path, "http://central.test").href,
    { headers: { cookie } },
    { address: "192.0.2.7" },
  );

const cookiesOf = (reply: Response) =>
  Object.fromEntries(
    reply.headers.getSetCookie().map((each) => {
      const [pair = "", ...rest] = each.split("; ");
      return [pair.split("=")[0], { value: pair, rest: rest.join("; ") }];
    }),
  );

/** Goes to the provider as a browser would. @returns the address that it sends the browser back to, and the cookie */
async function toProvider(t: TestCentral): Promise<{ back: string; cookie: string }> {
  const begun = await ask(t, "/api/v1/oidc/begin");
  assert.equal(begun.status, 303);
  const { cuecast_oidc } = cookiesOf(begun);
  assert.match(cuecast_oidc?.rest ?? "", /HttpOnly; SameSite=Lax/);
  const there = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
  await there.body?.cancel();
  return { back: there.headers.get("location") ?? "", cookie: cuecast_oidc?.value ?? "" };
}

async function signIn(t: TestCentral) {
  const { back, cookie } = await toProvider(t);
  const reply = await ask(t, back, cookie);
  const location = reply.headers.get("location") ?? "";
  const session = cookiesOf(reply).cuecast_session;
  const who = session && (await (await ask(t, "/api/v1/session", session.value)).json());
  return { status: reply.status, location, session, who: who as { name: string; role: string } | undefined };
}

test("a person of the provider is made at the first sign-in, with the role of its groups, and keeps the name", () =>
  withProvider(async (t, provider) => {
    assert.deepEqual((await t.api("GET", "/api/v1/sign-in")).body, {
      password: true,
      oidc: { issuer: provider.issuer, begin: "/api/v1/oidc/begin" },
    });
    provider.claims = { groups: ["desk", "newsroom", "others"] };
    const first = await signIn(t);
    assert.deepEqual([first.status, first.location], [303, "/"]);
    assert.match(first.session?.rest ?? "", /HttpOnly; SameSite=Strict/);
    assert.deepEqual([first.who?.name, first.who?.role], ["ann", "editor"]);
    provider.claims = { groups: "cuecast", preferred_username: "ann-maria" };
    assert.deepEqual([(await signIn(t)).who?.name, (await t.central.people.list()).length], ["ann", 1]);
    assert.equal((await t.central.people.list())[0]?.role, "admin");
    const { entries } = (await t.api("GET", "/api/v1/audit")).body;
    assert.deepEqual([entries[0].who, entries[0].address], ["person:ann", "192.0.2.7"]);
    assert.ok(provider.asked.every((form) => (form.get("code_verifier") ?? "").length >= 43));
  }));

test("a person of the provider never gets the account of one who signs in by password, nor a password", () =>
  withProvider(async (t, provider) => {
    await t.central.people.setPassword("editor", "right password");
    provider.claims = { groups: ["desk"], preferred_username: "editor" };
    const { who } = await signIn(t);
    assert.deepEqual([who?.name, who?.role], ["editor~2", "viewer"]);
    await assert.rejects(t.central.people.signIn("editor~2", "", "x"), { code: "wrong-password" });
    provider.claims = { groups: ["desk"], preferred_username: "editor", sub: "u-2" };
    assert.equal((await signIn(t)).who?.name, "editor~3");
    provider.claims = { groups: ["desk"], preferred_username: "Ann <b>@x", sub: "u-3" };
    assert.equal((await signIn(t)).who?.name, "Ann--b--x");
  }));

for (const fault of ["nonce", "audience", "expired", "issuer", "key", "code"] as const) {
  test(`what the provider sends is refused when it does not hold: ${fault}`, () =>
    withProvider(async (t, provider) => {
      provider.claims = { groups: ["cuecast"] };
      provider.fault = fault;
      const { location, session } = await signIn(t);
      assert.equal(location, "/?sign-in=oidc-refused");
      assert.equal(session, undefined);
      assert.equal((await t.central.people.list()).length, 0);
    }));
}

test("nobody gets in with a state of another browser, twice with one, or without a group that has a role", () =>
  withProvider(async (t, provider) => {
    provider.claims = { groups: ["cuecast"] };
    const [mine, others] = [await toProvider(t), await toProvider(t)];
    const crossed = await ask(t, mine.back, others.cookie);
    assert.equal(crossed.headers.get("location"), "/?sign-in=oidc-refused");
    assert.equal((await ask(t, mine.back)).headers.get("location"), "/?sign-in=oidc-expired");
    assert.equal((await ask(t, mine.back, mine.cookie)).headers.get("location"), "/");
    assert.equal((await ask(t, mine.back, mine.cookie)).headers.get("location"), "/?sign-in=oidc-expired");
    for (const groups of [["others"], [], null, { cuecast: true }]) {
      provider.claims = { groups };
      assert.equal((await signIn(t)).location, "/?sign-in=oidc-no-role");
    }
  }));

test("a wrong secret and a provider that is away are told apart", () =>
  withProvider(async (t, provider) => {
    provider.claims = { groups: ["cuecast"] };
    assert.equal((await signIn(t)).location, "/?sign-in=oidc-refused");
    const { back, cookie } = await toProvider(t);
    await provider.close();
    assert.equal((await ask(t, back, cookie)).headers.get("location"), "/?sign-in=oidc-unreachable");
  }, "wrong"));

test("without a provider the page is told so, and its addresses are none", () =>
  withCentral({ air: false }, async (t) => {
    assert.deepEqual((await t.api("GET", "/api/v1/sign-in")).body, { password: true });
    assert.equal((await ask(t, "/api/v1/oidc/begin")).status, 404);
  }));

test("readRoleMap() takes groups with a role each, and refuses the rest in words", () => {
  assert.deepEqual(
    [...readRoleMap("a=b=admin, c d=viewer")],
    [
      ["a=b", "admin"],
      ["c d", "viewer"],
    ],
  );
  for (const text of ["a", "=admin", "a=owner", "a="]) {
    assert.throws(() => readRoleMap(text), { code: "usage", message: /GROUP=ROLE/ });
  }
});
