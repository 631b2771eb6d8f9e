import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { interactionSchema } from "../../../shared/protocol/interaction.ts";
import { start } from "./_edge-app.ts";
import { MINUTE, NOW } from "./_sample-publication.ts";

test("an embargoed interaction comes at its moment, and Retry-After leads there", async () => {
  const { ask, clock } = start();
  const early = await ask("/v1/interactions/quiz-1?version=1");
  assert.equal(early.headers.get("retry-after"), String(20 * 60));
  clock.set(NOW + 20 * MINUTE);
  const reply = await ask("/v1/interactions/quiz-1?version=1");
  assert.equal(reply.status, 200);
  const body = await reply.json();
  assert.ok(v.is(interactionSchema, body));
  assert.equal(
    JSON.stringify(body).includes("correct"),
    false,
    "the right options never leave before the close",
  );
});
