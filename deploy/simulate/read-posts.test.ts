import assert from "node:assert/strict";
import { test } from "node:test";
import { createReadPosts } from "./read-posts.ts";

test("createReadPosts() reads a body again when a word of it, its box or its kind differs", () => {
  const posts = createReadPosts<{ box: string; answers: unknown[] }>();
  const body = '{"box":"box-7","answers":[{"key":"1"}]}';
  const first = posts.read("answers", body);
  assert.deepEqual(first, { box: "box-7", answers: [{ key: "1" }] });
  // The same words, put together anew.
  assert.equal(posts.read("answers", body.slice(0, 9) + body.slice(9)), first);
  assert.notEqual(posts.read("airings", body), first);
  assert.equal(posts.read("answers", body.replace("box-7", "box-8")).box, "box-8");
  assert.deepEqual(posts.read("answers", body.replace('"1"', '"2"')).answers, [{ key: "2" }]);
});
