/** The chain of reasons for a cue, as an editor asks for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";
import { author, HOUR, MINUTE } from "../testing/sample-scheduling.ts";

test("an explanation is the chain of reasons, for drafts and for what is on air", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    const explain = async (query: string) =>
      (await t.api("GET", `/api/v1/explain?${query}`)).body.explanations;
    const codes = (explanation: { steps: { code: string }[] }) => explanation.steps.map(({ code }) => code);
    const last = async (query: string) => {
      const [found] = await explain(query);
      return [found.outcome, codes(found).at(-1)];
    };
    assert.deepEqual(await last("cue=big:film.0"), ["never", "unknown-placement"], "nothing is on air yet");
    assert.equal((await t.api("POST", "/api/v1/publish", {})).status, 200);

    const [shown] = await explain("cue=big:film.0");
    assert.equal(shown.outcome, "appears");
    assert.equal(shown.cue.atMs, TEST_NOW_MS + 30 * MINUTE);
    assert.deepEqual(codes(shown), [
      ...["placement", "channel", "programme", "in-programme", "not-withdrawn", "no-blackout"],
      ...["keeps-limits", "window", "fetched-ahead", "everyone"],
    ]);
    const expected: [query: string, outcome: string, code: string][] = [
      ["cue=quarter:21000101T0030&channel=c1", "suppressed", "gap"],
      ["cue=quarter:21000101T0030&channel=c2", "appears", "everyone"],
      ["cue=quarter:21000101T0115&channel=c1", "suppressed", "blackout"],
      ["cue=quarter:21000101T0031&channel=c1", "never", "not-named"],
      ["cue=quarter:21000101T0030&channel=c3", "never", "not-on-channel"],
      ["cue=quarter.1:21000101T0030", "never", "other-generation"],
      ["cue=none:once", "never", "unknown-placement"],
      ["cue=big:gone.0", "never", "programme-gone"],
      ["placement=first&programme=news", "never", "repeat"],
      ["placement=first&programme=film", "never", "no-match"],
      [`placement=big&channel=c1&atMs=${TEST_NOW_MS + 5 * HOUR}`, "never", "nothing-on"],
      [`placement=big&channel=c1&atMs=${TEST_NOW_MS}`, "never", "other-moment"],
      [`placement=big&channel=c1&atMs=${TEST_NOW_MS + 30 * MINUTE}`, "appears", "everyone"],
      ["placement=quarter&programme=film&channel=c1", "never", "not-by-programme"],
      ["placement=quarter&local=21000101T0030&channel=c2", "appears", "everyone"],
      ["placement=quarter&local=21000101T0830&zone=Asia/Shanghai&channel=c2", "appears", "everyone"],
      ["placement=big&local=21000101T0030&zone=UTC", "appears", "everyone"],
      ["placement=northern&local=21000101T0010&zone=UTC&region=south", "never", "not-in-region"],
      ["placement=northern&local=21000101T0010&zone=UTC&region=north", "appears", "everyone"],
    ];
    for (const [query, outcome, code] of expected)
      assert.deepEqual(await last(query), [outcome, code], query);
    assert.deepEqual(
      (await explain("cue=northern:once")).map((each: { region: string; outcome: string }) => [
        each.region,
        each.outcome,
      ]),
      [
        ["north", "appears"],
        ["south", "never"],
      ],
    );

    await t.api("POST", "/api/v1/withdraw", { cue: "big:film.0" });
    assert.deepEqual(await last("cue=big:film.0"), ["suppressed", "withdrawn"]);
    await t.api("POST", "/api/v1/withdraw", { placement: "big" });
    assert.deepEqual(await last("cue=big:film.0"), ["never", "withdrawn-placement"]);
    const { reasons } = (await t.api("GET", "/api/v1/preview?placement=big")).body;
    assert.equal(reasons[0].code, "withdrawn-placement");
    const [nothing] = await explain(`placement=northern&region=north&atMs=${TEST_NOW_MS}`);
    assert.deepEqual(
      [nothing.askedMs, nothing.nearest],
      [TEST_NOW_MS, { id: "northern:once", atMs: TEST_NOW_MS + 10 * MINUTE }],
    );
    for (const bad of ["", "cue=x", "placement=big", "placement=big&local=x", "cue=big:film.0&of=x"]) {
      const { status, body } = await t.api("GET", `/api/v1/explain?${bad}`);
      assert.equal(status, 400, bad);
      assert.match(body.detail, /^Cannot /);
    }
    const zoneless = await t.api("GET", "/api/v1/explain?placement=first&local=21000101T0030");
    assert.match(zoneless.body.type, /needs-zone$/);
    const nowhere = await t.api("GET", "/api/v1/explain?cue=quarter:21000101T0030&region=west");
    assert.deepEqual([nowhere.status, nowhere.body.type], [404, "/problems/unknown-region"]);
  }));
