import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import { createTimedFetch } from "./timed-fetch.ts";

async function serving(t: TestContext, answers: boolean): Promise<string> {
  const server = createServer((_, reply) => {
    if (answers) reply.end("here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === "object");
  return `http://127.0.0.1:${address.port}`;
}

function compute(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

test("a server that never answers is given up, and told so", async (t) => {
  const url = await serving(t, false);
  await assert.rejects(createTimedFetch(150)(url), {
    name: "TimeoutError",
    message: /no answer within 150 ms/,
  });
});

test("time in which this process computes is not the server's: a reply that waits is taken", async (t) => {
  const url = await serving(t, true);
  // Its own turns and this process's: the server lies in the same thread, as a reply that waits would.
  const asked = createTimedFetch(400)(url);
  for (let turn = 0; turn < 3; turn++) {
    compute(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(await (await asked).text(), "here");
});

test("who asks may give up sooner", async (t) => {
  const url = await serving(t, false);
  const given = new AbortController();
  const asked = createTimedFetch(60_000)(url, { signal: given.signal });
  given.abort(new Error("enough"));
  await assert.rejects(asked, /enough/);
});
