import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, pollBody, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

/** Whatever a page edits: its address, what is put there first, and what somebody else puts there. */
const THINGS: readonly [path: string, first: unknown, other: unknown][] = [
  ["/regions/north", { name: "North" }, { name: "Norden" }],
  ["/channels/c1", { number: 1, name: "C1" }, { number: 2, name: "C1" }],
  ["/channel-groups/g1", { name: "G", channels: ["c1"] }, { name: "H", channels: ["c1"] }],
  [
    "/channel-rules/r1",
    { name: "R", channels: ["c1"], gapMs: 60_000 },
    { name: "R", channels: ["c1"], gapMs: 90_000 },
  ],
  ["/placements/pl1", undefined, undefined],
  ["/guide/limits", { movedMax: 500 }, { movedMax: 50 }],
  ["/publish/limits", { freezeMs: 0 }, { freezeMs: 60_000 }],
  ["/retention", { answers: 90 }, { answers: 60 }],
  ["/people/anna", { role: "editor", password: "a long enough one" }, { role: "viewer" }],
  [
    "/guide/sources/feed",
    { url: "http://127.0.0.1:9/guide.xml", every: { ms: 86_400_000 }, paused: true },
    { url: "http://127.0.0.1:9/other.xml", every: { ms: 86_400_000 }, paused: true },
  ],
];

const asker =
  (t: TestCentral) =>
  async (method: string, path: string, body?: unknown, headers = {}) => {
    const reply = await t.central.app.request(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${t.token}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const tag = reply.headers.get("etag") ?? undefined;
    return { status: reply.status, tag, body: text === "" ? undefined : JSON.parse(text) };
  };
type Ask = ReturnType<typeof asker>;

async function holds(ask: Ask, path: string, first: unknown, other: unknown): Promise<void> {
  if (first) assert.equal((await ask("PUT", path, first)).status, 200, path);
  const seen = await ask("GET", path);
  assert.ok(seen.status === 200 && seen.tag, `${path} has no tag: ${JSON.stringify(seen)}`);
  assert.equal(
    (await ask("GET", path, undefined, { "if-none-match": `"x", W/${seen.tag}` })).status,
    304,
    path,
  );
  if (other === undefined) return;
  const changed = await ask("PUT", path, other, { "if-match": seen.tag });
  assert.ok(changed.status === 200 && changed.tag !== seen.tag, `${path} ${JSON.stringify(changed)}`);
  assert.equal((await ask("GET", path)).tag, changed.tag, path);
  const stale = await ask("PUT", path, first, { "if-match": seen.tag });
  assert.deepEqual([stale.status, stale.body.type], [412, "/problems/changed-meanwhile"], path);
  assert.equal((await ask("GET", path)).tag, changed.tag, path);
  assert.equal((await ask("PUT", path, first)).status, 200, `${path}: without the header the last one wins`);
}

test("whatever a page edits has an ETag, and a stale one changes nothing", () =>
  withCentral({ air: false, offline: true }, async (t) => {
    await authorSample(t);
    const ask = asker(t);
    for (const [path, first, other] of THINGS) await holds(ask, path, first, other);
    const webhook = { url: "http://127.0.0.1:9/", about: "one", enabled: false };
    const { id } = (await ask("POST", "/webhooks", webhook)).body.webhook;
    await holds(ask, `/webhooks/${id}`, webhook, { ...webhook, about: "other" });
    const { interaction } = pollBody;
    assert.equal((await ask("GET", `/interactions/${interaction.id}`)).status, 200);
    for (const path of [`/webhooks/${id}`, "/people/anna", "/guide/sources/feed", "/channel-groups/g1"]) {
      assert.equal((await ask("DELETE", path, undefined, { "if-match": '"stale"' })).status, 412, path);
      assert.equal((await ask("GET", path)).status, 200, path);
    }
  }));

test("the document tells of the tags what the routes do", () =>
  withCentral({ air: false }, async (t) => {
    const { paths } = (await t.api("GET", "/openapi.json")).body;
    for (const path of [...THINGS.map(([path]) => path), "/webhooks/{id}", "/interactions/{id}"]) {
      const known = path.replace(
        /(?<=\/(regions|channels|channel-\w+|placements|people|sources)\/)\w+$/,
        "{id}",
      );
      const { get, put, delete: remove } = paths[`/api/v1${known}`];
      assert.ok(get?.responses[304] && get.responses[200].headers.ETag, known);
      for (const changes of [put, remove]) {
        if (changes) assert.ok(changes.responses[412], `${known} ${changes.summary}`);
      }
    }
  }));
