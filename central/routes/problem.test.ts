import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../shared/errors.ts";
import { silentLog } from "../../shared/log.ts";
import { asCuecastError } from "./problem.ts";

const thrown = (code: string) => Object.assign(new Error("as the driver says it"), { code });
const cases: [thrown: unknown, code: string, status: number][] = [
  [new CuecastError("Cannot x: y", { code: "mine", status: 409 }), "mine", 409],
  [thrown("SQLITE_FULL"), "cannot-store", 503],
  [thrown("SQLITE_CORRUPT"), "database-damaged", 503],
  [new Error("outer", { cause: thrown("SQLITE_NOTADB") }), "database-damaged", 503],
  [new TypeError("a bug"), "internal", 500],
];
for (const [error, code, status] of cases) {
  test(`asCuecastError() makes ${String(error)} into ${code}, and tells no inside of it`, () => {
    const logged: string[] = [];
    const made = asCuecastError(error, { ...silentLog, error: (event) => logged.push(event) });
    assert.deepEqual([made.code, made.status], [code, status]);
    assert.doesNotMatch(made.message, /a bug|\bat\b.*:\d+/);
    assert.equal(logged.length, code === "mine" ? 0 : 1);
  });
}
