import assert from "node:assert/strict";
import { test } from "node:test";
import { completeLock, missingOptionals, platformEntry } from "./lock.mjs";
import { packageViolations, undeclaredPackages } from "./package-rules.ts";

const manifest = {
  license: "Apache-2.0",
  dependencies: { hono: "4.1.0" },
  devDependencies: { esbuild: "0.1.0" },
};
const lock = {
  packages: { "node_modules/hono": { version: "4.1.0" }, "node_modules/esbuild": { version: "0.1.0" } },
};
const NPMRC = "ignore-scripts=true\n";
const said = (...input: Parameters<typeof packageViolations>) =>
  packageViolations(...input).map(({ message }) => message);

test("packageViolations() finds nothing in a pinned, locked, licensed package", () => {
  assert.deepEqual(said(manifest, lock, NPMRC), []);
});

test("packageViolations() finds each breach", () => {
  assert.deepEqual(said({ ...manifest, license: "MIT" }, lock, NPMRC), [
    "the licence is Apache-2.0, not MIT",
  ]);
  assert.deepEqual(said({ ...manifest, dependencies: { hono: "^4.1.0" } }, lock, NPMRC), [
    "hono is not pinned: ^4.1.0",
    "hono is locked at 4.1.0, wanted ^4.1.0",
  ]);
  assert.deepEqual(said({ ...manifest, dependencies: { hono: "4.2.0" } }, lock, NPMRC), [
    "hono is locked at 4.1.0, wanted 4.2.0",
  ]);
  assert.deepEqual(said({ ...manifest, scripts: { pretest: "x", test: "y" } }, lock, NPMRC), [
    "the script pretest never runs: .npmrc has ignore-scripts",
  ]);
  assert.deepEqual(said(manifest, lock, "audit=false\n"), ["install scripts of packages are not ignored"]);
});

test("packageViolations() finds a platform package that the lock names and lacks", () => {
  const packages = {
    ...lock.packages,
    "node_modules/esbuild": { version: "0.1.0", optionalDependencies: { "@esbuild/linux-arm64": "0.1.0" } },
  };
  assert.deepEqual(said(manifest, { packages }, NPMRC), [
    "node_modules/esbuild names @esbuild/linux-arm64, which has no entry: run npm run lock",
  ]);
});

test("undeclaredPackages() finds a package that nobody named, and one that only development has", () => {
  const file = (path: string, from: string) => ({ path, imports: [{ from, line: 3, reExportsAll: false }] });
  const found = undeclaredPackages(
    [
      file("central/a.ts", "hono/cors"),
      file("central/a.ts", "left-pad"),
      file("central/a.ts", "esbuild"),
      file("deploy/a.ts", "esbuild"),
      file("central/a.ts", "node:fs"),
      file("central/a.ts", "@hono/x/y"),
    ],
    manifest,
  );
  assert.deepEqual(
    found.map(({ path, message }) => `${path} ${message}`),
    [
      "central/a.ts imports left-pad, which package.json does not name",
      "central/a.ts imports esbuild, which is a devDependency: make it a dependency",
      "central/a.ts imports @hono/x, which package.json does not name",
    ],
  );
});

test("completeLock() writes in what is missing, sorted, and leaves nothing to do", () => {
  const incomplete = {
    lockfileVersion: 3,
    packages: {
      "": { name: "x" },
      "node_modules/esbuild": {
        version: "0.1.0",
        dev: true,
        optionalDependencies: { "@esbuild/win32-arm64": "0.1.0" },
      },
    },
  };
  const complete = completeLock(incomplete);
  assert.deepEqual(Object.keys(complete.packages), [
    "",
    "node_modules/@esbuild/win32-arm64",
    "node_modules/esbuild",
  ]);
  assert.deepEqual(missingOptionals(complete), []);
  assert.deepEqual(complete.packages["node_modules/@esbuild/win32-arm64"], {
    dev: true,
    version: "0.1.0",
    cpu: ["arm64"],
    optional: true,
    os: ["win32"],
  });
});

test("platformEntry() reads system, processor and libc from a name", () => {
  for (const [name, os, cpu, libc] of [
    ["@deno/linux-arm64-glibc", "linux", "arm64", ["glibc"]],
    ["@biomejs/cli-linux-x64-musl", "linux", "x64", ["musl"]],
    ["@swc/core-linux-arm-gnueabihf", "linux", "arm", undefined],
    ["@swc/core-win32-ia32-msvc", "win32", "ia32", undefined],
  ] as const) {
    const entry = platformEntry(name, "1.2.3");
    assert.deepEqual([entry.os, entry.cpu, entry.libc], [[os], [cpu], libc], name);
  }
});

test("platformEntry() refuses a package that is for no platform, and a range", () => {
  assert.throws(() => platformEntry("fsevents", "2.3.3"), /Cannot complete the lock: fsevents@2.3.3/);
  assert.throws(() => platformEntry("@deno/linux-x64-glibc", "^2.0.0"), /Cannot complete the lock/);
});
