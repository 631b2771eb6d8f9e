import assert from "node:assert/strict";
import { test } from "node:test";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { edge } from "./commands/edge.ts";
import { allocatorEnvironment, COMMANDS, dataDirectory, permissionFlags } from "./permissions.mjs";
import type { SettingTable } from "./settings.ts";

const flags = (name: string | undefined, args: string[] = [], env = {}) =>
  permissionFlags(name, args, env, "/srv", () => true);

test("dataDirectory() takes the flag, then the environment, then a folder of the command's name", () => {
  assert.equal(dataDirectory("edge", ["--data", "d"], { CUECAST_DATA: "/e" }, "/srv"), "/srv/d");
  assert.equal(dataDirectory("edge", [], { CUECAST_DATA: "/e" }, "/srv"), "/e");
  assert.equal(dataDirectory("edge", [], { CUECAST_DATA: "" }, "/srv"), "/srv/data/edge");
});

test("allocatorEnvironment() lets an edge alone ask for large pages, and leaves what was told", () => {
  const cases: [name: string, told: string | undefined, given: string | undefined][] = [
    ["edge", undefined, "glibc.malloc.hugetlb=1"],
    ["edge", "", "glibc.malloc.hugetlb=1"],
    ["edge", "glibc.malloc.arena_max=2", "glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1"],
    ["edge", "glibc.malloc.hugetlb=0", undefined],
    ["central", undefined, undefined],
  ];
  for (const [name, told, given] of cases) {
    assert.equal(
      allocatorEnvironment(name, { GLIBC_TUNABLES: told }).GLIBC_TUNABLES,
      given,
      `${name} ${told}`,
    );
  }
});

test("permissionFlags() never allows everything, whatever the command", () => {
  for (const name of [...Object.keys(COMMANDS), "no-such-command", "constructor", undefined]) {
    const given = flags(name);
    for (const broad of [
      "--allow-all",
      "-A",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--allow-sys",
      "--allow-ffi",
    ]) {
      assert.ok(!given.includes(broad), `${name} gets ${broad}`);
    }
  }
});

test("permissionFlags() lets an edge write its data alone, read that and the project, and run Deno alone", () => {
  const given = flags("edge", ["--data", "/var/edge"]);
  assert.ok(given.includes("--allow-write=/var/edge"));
  assert.ok(given.includes(`--allow-read=${PROJECT_DIR},/var/edge`));
  assert.ok(given.includes(`--allow-run=${BINARIES.deno}`));
  const withFront = flags("edge", ["--data", "/var/edge"], { CUECAST_FRONT: "/run/front" });
  assert.ok(withFront.includes("--allow-write=/var/edge,/run/front"));
});

const netOf = (args: string[], env = {}, files: Record<string, string> = {}) =>
  permissionFlags(
    "edge",
    ["--data", "/d", ...args],
    env,
    "/srv",
    () => true,
    (path) => files[path],
  ).find((flag) => flag.startsWith("--allow-net"));
const nets: [what: string, args: string[], env: object, files: Record<string, string>, net: string][] = [
  ["its own ports alone before it knows a central", [], {}, {}, "=127.0.0.1:8081,127.0.0.1:8091"],
  [
    "the central that is named",
    ["--central", "https://c.example", "--host", "0.0.0.0", "--port=443"],
    {},
    {},
    "=0.0.0.0:443,127.0.0.1:443,127.0.0.1:8091,c.example:443",
  ],
  [
    "the central that it was enrolled at, from the copy that holds",
    ["--host", "::"],
    { CUECAST_ADMIN_PORT: "0" },
    { "/d/identity.json": "{", "/d/identity.kept.json": '{"central":"http://[2001:db8::1]:8080/"}' },
    "=[::]:8081,127.0.0.1:8081,127.0.0.1,[2001:db8::1]:8080",
  ],
  [
    "everybody, where Deno would not take a name and the edge says what is wrong",
    ["--port", "x"],
    {},
    {},
    "",
  ],
  ["everybody, where central has a name that Deno would not take", ["--central", "http://c_1"], {}, {}, ""],
];
for (const [what, args, env, files, net] of nets) {
  test(`permissionFlags() lets an edge talk to ${what}`, () => {
    assert.equal(netOf(args, env, files), `--allow-net${net}`);
  });
}

test("an edge listens by default where its permissions say", () => {
  const { listens } = COMMANDS.edge ?? {};
  for (const [name, value] of Object.entries(listens ?? assert.fail("none"))) {
    assert.equal((edge.settings as SettingTable)[name]?.default, value, name);
  }
});

test("permissionFlags() lets the folders above a data directory be made where they are missing, and no more", () => {
  const there = new Set(["/", "/srv"]);
  const given = permissionFlags("restore", ["--data", "/srv/cuecast/central"], {}, "/srv", (path) =>
    there.has(path),
  );
  assert.ok(given.includes("--allow-write=/srv/cuecast"), given.join(" "));
});

test("permissionFlags() gives no native code and no programs to what needs neither", () => {
  for (const name of ["conform", "import", "publish"]) {
    const given = flags(name);
    assert.ok(!given.some((flag) => flag.startsWith("--allow-ffi") || flag.startsWith("--allow-run")), name);
  }
});

test("permissionFlags() lets import read the file that it names", () => {
  const read = flags("import", ["guides/a.xml", "--json"]).find((flag) => flag.startsWith("--allow-read="));
  assert.ok(read?.endsWith(",/srv/guides/a.xml") || read?.includes("/srv/guides/a.xml,"), read);
});

test("permissionFlags() writes a comma within a path twice, as Deno wants", () => {
  assert.ok(flags("edge", ["--data", "/a,b"]).includes("--allow-write=/a,,b"));
});
