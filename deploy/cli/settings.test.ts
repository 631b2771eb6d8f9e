import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSettings, readSettings, type SettingTable } from "./settings.ts";

const table = {
  port: { kind: "number", about: "where boxes ask", default: 8081, least: 0, most: 65535 },
  central: { kind: "text", about: "central's address", unit: "url" },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

test("readSettings() takes a flag before the environment before the default", () => {
  const environment = { CUECAST_PORT: "9000" };
  assert.equal(readSettings(table, ["--port", "9001"], environment).values.port, 9001);
  assert.equal(readSettings(table, [], environment).values.port, 9000);
  assert.equal(readSettings(table, [], {}).values.port, 8081);
});

test("readSettings() keeps what is no flag, in order", () => {
  const { values, positionals } = readSettings(table, ["a.xml", "--json", "b.xml"], {});
  assert.deepEqual(positionals, ["a.xml", "b.xml"]);
  assert.equal(values.json, true);
  assert.equal(values.central, undefined);
});

const bad: [args: string[], message: RegExp][] = [
  [["--port", "eighty"], /--port eighty: it must be a whole number from 0 to 65535/],
  [["--port", "65536"], /from 0 to 65535/],
  [["--prot", "1"], /--prot/],
  [["--central"], /--central/],
];
for (const [args, message] of bad) {
  test(`readSettings() refuses ${args.join(" ")} and says why`, () => {
    assert.throws(() => readSettings(table, args, {}), { code: "usage", message });
  });
}

test("readSettings() names the flag and the variable of a required setting that is missing", () => {
  const required = {
    enrol: { kind: "text", about: "the code", required: true },
  } as const satisfies SettingTable;
  assert.throws(() => readSettings(required, [], {}), { message: /--enrol \(or CUECAST_ENROL\): the code/ });
});

test("describeSettings() shows name, unit, reason and default", () => {
  assert.match(describeSettings(table), /--central URL +central's address\n/);
  assert.match(describeSettings(table), /--port NUMBER +where boxes ask \(default 8081\)/);
});
