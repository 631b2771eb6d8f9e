import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { PROBLEM_MEDIA_TYPE, problemSample } from "../../../shared/protocol/problem.ts";
import { serve } from "../../../shared/runtime/serve.ts";
import type { HintRequest } from "../../../shared/uplink/hint.ts";
import { createCentralClient } from "./central-client.ts";

const hint: HintRequest = { waitMs: 0, report: { software: "test", outbox: { waiting: 0 }, timeMs: 5 } };
const batch = { outbox: "0b7c9d1e-5a2f-4f6b-8c3d-2e1f0a9b8c7d", answers: [], airings: [], tallies: [] };

async function against(
  handler: (request: Request) => Response | Promise<Response>,
  run: (url: string) => Promise<void>,
) {
  const server = await serve(handler, { hostname: "127.0.0.1", port: 0 });
  try {
    await run(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.close(0);
  }
}

const problem = (status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ ...problemSample, status }), {
    status,
    headers: { "content-type": PROBLEM_MEDIA_TYPE, ...headers },
  });

test("createCentralClient() asks with the uplink token and gives what its schema lets through", () =>
  against(
    async (request) => {
      assert.equal(request.headers.get("authorization"), "Bearer secret");
      assert.equal(new URL(request.url).pathname, "/uplink/v1/hint");
      assert.deepEqual(await request.json(), hint);
      return Response.json({ timeMs: 7, more: true });
    },
    async (url) => {
      const client = createCentralClient({ url: `${url}/`, uplinkToken: "secret" });
      assert.deepEqual(await client.hint(hint), { timeMs: 7 });
    },
  ));

test("createCentralClient() tells refusals, tokens, overload and strangers apart", async () => {
  const cases: [Response, Record<string, unknown>][] = [
    [problem(400), { code: "central-refused", status: 400, retryable: false }],
    [problem(401), { code: "central-refused-token", status: 401 }],
    [problem(503, { "retry-after": "7" }), { code: "central-unwell", retryable: true, retryAfterMs: 7_000 }],
    [new Response("<html>no", { status: 400 }), { code: "central-garbled" }],
    [new Response("<html>hello"), { code: "central-garbled", message: /is that address central's/ }],
    [Response.json({ taken: -1 }), { code: "central-garbled", message: /taken/ }],
    [
      new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
      { code: "central-unreachable" },
    ],
  ];
  for (const [reply, expected] of cases) {
    await against(
      () => reply,
      async (url) => {
        await assert.rejects(createCentralClient({ url }).batch(batch), expected);
      },
    );
  }
});

test("createCentralClient() says that nobody listens, with no secret in it", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const client = createCentralClient({ url: `http://127.0.0.1:${port}`, uplinkToken: "secret" });
  await assert.rejects(client.renew(), (error: Error & { code?: string }) => {
    assert.equal(error.code, "central-unreachable");
    assert.match(error.message, new RegExp(`127.0.0.1:${port}.*refused`, "i"));
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test("createCentralClient() ends a call into a black hole, and one that is given up", async () => {
  const hole = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  const { port } = hole.address() as { port: number };
  const client = createCentralClient({ url: `http://127.0.0.1:${port}`, answerMs: 100 });
  await assert.rejects(client.batch(batch), { code: "central-unreachable", message: /no answer in 200 ms/ });
  const abort = new AbortController();
  const given = client.hint({ ...hint, waitMs: 20_000 }, abort.signal);
  abort.abort();
  await assert.rejects(given, { code: "central-unreachable" });
  hole.close();
});
