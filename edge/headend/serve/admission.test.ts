import assert from "node:assert/strict";
import { test } from "node:test";
import type { HotReply } from "../../../shared/runtime/hot.ts";
import { answersBody, post, start } from "./_edge-app.ts";
import { NOW } from "./_sample-publication.ts";

test("posts beyond the bytes in hand are 503 with a spread Retry-After; what ended makes room", async () => {
  let release: (() => void) | undefined;
  const held = new Promise<never[]>((resolve) => {
    release = () => resolve([]);
  });
  const body = answersBody();
  const length = { "content-length": String(body.length) };
  const { ask, counters } = start({ inFlightBytesMax: body.length, intake: { answers: () => held } });
  const first = ask("/v1/answers", post(body, length));
  const second = await ask("/v1/answers", post(body, length));
  assert.equal(second.status, 503);
  assert.equal(second.headers.get("retry-after"), "6");
  assert.equal(counters.shed, 1);
  release?.();
  assert.equal((await first).status, 200);
  assert.equal((await ask("/v1/answers", post(body, length))).status, 200);
});

test("one address may post as often as it is set to, in bursts of ten seconds' worth; another is not touched", async () => {
  const { ask, clock } = start({ postsPerSourcePerSecond: 1 });
  for (let index = 0; index < 10; index++)
    assert.equal((await ask("/v1/answers", post(answersBody()))).status, 200);
  const refused = await ask("/v1/answers", post(answersBody()));
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  assert.equal((await ask("/v1/answers", post(answersBody()), "10.0.0.2")).status, 200);
  clock.set(NOW + 1000);
  assert.equal((await ask("/v1/answers", post(answersBody()))).status, 200);
});

test("a box's own address counts where a trusted proxy tells it, and the proxy's where none is trusted", async () => {
  const postAll = async (trustedProxies: string, names: readonly string[]) => {
    const { ask } = start({ postsPerSourcePerSecond: 1, trustedProxies });
    const replies = [];
    for (const name of names)
      replies.push(
        (await ask("/v1/answers", post(answersBody(), { "x-forwarded-for": name }), "10.0.0.1")).status,
      );
    return replies;
  };
  const many = Array.from({ length: 12 }, (_, index) => `192.0.2.${index}`);
  assert.deepEqual(new Set(await postAll("10.0.0.1", many)), new Set([200]));
  assert.deepEqual((await postAll("", many)).slice(9), [200, 429, 429]);
  const one = many.map((name) => `${name}, 192.0.2.77`);
  assert.deepEqual((await postAll("10.0.0.0/8", one)).slice(9), [200, 429, 429]);
});

test("under pressure schedules are turned away as told, and nothing else is", async () => {
  const busy: HotReply = { status: 503, headers: { "retry-after": "3" }, body: "busy" };
  let pressed = true;
  const { ask, counters } = start({ pressure: { shed: () => (pressed ? busy : undefined) } });
  const path = "/v1/channels/cctv1/schedule";
  const reply = await ask(path);
  assert.deepEqual([reply.status, reply.headers.get("retry-after")], [503, "3"]);
  assert.equal(counters.shed, 1);
  assert.equal((await ask("/v1/answers", post(answersBody()))).status, 200);
  assert.equal((await ask("/v1/time")).status, 200);
  assert.equal((await ask("/v1/interactions/int-42?version=3")).status, 200);
  pressed = false;
  assert.equal((await ask(path)).status, 200);
});
