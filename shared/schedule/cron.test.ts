import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRule, expandRule } from "./cron.ts";

const iso = (text: string) => Date.parse(text);
const expand = (rule: string, zone: string, from: string, until: string) =>
  expandRule(rule, zone, iso(from), iso(until)).map(
    (firing) => `${firing.nominal} ${new Date(firing.atMs).toISOString().slice(0, 16)}`,
  );

const cases: [what: string, rule: string, zone: string, from: string, until: string, expected: string[]][] = [
  [
    "fires by the local clock",
    "0 19 * * *",
    "Asia/Shanghai",
    "2026-11-23T00:00Z",
    "2026-11-25T00:00Z",
    ["20261123T1900 2026-11-23T11:00", "20261124T1900 2026-11-24T11:00"],
  ],
  [
    "keeps the local hour when clocks go back",
    "0 19 * * *",
    "Europe/Athens",
    "2026-10-24T00:00Z",
    "2026-10-26T00:00Z",
    ["20261024T1900 2026-10-24T16:00", "20261025T1900 2026-10-25T17:00"],
  ],
  [
    "means the first of two equal local times",
    "30 3 * * *",
    "Europe/Athens",
    "2026-10-24T12:00Z",
    "2026-10-25T12:00Z",
    ["20261025T0330 2026-10-25T00:30"],
  ],
  [
    "moves a time in a gap of an hour past it",
    "30 3 * * *",
    "Europe/Athens",
    "2026-03-28T12:00Z",
    "2026-03-29T12:00Z",
    ["20260329T0330 2026-03-29T01:30"],
  ],
  [
    "moves a time in a gap of half an hour past it",
    "15 2 * * *",
    "Australia/Lord_Howe",
    "2026-10-03T00:00Z",
    "2026-10-04T12:00Z",
    ["20261004T0215 2026-10-03T15:45"],
  ],
  [
    "means the first when half an hour repeats",
    "45 1 * * *",
    "Australia/Lord_Howe",
    "2026-04-04T00:00Z",
    "2026-04-05T00:00Z",
    ["20260405T0145 2026-04-04T14:45"],
  ],
  [
    "keeps apart two nominal times that share an instant",
    "30 2,3 * * *",
    "America/Toronto",
    "2026-03-08T00:00Z",
    "2026-03-09T00:00Z",
    ["20260308T0230 2026-03-08T07:30", "20260308T0330 2026-03-08T07:30"],
  ],
  [
    "means the first of two equal local times, west of UTC",
    "30 1 * * *",
    "America/Toronto",
    "2026-11-01T00:00Z",
    "2026-11-02T00:00Z",
    ["20261101T0130 2026-11-01T05:30"],
  ],
  [
    "finds the leap day",
    "0 12 29 2 *",
    "Asia/Shanghai",
    "2027-12-01T00:00Z",
    "2028-12-01T00:00Z",
    ["20280229T1200 2028-02-29T04:00"],
  ],
  [
    "crosses the year's end",
    "59 23 31 12 *",
    "America/Toronto",
    "2026-12-31T00:00Z",
    "2027-01-02T00:00Z",
    ["20261231T2359 2027-01-01T04:59"],
  ],
  [
    "finds a time of the local day before, far west of UTC",
    "30 23 * * *",
    "Pacific/Pago_Pago",
    "2026-11-24T10:00Z",
    "2026-11-24T11:00Z",
    ["20261123T2330 2026-11-24T10:30"],
  ],
  [
    "finds a time of the local day after, far east of UTC",
    "30 0 * * *",
    "Pacific/Kiritimati",
    "2026-11-23T10:00Z",
    "2026-11-23T11:00Z",
    ["20261124T0030 2026-11-23T10:30"],
  ],
  [
    "finds a time that a gap at the day's end moves into the local day after",
    "30 23 * * *",
    "America/Nuuk",
    "2026-03-29T01:00Z",
    "2026-03-29T02:00Z",
    ["20260328T2330 2026-03-29T01:30"],
  ],
  [
    "knows a clock that changes in the evening, when it is the day after in UTC",
    "30 23 * * *",
    "America/Nuuk",
    "2023-03-26T00:00Z",
    "2023-03-26T12:00Z",
    ["20230325T2330 2023-03-26T01:30"],
  ],
  [
    "knows a clock that changed in the night, when it was the day before in UTC",
    "0 5 * * *",
    "Australia/Lord_Howe",
    "2026-10-03T12:00Z",
    "2026-10-04T12:00Z",
    ["20261004T0500 2026-10-03T18:00"],
  ],
  [
    "keeps the first millisecond of its span and not the one after its last",
    "0 0 * * *",
    "UTC",
    "2026-11-23T00:00Z",
    "2026-11-24T00:00Z",
    ["20261123T0000 2026-11-23T00:00"],
  ],
];

for (const [what, rule, zone, from, until, expected] of cases) {
  test(`expandRule() ${what}`, () => assert.deepEqual(expand(rule, zone, from, until), expected));
}

test("expandRule() gives the same firings however the horizon is split", () => {
  const [from, until] = [iso("2026-10-24T00:00Z"), iso("2026-10-27T00:00Z")];
  const whole = expandRule("*/20 * * * *", "Europe/Athens", from, until);
  for (let split = from; split <= until; split += 1_234_567) {
    const parts = [
      ...expandRule("*/20 * * * *", "Europe/Athens", from, split),
      ...expandRule("*/20 * * * *", "Europe/Athens", split, until),
    ];
    assert.deepEqual(parts, whole);
  }
});

test("expandRule() refuses more firings than its limit", () => {
  assert.throws(() => expand("* * * * *", "UTC", "2026-01-01T00:00Z", "2026-04-01T00:00Z"), {
    code: "too-many-firings",
  });
});

for (const rule of ["H * * * *", "0 H(8-10) * * *", "0 8 * *", "0 8 * * * *", "0 0 31 2 *", "x * * * *"]) {
  test(`checkRule() refuses "${rule}"`, () => {
    assert.throws(() => checkRule(rule), { code: "bad-rule" });
  });
}

for (const rule of ["0 8 29 2 *", "0 8 L * *", "0 8 * * 5L", "0 8 * * THU#2", "0 8 13 * FRI", "@ * * * *"]) {
  const bad = rule.startsWith("@");
  test(`checkRule() ${bad ? "refuses" : "takes"} "${rule}"`, () => {
    if (bad) assert.throws(() => checkRule(rule), { code: "bad-rule" });
    else checkRule(rule);
  });
}

test("checkRule() says which rule it cannot read", () => {
  assert.throws(() => checkRule("61 * * * *"), { code: "bad-rule", message: /61 \* \* \* \*/ });
});

test("checkRule() says in our own words which field is wrong and what it takes, and not in cron-parser's", () => {
  for (const rule of ["0 25 * * *", "0 8 * * L", "0 8 31,31 * *", "0 8 * FOO *", "*-5 * * * *"])
    assert.throws(
      () => checkRule(rule),
      ({ message }: Error) =>
        /^Cannot read the rule ".*": .*(hour|week|month|minute)/.test(message) &&
        !/onstraint|alidation|Invalid|alias|Cron[A-Z]/.test(message),
    );
});

test("checkRule() says of a day that no month has that it never fires, and what to write", () => {
  assert.throws(() => checkRule("0 0 31 4,6 *"), {
    message: /it never fires, .* 30 days; write a day of month up to that/,
  });
  checkRule("0 0 31 4,6 MON");
});
