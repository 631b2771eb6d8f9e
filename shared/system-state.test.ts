import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "./errors.ts";
import { systemState } from "./system-state.ts";

const cases: [code: string, state: string | undefined][] = [
  ["ENOSPC", "full"],
  ["SQLITE_FULL", "full"],
  ["EACCES", "rights"],
  ["EROFS", "rights"],
  ["SQLITE_READONLY_DBMOVED", "rights"],
  ["SQLITE_IOERR_FSYNC", "failing"],
  ["ENOTDIR", "shape"],
  ["SQLITE_CORRUPT", undefined],
  ["ECONNREFUSED", undefined],
  ["", undefined],
];
for (const [code, state] of cases) {
  test(`systemState() of ${code || "no code"} is ${state}`, () => {
    assert.equal(systemState({ code }), state);
    const wrapped = new CuecastError("Cannot open it: it fails", { code: "refused", cause: { code } });
    assert.equal(systemState(wrapped), state);
  });
}

test("systemState() passes over what is no error", () => {
  for (const odd of [undefined, null, "ENOSPC", 3]) assert.equal(systemState(odd), undefined);
});
