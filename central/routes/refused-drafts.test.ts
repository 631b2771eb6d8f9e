/** Placements, groups and rules that cannot be meant so, or that name what is not there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withCentral } from "../testing/central-for-tests.ts";
import { author, HOUR } from "../testing/sample-scheduling.ts";

const CRON = { kind: "cron", rule: "0 12 * * *", zone: "UTC" };

const POLL = { interaction: "int-1", version: 1, channels: ["c1"], when: CRON };
const IN = { kind: "programme", match: { title: "x" }, at: { fraction: 0.5 } };
const badPlacements: [what: string, body: object, path: string, words: RegExp][] = [
  [
    "bounds that end before they begin",
    { ...POLL, when: { ...CRON, fromMs: 6, untilMs: 6 } },
    "when.untilMs",
    /not after fromMs/,
  ],
  [
    "no time to fetch in: every box would ask at once",
    { ...POLL, prefetch: { leadMs: 10_000, guardMs: 10_000 } },
    "prefetch.guardMs",
    /all boxes would ask at one instant/,
  ],
  [
    "a match of nothing that is known",
    { ...POLL, when: { ...IN, match: { titel: "x" } } },
    "when.match",
    /"programme".*"series".*"title".*"titlePattern"/,
  ],
  [
    "a moment of no known kind",
    { ...POLL, when: { ...IN, at: { from: "middle", offsetMs: 0 } } },
    "when.at",
    /"from".*"fraction".*"everyMs"/,
  ],
];
test("a placement that cannot be meant so is refused with its place and what to write", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    for (const [what, body, path, words] of badPlacements) {
      const { status, body: problem } = await t.api("PUT", "/api/v1/placements/bad", body);
      assert.equal(status, 400, what);
      assert.equal(problem.errors[0]?.path, path, what);
      assert.match(problem.errors[0].message, words, what);
      assert.equal((await t.api("POST", "/api/v1/preview", body)).status, 400, what);
    }
    const embargo = { ...POLL, prefetch: { leadMs: 0, guardMs: 0 }, embargo: { spreadMs: 1000 } };
    assert.equal(
      (await t.api("PUT", "/api/v1/placements/secret", embargo)).status,
      200,
      "fetches nothing ahead",
    );
  }));

test("publishing is refused while a placement, a group or a rule names what is not there", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    assert.equal((await t.api("DELETE", "/api/v1/channel-groups/main")).status, 204);
    await t.api("PUT", "/api/v1/channel-groups/odd", { name: "Odd", channels: ["c9"] });
    await t.api("PUT", "/api/v1/channel-rules/odd", { channels: ["c8"] });
    const { status, body } = await t.api("POST", "/api/v1/publish", {});
    assert.equal(status, 422);
    assert.deepEqual(body.errors.map(({ path }: { path: string }) => path).sort(), [
      "channel-groups.odd.channels",
      "channel-rules.fair.groups",
      "channel-rules.odd.channels",
      "placements.quarter.groups",
    ]);
  }));

const badRules: [what: string, rule: object][] = [
  ["a gap over half a day", { gapMs: 12 * HOUR + 1 }],
  ["a period that ends before it begins", { blackouts: [{ fromMs: 5, untilMs: 5 }] }],
  ["a blackout of nothing", { blackouts: [{ match: {} }] }],
  ["a blackout of neither kind", { blackouts: [{ during: "news" }] }],
  ["no cue at all an hour", { perHourMost: 0 }],
];
test("a channel rule that cannot hold is refused with its place, and nothing is kept of it", () =>
  withCentral({ air: false }, async (t) => {
    for (const [what, rule] of badRules) {
      const { status, body } = await t.api("PUT", "/api/v1/channel-rules/bad", rule);
      assert.equal(status, 400, what);
      assert.ok(body.errors.length > 0, what);
      assert.doesNotMatch(body.detail, /Expected Object/, what);
    }
    assert.deepEqual((await t.api("GET", "/api/v1/channel-rules")).body.rules, []);
  }));
