/** docs/guide.md tells operators what the importer does: its tables must say what the code says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFECT_REPAIRS } from "../../central/guide/defects.ts";

const PAGE = readFileSync(new URL("../../docs/guide.md", import.meta.url), "utf8");

test("docs/guide.md lists every defect in order, with its repair", () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, code, repair]) => [
    code,
    repair,
  ]);
  assert.deepEqual(rows, Object.entries(DEFECT_REPAIRS));
});
