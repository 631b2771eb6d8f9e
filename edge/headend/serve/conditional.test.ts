import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptsGzip, matchesAny } from "./conditional.ts";

const encodings: [header: string | undefined, gzip: boolean][] = [
  [undefined, false],
  ["", false],
  ["gzip", true],
  ["GZIP", true],
  ["br, gzip;q=0.8", true],
  ["gzip;q=0", false],
  ["gzip; q=0.0, *", false],
  ["*", true],
  ["*;q=0", false],
  ["identity", false],
  ["identity;q=1, gzip;q=0.5", false],
  ["identity;q=0.5, gzip;q=1.0", true],
  ["deflate, br", false],
];
for (const [header, expected] of encodings) {
  test(`acceptsGzip() says ${expected} to ${JSON.stringify(header)}`, () => {
    assert.equal(acceptsGzip(header), expected);
  });
}

const matches: [header: string, matches: boolean][] = [
  ['"x"', true],
  ['"x-gz"', true],
  ['W/"x"', true],
  ['"y", "x"', true],
  ['"y",W/"x-gz"', true],
  ["*", true],
  [" * ", true],
  ['"y"', false],
  ["x", false],
  ['"x', false],
  ["", false],
  ['"a,*"', false],
];
for (const [header, expected] of matches) {
  test(`matchesAny() says ${expected} to ${header}`, () => {
    assert.equal(matchesAny(header, ['"x"', '"x-gz"']), expected);
  });
}
