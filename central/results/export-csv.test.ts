import assert from "node:assert/strict";
import { test } from "node:test";
import { exportCsv } from "./export-csv.ts";

const summary = {
  cue: "pl:once",
  interaction: "int-1",
  version: 2,
  atMs: 0,
  closed: true,
  counted: { total: 3, options: { a: 2, b: 1 } },
  provisional: { total: 3, options: {} },
  verdicts: { late: 1 },
  outcomes: { shown: 4 },
  firingErrors: [],
};
const series = {
  cue: "pl:once",
  bucketMs: 1000,
  points: [],
  regions: [{ region: "north", options: { a: 2, b: 1 }, total: 3, others: { late: 1 } }],
  share: 1,
};

test("exportCsv() begins with a byte order mark, by which spreadsheets know UTF-8", () => {
  assert.deepEqual(
    [...new TextEncoder().encode(exportCsv(summary, series, { a: "红队" })).subarray(0, 6)],
    [0xef, 0xbb, 0xbf, ...new TextEncoder().encode("cue")],
  );
});

test("exportCsv() tells of options that nobody chose", () => {
  const csv = exportCsv(summary, series, { a: "Red", b: "Blue", c: "Green" });
  assert.match(csv, /,all,c,Green,0\r\n/);
});

test("exportCsv() takes the force of what a spreadsheet would run", () => {
  for (const label of ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]) {
    const csv = exportCsv(summary, series, { a: label });
    assert.ok(csv.includes(`'${label}`), JSON.stringify(label));
  }
});

test("exportCsv() writes one line per option and scope, and quotes what must be quoted", () => {
  const lines = exportCsv(summary, series, { a: 'Red, "the best"', b: "=1+1" }).split("\r\n");
  assert.equal(lines[1], "pl:once,int-1,2,1970-01-01T00:00:00.000Z,all,,total,3");
  assert.equal(lines[2], 'pl:once,int-1,2,1970-01-01T00:00:00.000Z,all,a,"Red, ""the best""",2');
  assert.equal(lines[3], "pl:once,int-1,2,1970-01-01T00:00:00.000Z,all,b,'=1+1,1");
  assert.equal(lines[4]?.includes("region north"), true);
  assert.equal(lines.filter((line) => line.includes("verdict,late")).length, 1);
  assert.equal(lines[7], "pl:once,int-1,2,1970-01-01T00:00:00.000Z,region north,late,late,1");
  assert.ok(lines.includes("pl:once,int-1,2,1970-01-01T00:00:00.000Z,reach,shown,shown,4"));
  assert.equal(
    lines.some((line) => line.includes("provisional")),
    false,
  );
});

test("exportCsv() says of the regions of a large cue that they count a sample, and of how much", () => {
  const lines = exportCsv(summary, { ...series, share: 0.01 }, { a: "Red" }).split("\r\n");
  const scopes = lines.slice(1, -1).map((line) => line.split(",")[4]);
  assert.deepEqual(
    new Set(scopes.filter((scope) => scope?.startsWith("region"))),
    new Set(["region north (sample)"]),
  );
  assert.match(lines.find((line) => line.includes(",sample,")) ?? "", /,share,.*,0\.01$/);
  assert.equal(exportCsv(summary, series, {}).includes("sample"), false);
});
