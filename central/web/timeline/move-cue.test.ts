import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import {
  PLACEMENT_DEFAULTS,
  type Placement,
  placementSchema,
  type When,
} from "../../../shared/schedule/placement.ts";
import { moveEvery, moveOne } from "./move-cue.ts";

const placement = (when: When): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id: "pl",
  interaction: "int-1",
  version: 1,
  channels: ["c1", "c2"],
  when,
});
const inProgramme = placement({
  kind: "programme",
  match: { title: "News" },
  at: { from: "start", offsetMs: 300_000 },
});
const cron = (rule: string) => placement({ kind: "cron", rule, zone: "Asia/Shanghai" });

test("moveEvery() moves a moment, an offset and a time of day", () => {
  assert.deepEqual(moveEvery(placement({ kind: "instant", atMs: 5 }), 10)?.when, {
    kind: "instant",
    atMs: 15,
  });
  assert.deepEqual(moveEvery(inProgramme, -400_000)?.when, {
    ...inProgramme.when,
    at: { from: "start", offsetMs: -100_000 },
  });
  const moved = moveEvery(cron("50 19 * * 1-5"), 900_000);
  assert.deepEqual(moved?.when, { kind: "cron", rule: "5 20 * * 1-5", zone: "Asia/Shanghai" });
});

test("moveEvery() says no to what a rule cannot say", () => {
  for (const [rule, deltaMs] of [
    ["*/5 * * * *", 60_000],
    ["0 20 * * *", 30_000],
    ["50 23 * * *", 900_000],
    ["0 0 * * *", -60_000],
  ] as const) {
    assert.equal(moveEvery(cron(rule), deltaMs), undefined, rule);
  }
  assert.equal(
    moveEvery(placement({ kind: "programme", match: { title: "x" }, at: { fraction: 0.5 } }), 1),
    undefined,
  );
});

test("moveOne() leaves the airing out and gives it a placement of its own that central takes", () => {
  const moved = moveOne(inProgramme, "pl:p1.0", "c1", 1_795_431_900_000);
  assert.deepEqual(moved?.changed.except, ["p1.0"]);
  assert.deepEqual(moved?.added?.when, { kind: "instant", atMs: 1_795_431_900_000 });
  assert.deepEqual(moved?.added?.channels, ["c1"]);
  assert.ok(v.is(placementSchema, moved?.added));
  const long = moveOne(
    { ...cron("0 20 * * *"), id: "x".repeat(40) },
    `${"x".repeat(40)}:20261123T2000`,
    "c1",
    1e12,
  );
  assert.deepEqual(long?.added?.channels, ["c1", "c2"]);
  assert.ok(v.is(placementSchema, long?.added));
  assert.equal(moveOne(placement({ kind: "instant", atMs: 5 }), "pl:once", "c1", 9), undefined);
});
