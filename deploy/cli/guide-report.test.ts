/** What a person sees of an import. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cueLines, defectLines, reachLines } from "./guide-report.ts";

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

test("cueLines() shows some cues of each kind, and how many more there are of each", () => {
  const some = (kind: "moved" | "vanished", count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ kind, cue: `${kind}:${at}`, channel: "c1", title: "T", fromMs: AT_MS },
      ...(kind === "moved" && { toMs: AT_MS + 1000 }),
    }));
  const told = [...some("moved", 83), ...some("vanished", 5)];
  const lines = cueLines({ moved: 120, vanished: 5, appeared: 0, told });
  assert.equal(lines.filter((line) => line.startsWith("vanished:")).length, 5);
  assert.equal(lines.filter((line) => line.startsWith("moved:")).length, 20);
  assert.deepEqual([lines.length, lines.at(-1)], [27, "  and 100 more move"]);
});

test("reachLines() tells what the file holds, and that all of it is past", () => {
  const stats = { bytes: 1, plainBytes: 1, channels: 1, programmes: 9, fromMs: AT_MS, untilMs: AT_MS + 1000 };
  const holds = "The file has 9 programmes, 2026-11-28 00:00:00Z to 2026-11-28 00:00:01Z";
  assert.deepEqual(reachLines({ stats }, AT_MS), [holds]);
  assert.deepEqual(reachLines({ stats }, AT_MS + 2000), [holds, "All of it is past"]);
  assert.deepEqual(reachLines({ stats: { ...stats, fromMs: undefined, untilMs: undefined } }, 0), []);
});
