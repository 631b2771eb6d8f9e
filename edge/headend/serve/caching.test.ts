import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { SAMPLE, SCHEDULE, start } from "./_edge-app.ts";
import { compile, NOW, PNG_SHA } from "./_sample-publication.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
const SHARED = "max-age=0, s-maxage=2, stale-if-error=86400";
const good: [path: string, type: string, cacheControl: string][] = [
  ["/v1/channels", "application/json; charset=utf-8", SHARED],
  [SCHEDULE, "application/json; charset=utf-8", SHARED],
  ["/v1/interactions/int-42?version=3", "application/json; charset=utf-8", IMMUTABLE],
  ["/v1/interactions/int-42", "application/json; charset=utf-8", "no-store"],
  [`/v1/images/${PNG_SHA}`, "image/png", IMMUTABLE],
  ["/healthz", "application/json; charset=utf-8", "no-store"],
  ["/readyz", "application/json; charset=utf-8", "no-store"],
  ["/tv/", "text/html; charset=utf-8", "no-store"],
  ["/tv/index.html", "text/html; charset=utf-8", "no-store"],
  ["/box/box.js", "text/javascript; charset=utf-8", "no-store"],
  ["/openapi.json", "application/json; charset=utf-8", "no-store"],
];

for (const [path, type, cacheControl] of good) {
  test(`GET ${path} has its type, caching, ETag, CORS; 304 by it; HEAD without a body`, async () => {
    const { ask } = start();
    const reply = await ask(path);
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get("content-type"), type);
    assert.equal(reply.headers.get("cache-control"), cacheControl);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.equal(reply.headers.get("vary"), "Accept-Encoding");
    const etag = reply.headers.get("etag") ?? "";
    assert.match(etag, /^"[0-9a-f]{8}"$/);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    assert.equal(reply.headers.get("content-length"), String(bytes.length));

    const head = await ask(path, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("etag"), etag);
    assert.equal(head.headers.get("content-length"), String(bytes.length));
    assert.equal((await head.arrayBuffer()).byteLength, 0);

    const gzipEtag = `${etag.slice(0, -1)}-gz"`;
    for (const known of [etag, gzipEtag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const unchanged = await ask(path, { headers: { "if-none-match": known } });
      assert.equal(unchanged.status, 304, known);
      assert.equal(unchanged.headers.get("etag"), etag);
      assert.equal(unchanged.headers.get("cache-control"), cacheControl);
      assert.equal(unchanged.headers.get("vary"), "Accept-Encoding");
      assert.equal(unchanged.headers.get("access-control-allow-origin"), "*");
      assert.equal((await unchanged.arrayBuffer()).byteLength, 0);
    }
    assert.equal((await ask(path, { headers: { "if-none-match": '"other"' } })).status, 200);

    const packed = await ask(path, { headers: { "accept-encoding": "br;q=1, gzip;q=0.9" } });
    if (type.startsWith("image/")) {
      assert.equal(packed.headers.get("content-encoding"), null);
      return;
    }
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    assert.equal(packed.headers.get("etag"), gzipEtag);
    assert.deepEqual(new Uint8Array(gunzipSync(new Uint8Array(await packed.arrayBuffer()))), bytes);
  });
}

test("GET /tv leads to /tv/, not to be kept", async () => {
  const reply = await start().ask("/tv");
  assert.equal(reply.status, 308);
  assert.equal(reply.headers.get("location"), "/tv/");
  assert.equal(reply.headers.get("cache-control"), "no-store");
});

test("GET /v1/time is stamped anew each time, and no cache may keep it", async () => {
  const { ask, clock } = start();
  const reply = await ask("/v1/time?n=1");
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.equal(reply.headers.get("etag"), null);
  assert.deepEqual(await reply.json(), { timeMs: NOW });
  clock.set(NOW + 7);
  assert.deepEqual(await (await ask("/v1/time?n=1")).json(), { timeMs: NOW + 7 });
});

test("a promotion is seen by the next request", async () => {
  let snapshot = SAMPLE;
  const { ask } = start({ snapshot: () => snapshot });
  const before = (await ask(SCHEDULE)).headers.get("etag");
  snapshot = await compile({ placements: [] }, SAMPLE);
  assert.notEqual((await ask(SCHEDULE)).headers.get("etag"), before);
});
