import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "../../people/audit.ts";
import { withNewest } from "./audit-page.ts";

const page = (ids: number[], next?: number) => ({
  entries: ids.map((id) => ({ id }) as AuditEntry),
  next,
});
const idsOf = ({ entries }: { entries: AuditEntry[] }) => entries.map(({ id }) => id);

test("withNewest() keeps what was loaded further down, and where it goes on", () => {
  const merged = withNewest(page([9, 8, 7, 6, 5], 5), page([11, 10, 9], 9));
  assert.deepEqual(idsOf(merged), [11, 10, 9, 8, 7, 6, 5]);
  assert.equal(merged.next, 5);
});

test("withNewest() begins anew where entries may lie between, or nothing was there", () => {
  assert.deepEqual(withNewest(page([5, 4], 4), page([11, 10, 9], 9)), page([11, 10, 9], 9));
  assert.deepEqual(withNewest(page([]), page([1])), page([1]));
});
