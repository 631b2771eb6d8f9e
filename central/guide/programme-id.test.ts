/** Ids of new programmes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { programmeId } from "./programme-id.ts";

test("programmeId() is the same for the same text, today and in a year", () => {
  assert.deepEqual(["", "a", "cctv1|1794960000000|新闻联播"].map(programmeId), [
    "pb0zwknbq0tz8",
    "pkdc18dy418dh",
    "ps0t9ny21391p",
  ]);
});

test("programmeId() differs for 300,000 programmes whose texts hardly do, in every digit", () => {
  const ids = new Set<string>();
  for (let channel = 0; channel < 300; channel++) {
    for (let slot = 0; slot < 1_000; slot++) ids.add(programmeId(`ch${channel}.cn|${slot * 60_000}|News`));
  }
  assert.equal(ids.size, 300_000);
  for (let at = 1; at <= 12; at++) {
    const counts = new Map<string, number>();
    for (const id of ids) counts.set(id[at] as string, (counts.get(id[at] as string) ?? 0) + 1);
    assert.equal(counts.size, 32);
    // Each of 32 digits 9,375 times; far beyond what chance does.
    for (const count of counts.values()) assert.ok(Math.abs(count - 9_375) < 1_000, `${at}: ${count}`);
  }
});
