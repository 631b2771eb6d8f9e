import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { airingsSample } from "../../../shared/protocol/airings.ts";
import { answersSample } from "../../../shared/protocol/answers.ts";
import { answersBody, post, problemOf, SAMPLE, SCHEDULE, start } from "./_edge-app.ts";
import { MESSAGES } from "./openapi.ts";

test("OPTIONS is 204 anywhere, with methods, headers and a long age", async () => {
  const { ask } = start();
  for (const path of [SCHEDULE, "/v1/answers", "/healthz"]) {
    const reply = await ask(path, { method: "OPTIONS", headers: { origin: "http://tv.test" } });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.match(reply.headers.get("access-control-allow-methods") ?? "", /GET, HEAD, POST/);
    assert.match(
      reply.headers.get("access-control-allow-headers") ?? "",
      /Authorization, Content-Type, If-None-Match/,
    );
    assert.equal(reply.headers.get("access-control-max-age"), "86400");
  }
});

test("an edge without a snapshot lives, is not ready, and says when to come back", async () => {
  const { ask } = start({ snapshot: () => undefined });
  assert.equal((await ask("/healthz")).status, 200);
  assert.equal((await ask("/v1/time")).status, 200);
  for (const path of ["/readyz", "/v1/channels", SCHEDULE, "/v1/interactions/int-42"]) {
    const reply = await ask(path);
    assert.equal(reply.status, 503, path);
    assert.equal(reply.headers.get("retry-after"), "5");
    assert.equal((await problemOf(reply)).type, "/problems/no-snapshot");
  }
});

test("POST /v1/answers gives the intake's receipts, in order, uncached", async () => {
  const { ask, taken, counters } = start();
  const reply = await ask(
    "/v1/answers",
    post(answersBody(), { "content-type": "application/json; charset=UTF-8" }),
  );
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.equal(reply.headers.get("access-control-allow-origin"), "*");
  assert.deepEqual(await reply.json(), MESSAGES.receipts.sample);
  assert.deepEqual(taken, [answersSample]);
  assert.equal(counters.receipts.accepted, 1);
});

test("POST /v1/airings says how many were taken", async () => {
  const { ask } = start();
  const reply = await ask("/v1/airings", post(JSON.stringify(airingsSample)));
  assert.deepEqual(await reply.json(), { accepted: 1 });
});

test("answers that cannot be stored now are 503 with Retry-After; a bug is 500 without words of it", async () => {
  const full = new CuecastError("Cannot store answers: the disk is full", {
    code: "outbox-unavailable",
    status: 503,
    retryAfterMs: 4200,
  });
  const refused = await start({ intake: { answers: () => Promise.reject(full) } }).ask(
    "/v1/answers",
    post(answersBody()),
  );
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "5");
  const { ask, logged, counters } = start({
    intake: { answers: () => Promise.reject(new TypeError("x is secret")) },
  });
  const broken = await ask("/v1/answers", post(answersBody()));
  assert.equal(broken.status, 500);
  const problem = await problemOf(broken);
  assert.equal(JSON.stringify(problem).includes("secret"), false);
  assert.deepEqual(logged, ["request-failed"]);
  assert.equal(counters.failures, 1);
});

test("a bug in the hot path is a 500 too, and the edge goes on", async () => {
  const broken = {
    ...SAMPLE,
    channel: () => {
      throw new TypeError("secret");
    },
  };
  const { ask, logged } = start({ snapshot: () => broken });
  assert.equal((await problemOf(await ask(SCHEDULE))).status, 500);
  assert.deepEqual(logged, ["request-failed"]);
});

test("pulls, unchanged replies and times are counted", async () => {
  const { ask, counters } = start();
  const etag = (await ask(SCHEDULE)).headers.get("etag") ?? "";
  await ask(SCHEDULE, { headers: { "if-none-match": etag } });
  await ask("/nothing");
  assert.deepEqual([counters.pulls, counters.notModified], [2, 1]);
  assert.deepEqual(counters.replies.slice(2), [1, 1, 1, 0]);
  assert.equal(
    counters.replyTimes.reduce((sum, count) => sum + count, 0),
    3,
  );
});
