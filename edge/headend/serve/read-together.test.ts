import assert from "node:assert/strict";
import { test } from "node:test";
import { createPartPacker, packPart } from "../../../shared/publication/packed-part.ts";
import { readTogether } from "./read-together.ts";

const values = [{ title: "江南, [故事] 😀" }, 7, [1, "]"], null, {}];
const entries = values.map((value, place) => [`key ${place}`, JSON.stringify(value)] as const);
const pagesOf = (some: typeof entries) => {
  const bytes: Uint8Array[] = [];
  packPart(new Map(some)).scan((page) => bytes.push(page));
  return new Uint8Array(Buffer.concat(bytes));
};

test("readTogether() reads every body, in however many pages they come, and leaves the part as it is", () => {
  for (const cuts of [[5], [2, 5], [1, 2, 3, 4, 5]]) {
    const packer = createPartPacker();
    for (const [place, end] of cuts.entries()) packer.add(pagesOf(entries.slice(cuts[place - 1] ?? 0, end)));
    const part = packer.end();
    for (const _ of [1, 2]) assert.deepEqual(readTogether(part), values);
  }
  assert.deepEqual(readTogether(createPartPacker().end()), []);
});

test("readTogether() throws over a body that is no JSON", () => {
  assert.throws(() => readTogether(packPart(new Map([...entries, ["bad", "{"]]))));
});
