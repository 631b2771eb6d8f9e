import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongParameter } from "./parameters.ts";

test("wrongParameter() names what no box can be started with", () => {
  const good = { box: "tv-1", channel: "cctv1", edges: ["http://127.0.0.1:8081", "https://edge.example"] };
  assert.equal(wrongParameter(good), null);
  const cases: [Partial<typeof good>, string][] = [
    [{ box: "<img>" }, "box"],
    [{ box: "b".repeat(65) }, "box"],
    [{ channel: '"><script>' }, "channel"],
    [{ channel: "" }, "channel"],
    [{ edges: ["javascript:alert(1)"] }, "edge"],
    [{ edges: ["http://127.0.0.1:8081", ""] }, "edge"],
  ];
  for (const [change, name] of cases) assert.equal(wrongParameter({ ...good, ...change }), name);
});
