import assert from "node:assert/strict";
import { test } from "node:test";
import { CronExpressionParser } from "cron-parser";
import fc from "fast-check";
import { runs } from "../testing/arbitrary-schedule.ts";
import { cronFault, cronFaultText } from "./cron-fault.ts";

const words: [rule: string, text: RegExp][] = [
  ["61 * * * *", /^"61" is no minute; write 0 to 59/],
  ["0 24 * * *", /^"24" is no hour; write 0 to 23/],
  ["0 8 0 * *", /^"0" is no day of month; write 1 to 31.* L for the last$/],
  ["0 8 15L * *", /^"15L" is no day of month/],
  ["0 8 * JANUARY *", /^"JANUARY" is no month; write 1 to 12 or JAN to DEC/],
  ["0 8 * JANFEB *", /^"JANFEB" is no month/],
  ["0 8 * * MONDAY", /^"MONDAY" is no day of week; write 0 to 7 .* or SUN to SAT/],
  ["0 8 * * L", /^"L" is no day of week.* 5L for the last Friday/],
  ["0 8 * * 2#6", /^"2#6" is no day of week.* 2#1 for the first Tuesday/],
  ["0 8 * * 1-5L", /^"1-5L" is no day of week/],
  ["x * * * *", /^"x" is no minute/],
  ["** * * * *", /^"\*\*" is no minute/],
  ["0 8-25 * * *", /^"8-25" is no hour/],
  ["0 22-2 * * *", /^the range "22-2" of its hour runs backwards; write 22-23,0-2$/],
  ["0 8 * * SAT-SUN", /^the range "SAT-SUN" of its day of week runs backwards; write SAT,SUN$/],
  ["0 8 * * FRI-MON", /write FRI-SAT,SUN-MON$/],
  ["0 8 * * 6-1", /write 6,0-1$/],
  ["*/0 * * * *", /^the step of "\*\/0" in its minute is no whole number from 1 on/],
  [
    "*/61 * * * *",
    /^the step of "\*\/61" in its minute is wider than the 60 that it steps through, and would give one time/,
  ],
  ["5/90 * * * *", /wider than the 60 /],
  ["10-20/30 * * * *", /wider than the 11 /],
  ["0 */25 * * *", /its hour is wider than the 24 /],
  ["0 8 */32 * *", /its day of month is wider than the 31 /],
  ["0 8 * */13 *", /its month is wider than the 12 /],
  ["0 8 * * */8", /its day of week is wider than the 7 /],
  ["0,30,0 * * * *", /^its minute names 0 twice; name it once$/],
  ["0 8 * * 0,7", /^its day of week names 0 twice/],
  ["0 8,,20 * * *", /^its hour has a comma with nothing on one side; write 0 to 23/],
  ["0 8 * *", /^it needs five fields and has 4: minute, hour, day of month, month, day of week/],
  ["0 0 8 * * *", /^it needs five fields and has 6/],
  ["", /^it needs five fields and has 0/],
  ["@daily", /^@daily is a shorthand; write its five fields/],
  ["0 8 30,31 2 *", /^it never fires, as its longest month has 29 days; write a day/],
  ["H 8 * * *", /^H stands for a random time/],
];
for (const [rule, text] of words) {
  test(`cronFaultText() says what is wrong with "${rule}"`, () => {
    const fault = cronFault(rule);
    assert.ok(fault);
    assert.match(cronFaultText(fault), text);
  });
}

test("what a backwards range is told to be written as is a rule", () => {
  for (const rule of [
    "0 22-2 * * *",
    "50-10 * * * *",
    "0 8 * * SAT-SUN",
    "0 8 28-3 * *",
    "0 8 * nov-feb *",
  ]) {
    const fault = cronFault(rule);
    assert.ok(fault?.code === "backwards", rule);
    assert.equal(cronFault(rule.replace(fault.part, fault.instead)), undefined, fault.instead);
  }
});

test("cronFault() finds nothing in rules as people write them", () => {
  for (const rule of [
    "30 20 * * 1-5",
    "*/15 8-22 * * *",
    "0 0 L * *",
    "0 8 * * friL",
    "5/20 * ? * sun#2",
    "*/60 */24 */31 */12 *",
    "50/15 8-10/3 * * 0-7/7",
    "0 8 1,15 JAN-MAR,12 *",
  ])
    assert.equal(cronFault(rule), undefined, rule);
});

const number = fc.integer({ min: 0, max: 70 }).map(String);
const name = fc.constantFrom(
  "SUN",
  "mon",
  "SAT",
  "JAN",
  "dec",
  "L",
  "5L",
  "fri#2",
  "2#1",
  "SUNDAY",
  "*",
  "?",
  "x",
  "#",
  "",
);
const base = fc.oneof(
  number,
  name,
  fc.tuple(fc.oneof(number, name), fc.oneof(number, name)).map((ends) => ends.join("-")),
);
const part = fc.oneof(
  { weight: 3, arbitrary: base },
  { weight: 1, arbitrary: fc.tuple(base, fc.oneof(number, name)).map((ends) => ends.join("/")) },
);
const field = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(","))
  .filter((text) => text !== "");

function readable(rule: string): boolean {
  try {
    CronExpressionParser.parse(rule, { tz: "UTC", currentDate: new Date(0) });
    return true;
  } catch {
    return false;
  }
}

test("cron-parser reads every rule in which cronFault() finds nothing, and hardly any other", () => {
  const one = fc.tuple(fc.nat({ max: 4 }), field).map(([place, text]) => {
    const fields = ["0", "8", "*", "*", "*"];
    fields[place] = text;
    return fields.join(" ");
  });
  fc.assert(
    fc.property(one, (rule) => {
      const fault = cronFault(rule);
      // Stricter where it reads something else than is written: names run together, days counted in `*`.
      const stricter = fault?.code === "value" && /[A-Za-z]{2}|[*?]#/.test(fault.part);
      if (stricter) return;
      assert.equal(readable(rule), fault === undefined, JSON.stringify(fault));
    }),
    runs("faults of cron rules", 5),
  );
});
