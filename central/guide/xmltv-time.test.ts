/** XMLTV times, right and wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXmltvTime } from "./xmltv-time.ts";

const right: [string, string][] = [
  ["20261123190000 +0800", "2026-11-23T11:00:00.000Z"],
  ["202611231900 +0800", "2026-11-23T11:00:00.000Z"],
  ["20261123190000 -0330", "2026-11-23T22:30:00.000Z"],
  ["20261123190000 +05:45", "2026-11-23T13:15:00.000Z"],
  ["20261123190000+0000", "2026-11-23T19:00:00.000Z"],
  ["20261123190000 UTC", "2026-11-23T19:00:00.000Z"],
  ["20261123190000 GMT", "2026-11-23T19:00:00.000Z"],
  ["20261123190000Z", "2026-11-23T19:00:00.000Z"],
  ["20261123190000", "2026-11-23T19:00:00.000Z"],
  [" 20261123190000.000 Z ", "2026-11-23T19:00:00.000Z"],
  ["20240229000000 Z", "2024-02-29T00:00:00.000Z"],
  ["20261231240000 Z", "2027-01-01T00:00:00.000Z"],
];
for (const [text, instant] of right) {
  test(`parseXmltvTime() reads "${text}"`, () => {
    assert.equal(new Date(parseXmltvTime(text)?.ms ?? 0).toISOString(), instant);
  });
}

const wrong = [
  "",
  "null",
  "20211332000000 +0000",
  "20210230000000 Z",
  "20230229000000 Z",
  "20210100000000 Z",
  "20210101250000 Z",
  "20210101240001 Z",
  "20210101006000 Z",
  "20210101000060 Z",
  "20210101",
  "2021010100",
  "20210101000000 +1500",
  "20210101000000 +0060",
  "20210101000000 BST",
  "2021-01-01T00:00:00Z",
  "19690101000000 Z",
  "19700101000000 +0100",
];
for (const text of wrong) {
  test(`parseXmltvTime() refuses "${text}"`, () => assert.equal(parseXmltvTime(text), null));
}

test("parseXmltvTime() tells the zone as it is written", () => {
  const offsetOf = (text: string) => parseXmltvTime(text)?.offsetMs;
  assert.equal(offsetOf("20261123190000"), undefined);
  assert.equal(offsetOf("20261123190000 Z"), 0);
  assert.equal(offsetOf("20261123190000 -0330"), -12_600_000);
});
