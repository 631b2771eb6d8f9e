import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock, systemTimers } from "../../../shared/runtime/clock.ts";
import { type Handler, serve } from "../../../shared/runtime/serve.ts";
import type { HttpReply, HttpRequest } from "../ports.ts";
import { createFetchHttp } from "./http-fetch.ts";

const http = createFetchHttp(systemClock, systemTimers);

async function ask(handler: Handler, fields: Partial<HttpRequest> = {}): Promise<HttpReply> {
  const server = await serve(handler, { hostname: "127.0.0.1", port: 0 });
  try {
    const request: HttpRequest = {
      method: "GET",
      url: `http://127.0.0.1:${server.port}/x`,
      body: null,
      etag: null,
      token: null,
      timeoutMs: 5_000,
      ...fields,
    };
    return await new Promise((resolve) => http.send(request, resolve));
  } finally {
    await server.close(0);
  }
}

test("send() asks conditionally with the tag that is held, and brings the new one back", async () => {
  const reply = await ask(
    (request) =>
      new Response(null, {
        status: request.headers.get("if-none-match") === '"a"' ? 304 : 200,
        headers: { etag: '"b"' },
      }),
    { etag: '"a"' },
  );
  assert.deepEqual([reply.status, reply.etag, reply.text], [304, '"b"', ""]);
});

test("send() posts JSON with the box's token, and tells Retry-After", async () => {
  let seen: unknown;
  const reply = await ask(
    async (request) => {
      const { headers } = request;
      seen = [
        request.method,
        headers.get("content-type"),
        headers.get("authorization"),
        await request.text(),
      ];
      return new Response("busy", { status: 503, headers: { "retry-after": "7" } });
    },
    { method: "POST", body: "{}", token: "secret" },
  );
  assert.deepEqual(seen, ["POST", "application/json", "Bearer secret", "{}"]);
  assert.deepEqual([reply.status, reply.retryAfter], [503, "7"]);
});

test("send() stamps around the request", async () => {
  const before = systemClock.monotonicMs();
  const reply = await ask(() => new Response("{}"));
  assert.ok(reply.sentMs >= before && reply.receivedMs >= reply.sentMs);
});

test("send() ends with status 0 where nobody listens, where nobody answers, and on a redirect", async () => {
  const refused = await ask(() => new Response(), { url: "http://127.0.0.1:9/x" });
  assert.equal(refused.status, 0);
  const silent = await ask(() => new Promise<Response>(() => {}), {
    timeoutMs: 50,
  });
  assert.equal(silent.status, 0);
  const sentAway = await ask(() => new Response(null, { status: 302, headers: { location: "/y" } }));
  assert.equal(sentAway.status, 0);
});

test("send() refuses a reply that is too large", async () => {
  const reply = await ask(() => new Response("x".repeat(9 * 1024 * 1024)));
  assert.equal(reply.status, 0);
});
