import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { authorSample, TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";

const CUE = "pl1:c1-p1.0";
const SECOND_MS = Math.ceil((TEST_NOW_MS + 301_000) / 1_000) * 1_000;

test("answers of one second stand at one point of the series", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const answers = [10, 480, 990, 1_500].map((afterMs, index) => ({
      ...{ number: index + 1, box: `box-${index}`, key: randomUUID(), cue: CUE, interaction: "int-1" },
      ...{ version: 1, options: [index === 1 ? "b" : "a"] },
      ...{ answeredAtMs: SECOND_MS + afterMs, receivedAtMs: SECOND_MS + afterMs + 20 },
    }));
    await t.central.intake.take("e1", { outbox: randomUUID(), answers, airings: [], tallies: [] });
    const { body } = await t.api("GET", `/api/v1/results/${CUE}/series`);
    assert.deepEqual(body.points, [
      { atMs: SECOND_MS, options: { a: 2, b: 1 }, total: 3, regions: { "?": 3 } },
      { atMs: SECOND_MS + 1_000, options: { a: 1 }, total: 1, regions: { "?": 1 } },
    ]);
  }));
