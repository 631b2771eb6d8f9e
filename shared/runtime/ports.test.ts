import assert from "node:assert/strict";
import { test } from "node:test";
import { openAt } from "./ports.ts";

for (const [host, scheme, url] of [
  ["127.0.0.1", "http", "http://127.0.0.1:8081"],
  ["0.0.0.0", "http", "http://127.0.0.1:8081"],
  ["::", "https", "https://[::1]:8081"],
  ["fd00::1", "http", "http://[fd00::1]:8081"],
  ["edge.example", "https", "https://edge.example:8081"],
] as const) {
  test(`openAt() gives ${url} for ${host}`, () => assert.equal(openAt(host, 8081, scheme), url));
}
