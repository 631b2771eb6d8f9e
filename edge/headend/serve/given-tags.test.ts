import assert from "node:assert/strict";
import { test } from "node:test";
import { createGivenTags } from "./given-tags.ts";

/** A hash of eight words, each of which stands for 32 bits. */
const digest = (...words: number[]) => words.map((word) => word.toString(16).padStart(8, "0")).join("");

test("give() gives the first 32 bits of the hash, and the same again for the same content", () => {
  const tags = createGivenTags();
  const one = digest(1, 2, 3, 4, 5, 6, 7, 8);
  assert.deepEqual([tags.give("a", one), tags.give("a", one)], ["00000001", "00000001"]);
});

test("give() gives two versions of an address that have the same 32 bits different tags, and keeps to them", () => {
  const tags = createGivenTags();
  const [one, other] = [digest(1, 2, 3, 4, 5, 6, 7, 8), digest(1, 9, 3, 4, 5, 6, 7, 10)];
  assert.equal(tags.give("a", one), "00000001");
  assert.equal(tags.give("a", other), "00000009");
  assert.equal(tags.give("a", one), "00000001");
  assert.equal(tags.give("a", other), "00000009");
  // Of another address it is no other version.
  assert.equal(tags.give("b", other), "00000001");
});

test("give() forgets a version after 64 others of its address, and an address after 10,000 others", () => {
  const tags = createGivenTags();
  const one = digest(1, 2, 3, 4, 5, 6, 7, 8);
  const other = digest(1, 9, 3, 4, 5, 6, 7, 10);
  tags.give("a", one);
  for (let version = 100; version < 163; version++)
    tags.give("a", digest(version, 2, 3, 4, 5, 6, 7, version));
  assert.equal(tags.give("a", other), "00000009");
  tags.give("a", digest(200, 2, 3, 4, 5, 6, 7, 200));
  assert.equal(tags.give("a", digest(1, 20, 3, 4, 5, 6, 7, 20)), "00000001");
  tags.give("b", one);
  for (let index = 0; index < 10_000; index++) tags.give(`address-${index}`, one);
  assert.equal(tags.give("b", other), "00000001");
});

test("give() has a tag even where all of a hash is taken", () => {
  const tags = createGivenTags();
  for (let version = 0; version < 40; version++)
    assert.match(tags.give("a", digest(1, 1, 1, 1, 1, 1, 1, version)), /^[0-9a-f]{8}$/);
});
