import assert from "node:assert/strict";
import { test } from "node:test";
import { answersSample } from "../../../shared/protocol/answers.ts";
import { answersBody, post, problemOf, start } from "./_edge-app.ts";

test("a body that fails its schema gets each place and what is wrong there", async () => {
  const { ask } = start();
  const body = answersBody({ answers: [{ ...answersSample.answers[0], key: "no", version: 0 }] });
  const problem = await problemOf(await ask("/v1/answers", post(body)));
  assert.deepEqual(
    problem.errors?.map((error) => error.path),
    ["answers.0.key", "answers.0.version"],
  );
});

test("a body without a length is measured as it streams in, and cut off at 64 KiB", async () => {
  const { ask } = start();
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(8192).fill(0x20));
    },
  });
  const init = { ...post(endless), duplex: "half" } as RequestInit;
  assert.equal((await ask("/v1/answers", init)).status, 413);
  assert.ok(pulled < 20, `${pulled} pieces were read`);
});
