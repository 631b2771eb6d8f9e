/** What a person sees of an import. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defectLines, reachLines } from "./guide-report.ts";

const AT_MS = Date.UTC(2026, 10, 28);

test("defectLines() puts the places below each defect, within the terminal", () => {
  const text = "a title that goes on and on ".repeat(5).trim();
  const defects = [
    { code: "zero-length", count: 49, repaired: "programme left out", examples: [{ line: 734, text }] },
    { code: "overlap", count: 1, repaired: "cut", examples: [{ line: 0, text: "one" }] },
  ];
  assert.deepEqual(defectLines(defects), [
    "defect       times  repaired",
    "zero-length  49     programme left out",
    `  line 734: ${text}`,
    "overlap      1      cut",
    "  one",
  ]);
  const narrow = defectLines(defects, 60);
  assert.equal(Math.max(...narrow.map((line) => line.length)) <= 60, true);
  assert.equal(narrow.length, 7);
});

test("reachLines() tells what the file holds, and that all of it is past", () => {
  const stats = { bytes: 1, plainBytes: 1, channels: 1, programmes: 9, fromMs: AT_MS, untilMs: AT_MS + 1000 };
  const holds = "The file has 9 programmes, 2026-11-28 00:00:00Z to 2026-11-28 00:00:01Z";
  assert.deepEqual(reachLines({ stats }, AT_MS), [holds]);
  assert.deepEqual(reachLines({ stats }, AT_MS + 2000), [holds, "All of it is past"]);
  assert.deepEqual(reachLines({ stats: { ...stats, fromMs: undefined, untilMs: undefined } }, 0), []);
});
