import assert from "node:assert/strict";
import { test } from "node:test";
import { isPacked, packPart, textOf } from "./packed-part.ts";
import { type Body, hashPart } from "./part.ts";

const part = new Map<string, Body>([
  ["b", '{"title":"新闻"}'],
  ["a", ""],
  ["c", new Uint8Array([0, 255, 1])],
]);

test("packPart() has the hash, the entries and the order of the same part unpacked", () => {
  const packed = packPart(part);
  assert.ok(isPacked(packed) && !isPacked(part));
  assert.equal(packed.streamHash, hashPart(part));
  assert.equal(hashPart(packed), hashPart(part));
  assert.deepEqual(
    [...packed],
    [...part].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  assert.deepEqual([...packed.keys()], ["a", "b", "c"]);
  assert.deepEqual([...packed.values()].length, 3);
  assert.equal(packed.size, 3);
  assert.equal(packPart(packed), packed);
});

test("packPart() gives single entries by their key", () => {
  const packed = packPart(part);
  for (const [key, body] of part) assert.deepEqual(packed.get(key), body);
  assert.equal(packed.get("d"), undefined);
  assert.ok(packed.has("a") && !packed.has("d"));
  const seen: string[] = [];
  packed.forEach((_, key) => {
    seen.push(key);
  });
  assert.deepEqual(seen, ["a", "b", "c"]);
  assert.deepEqual(
    [...packed.packed()].map(({ key, isText }) => [textOf(key), isText]),
    [
      ["a", true],
      ["b", true],
      ["c", false],
    ],
  );
});
