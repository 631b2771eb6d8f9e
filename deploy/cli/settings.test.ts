import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkPortsDiffer,
  describeSettings,
  readFlags,
  readSettings,
  type SettingTable,
} from "./settings.ts";

const table = {
  port: { kind: "number", about: "where boxes ask", default: 8081, least: 0, most: 65535 },
  central: { kind: "text", about: "central's address", unit: "url" },
  json: { kind: "flag", about: "print JSON" },
  home: { kind: "url", about: "an address" },
  edge: { kind: "urls", about: "addresses" },
  years: { kind: "number", about: "how long", default: 1, fraction: true, least: 0 },
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

test("readSettings() takes a fraction where one is meant", () => {
  assert.equal(readSettings(table, ["--years", "0.06"], {}).values.years, 0.06);
});

const bad: [args: string[], message: RegExp][] = [
  [["--port", "eighty"], /--port eighty: it must be a whole number from 0 to 65535/],
  [["--port", "65536"], /from 0 to 65535/],
  [["--port", "-1"], /^Cannot take --port -1: it must be a whole number from 0/],
  [["--port", "8081.5"], /must be a whole number/],
  [["--years", "half"], /^Cannot take --years half: it must be a number from 0 to/],
  [["--years", "-0.1"], /^Cannot take --years -0.1: it must be a number from 0 to/],
  [["--years", "Infinity"], /it must be a number from 0 to/],
  [["--prot", "1"], /^Cannot take --prot: there is no such flag; --help lists them all$/],
  [["--central"], /^Cannot take --central: its value is missing$/],
  [["--central", "--json"], /^Cannot take --central: its value is missing$/],
  [["--json=yes"], /^Cannot take a value for --json: it is given without one$/],
  [["--home", "ftp://a"], /^Cannot take --home ftp:\/\/a: it must be an address like http/],
  [["--home", "localhost:80"], /it must be an address/],
  [["--home", "http://"], /it must be an address/],
  [["--edge", "http://a,b"], /^Cannot take --edge b: it must be an address/],
];
for (const [args, message] of bad) {
  test(`readSettings() refuses ${args.join(" ")} and says why`, () => {
    assert.throws(() => readSettings(table, args, {}), { code: "usage", message });
  });
}

test("readSettings() takes addresses, several where several are meant", () => {
  const { values } = readSettings(table, ["--home", "https://a/", "--edge", "http://a:1, http://b,"], {});
  assert.equal(values.home, "https://a/");
  assert.deepEqual(values.edge, ["http://a:1", "http://b"]);
});

test("readSettings() takes 1 and 0 for a switch in the environment, and refuses a guess", () => {
  assert.equal(readSettings(table, [], { CUECAST_JSON: "1" }).values.json, true);
  assert.equal(readSettings(table, [], { CUECAST_JSON: "0" }).values.json, false);
  assert.throws(() => readSettings(table, [], { CUECAST_JSON: "yes" }), { message: /CUECAST_JSON=yes/ });
});

test("readFlags() refuses what is no flag", () => {
  assert.equal(readFlags(table, ["--port", "5"], {}).port, 5);
  assert.throws(() => readFlags(table, ["5"], {}), { code: "usage", message: /^Cannot take 5: only flags/ });
});

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

test("checkPortsDiffer() refuses a port given twice, but for 0", () => {
  checkPortsDiffer({ port: 1, "admin-port": 2 });
  checkPortsDiffer({ port: 0, "admin-port": 0 });
  assert.throws(() => checkPortsDiffer({ port: 5, "air-port": 6, "admin-port": 5 }), {
    code: "usage",
    message: "Cannot take --admin-port 5: --port has that port",
  });
});
