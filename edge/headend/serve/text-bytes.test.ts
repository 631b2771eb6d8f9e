import assert from "node:assert/strict";
import { test } from "node:test";
import { createTextBytes } from "./text-bytes.ts";

test("createTextBytes() encodes texts behind one another, and never changes bytes it gave before", () => {
  const bytesOf = createTextBytes();
  const all = [["a", "", "江南 😀", "z"], ["x".repeat(5000)], [], ["short"], ["half \ud83d"]];
  const given = all.map((texts) => bytesOf(texts));
  for (const [place, texts] of all.entries()) {
    assert.deepEqual(given[place], new TextEncoder().encode(texts.join("")));
    assert.equal(given[place]?.buffer.byteLength, given[place]?.length, "nothing more is kept alive");
  }
});
