import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countdown,
  formatOffset,
  fromInput,
  fromInputIn,
  fullDate,
  msWords,
  parseOffset,
  signedSpan,
  span,
  toInput,
  toInputIn,
} from "./format.ts";

test("parseOffset() reads seconds, minutes and hours, and formatOffset() writes them back", () => {
  for (const [text, ms] of [
    ["90", 90_000],
    ["1:30", 90_000],
    ["-0:30", -30_000],
    ["−5:00", -300_000],
    ["－1：05：00", -3_900_000],
    ["1:00:05", 3_605_000],
    [" 0:00 ", 0],
  ] as const) {
    assert.equal(parseOffset(text), ms, text);
    assert.equal(parseOffset(formatOffset(ms)), ms, text);
  }
  for (const text of ["", "a", "1:", "1.5", "1:2:3:4"]) assert.equal(parseOffset(text), undefined, text);
});

test("countdown(), span() and signedSpan() say durations", () => {
  assert.deepEqual(
    [countdown(299_001), countdown(-5), countdown(3_600_000)],
    ["0:05:00", "0:00:00", "1:00:00"],
  );
  assert.deepEqual(
    [span(12_000, "en"), span(300_000, "zh"), span(3 * 86_400_000, "en")],
    ["12 s", "5 分钟", "3 d"],
  );
  assert.deepEqual([signedSpan(300_000), signedSpan(-30_000)], ["+0:05:00", "−0:00:30"]);
});

test("msWords() says fields in ms, by their names", () => {
  assert.equal(msWords("windowMs", 90_000, "en"), "90 s");
  assert.equal(msWords("clockToleranceMs", 1_500, "zh"), "1500 ms");
  assert.match(String(msWords("when.atMs", 1_795_420_805_000, "en")), /^\w{3}.* \d\d:\d\d:\d\d$/);
  for (const [path, value] of [
    ["priority", 90_000],
    ["windowMs", "90"],
    ["Mshare", 1],
  ] as const)
    assert.equal(msWords(path, value, "en"), undefined);
});

test("fullDate() has the year", () => {
  assert.match(fullDate(1_795_420_805_000, "en"), / 2026 \d\d:\d\d$/);
});

test("toInputIn() and fromInputIn() go by the clock of a zone, whatever zone the reader is in", () => {
  const ms = Date.UTC(2026, 10, 28, 4, 30, 37);
  assert.equal(toInputIn("Asia/Shanghai", ms), "2026-11-28T12:30:37");
  assert.equal(toInputIn("America/New_York", ms), "2026-11-27T23:30:37");
  for (const zone of ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]) {
    for (let hour = 0; hour < 24 * 400; hour += 7) {
      const atMs = ms + hour * 3_600_000;
      const shown = toInputIn(zone, atMs);
      // An hour that a clock shows twice may mean either.
      assert.equal(toInputIn(zone, fromInputIn(zone, shown ?? "") ?? 0), shown);
    }
  }
  assert.equal(fromInputIn("Asia/Shanghai", "2026-11-28T20:00"), Date.UTC(2026, 10, 28, 12));
  assert.deepEqual(
    [toInputIn("Mars/Olympus", ms), fromInputIn("Mars/Olympus", "2026-11-28T20:00")],
    [undefined, undefined],
  );
  assert.equal(fromInputIn("UTC", "never"), undefined);
});

test("toInput() and fromInput() agree to the second", () => {
  for (const ms of [0, 1_795_420_805_000, 4_102_444_800_000]) assert.equal(fromInput(toInput(ms)), ms);
  assert.equal(fromInput("never"), undefined);
});
