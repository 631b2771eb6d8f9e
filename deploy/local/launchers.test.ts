import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal } from "./binaries.mjs";
import { flagValue, takeRuntime } from "./flags.mjs";
import { lockDifference } from "./install.mjs";
import { closingLine, denoTally, judge, nodeTally, worthReading } from "./tally.mjs";
import { testSteps } from "./test-steps.mjs";

test("refusal() lets linux x64 with glibc and Node 20 pass, and names what else it met", () => {
  const good = { platform: "linux", arch: "x64", glibc: "2.36", nodeMajor: 20 };
  assert.equal(refusal(good), undefined);
  assert.match(
    refusal({ ...good, platform: "darwin", arch: "arm64" }) ?? "",
    /^Cannot run here: .* this is darwin arm64$/,
  );
  assert.match(refusal({ ...good, glibc: undefined }) ?? "", /this is linux x64 without glibc$/);
  assert.match(refusal({ ...good, nodeMajor: 18 }) ?? "", /this is Node 18$/);
});

test("flagValue() reads both spellings, the last one, and nothing after --", () => {
  assert.equal(flagValue(["--data", "a", "--data=b"], "data"), "b");
  assert.equal(flagValue(["--", "--data", "a"], "data"), undefined);
  assert.equal(flagValue(["--data"], "data"), undefined);
  assert.equal(flagValue(["--database", "a"], "data"), undefined);
});

test("takeRuntime() takes its flag out and leaves the rest in order", () => {
  assert.deepEqual(takeRuntime(["edge", "--runtime", "node", "--port", "1"], undefined, "deno"), {
    runtime: "node",
    rest: ["edge", "--port", "1"],
  });
  assert.deepEqual(takeRuntime(["edge", "--runtime=deno"], "node", "deno"), {
    runtime: "deno",
    rest: ["edge"],
  });
  assert.equal(takeRuntime([], "node", "deno").runtime, "node");
  assert.equal(takeRuntime([], "", "deno").runtime, "deno");
  assert.throws(
    () => takeRuntime(["--runtime", "bun"], undefined, "deno"),
    /Cannot choose the runtime: .*"bun"/,
  );
});

test("lockDifference() finds what is missing, other, or too much, and forgives other platforms' packages", () => {
  const lock = {
    packages: {
      "": { version: "0" },
      "node_modules/a": { version: "1", integrity: "x" },
      "node_modules/b": { version: "2", optional: true },
    },
  };
  const installed = { packages: { "node_modules/a": { version: "1", integrity: "x" } } };
  assert.equal(lockDifference(lock, installed), undefined);
  assert.equal(lockDifference(lock, { packages: {} }), "node_modules/a");
  const other = { packages: { "node_modules/a": { version: "1", integrity: "y" } } };
  assert.equal(lockDifference(lock, other), "node_modules/a");
  const more = { packages: { ...installed.packages, "node_modules/c": { version: "1" } } };
  assert.equal(lockDifference(lock, more), "node_modules/c");
});

test("nodeTally() reads the spec and the TAP account, the last one, cancelled as failed", () => {
  const spec = "ℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\nℹ todo 0\n";
  assert.deepEqual(nodeTally(spec), { passed: 5, failed: 2, skipped: 2 });
  assert.deepEqual(nodeTally("# pass 9\n# fail 9\nmore\n# pass 1\n# fail 0\n# cancelled 0"), {
    passed: 1,
    failed: 0,
    skipped: 0,
  });
  assert.equal(nodeTally("Segmentation fault"), undefined);
});

test("denoTally() reads steps, ignored and filtered", () => {
  assert.deepEqual(denoTally("ok | 104 passed | 0 failed (6s)"), { passed: 104, failed: 0, skipped: 0 });
  assert.deepEqual(
    denoTally("x\nFAILED | 3 passed (12 steps) | 1 failed (2 steps) | 4 ignored | 5 filtered out (1s)\n"),
    {
      passed: 3,
      failed: 1,
      skipped: 4,
    },
  );
  assert.equal(denoTally("error: Module not found"), undefined);
});

test("judge() takes no tests, and no account, for a failure", () => {
  assert.deepEqual(judge({ passed: 0, failed: 0, skipped: 3 }, true), { passed: 0, failed: 1, skipped: 3 });
  assert.deepEqual(judge(undefined, true), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(judge({ passed: 4, failed: 0, skipped: 0 }, false), { passed: 4, failed: 1, skipped: 0 });
  assert.deepEqual(judge({ passed: 4, failed: 2, skipped: 0 }, false), { passed: 4, failed: 2, skipped: 0 });
  assert.deepEqual(judge({ passed: 4, failed: 0, skipped: 1 }, true), { passed: 4, failed: 0, skipped: 1 });
});

test("closingLine() adds up, and names the skipped only when there are some", () => {
  const one = { passed: 2, failed: 0, skipped: 0 };
  assert.equal(closingLine([one, one]), "4 passed, 0 failed");
  assert.equal(closingLine([one, { passed: 1, failed: 2, skipped: 3 }]), "3 passed, 2 failed, 3 skipped");
});

test("worthReading() keeps short output whole and cuts long output to its failures, else to its end", () => {
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  assert.deepEqual(worthReading(long, 20), long);
  assert.deepEqual(worthReading(long, 2), ["line 18", "line 19"]);
  assert.deepEqual(worthReading([...long, "✖ failing tests:", "a"], 5), ["✖ failing tests:", "a"]);
});

test("testSteps() leaves out a step without a file: a runtime given none would run them all", () => {
  const names = (...under: string[]) => testSteps(under).map(({ name }) => name);
  const patient = (...under: string[]) => testSteps(under, { patient: true }).map(({ name }) => name);
  assert.deepEqual(names("deploy/rehearsal/edge-killed"), ["system"]);
  assert.deepEqual(names("deploy/rehearsal/line-cut"), ["system"]);
  assert.deepEqual(patient("deploy/rehearsal/line-cut"), ["system-timed"]);
  assert.deepEqual(names("deploy/local/launchers"), ["unit-node"]);
  assert.deepEqual(names("deploy/cli/settings"), ["unit-deno", "unit-node"]);
  assert.deepEqual(names("no/such/file"), []);
  assert.ok(["lint", "zone-toronto", "system"].every((name) => names().includes(name)));
});

test("testSteps() has the whole-system tests that take longest begin first, and each of them once", () => {
  const words = testSteps([]).find(({ name }) => name === "system")?.args ?? [];
  const files = words.filter((word) => word.endsWith(".test.ts"));
  assert.equal(files[0], "deploy/rehearsal/television.test.ts");
  assert.equal(new Set(files).size, files.length);
  assert.ok(files.length > 30, `${files.length}`);
});
