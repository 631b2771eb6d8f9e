import assert from "node:assert/strict";
import { test } from "node:test";
import { changedEntries } from "./changed-entries.ts";

const part = (entries: Record<string, string>) => new Map(Object.entries(entries));

test("changedEntries() names what was added, changed and removed, and counts programmes", () => {
  const same = part({ r: "1" });
  const from = new Map([
    ["regions", same],
    ["placements", part({ a: "1", b: "1", c: "1" })],
    ["guide/one", part({ p: "1" })],
    ["guide/two", part({ p: "1" })],
    ["schedules", part({ one: "1" })],
  ]);
  const to = new Map([
    ["regions", same],
    ["placements", part({ a: "1", b: "2", d: "1" })],
    ["interactions", part({ "poll@1": "1" })],
    ["guide/one", part({ p: "2", q: "1" })],
    ["guide/two", part({ p: "1" })],
    ["schedules", part({ one: "2" })],
  ]);
  assert.deepEqual(changedEntries(from, to), {
    placements: { added: "d", changed: "b", removed: "c" },
    interactions: { added: "poll@1" },
    guide: { programmes: "2", channels: "one" },
  });
  assert.deepEqual(changedEntries(to, to), {});
});

test("changedEntries() names twenty and counts the others", () => {
  const many = part(Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`p${at}`, "1"])));
  const { placements } = changedEntries(new Map(), new Map([["placements", many]]));
  assert.match(placements?.added ?? "", /^p0, p1, .*p19 and 5 more$/);
});
