import assert from "node:assert/strict";
import { test } from "node:test";
import { draftKey, forgetDrafts, forgetNobodysDrafts, type Keep, unsavedOf } from "./drafts.ts";

function memory(stored: Record<string, string>): Keep & { stored: Map<string, string> } {
  const kept = new Map(Object.entries(stored));
  return {
    stored: kept,
    read: (key) => kept.get(key),
    write: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
    keys: () => [...kept.keys()],
  };
}

test("unsavedOf() tells a person's drafts and nobody else's, whatever the names", () => {
  const keep = memory({ theme: "dark" });
  for (const person of ["ann", "ann/b", "an", "a%2Fb"])
    keep.write(draftKey(person, `placement of ${person}`), "{}");
  for (const person of ["ann", "ann/b", "an", "a%2Fb"])
    assert.deepEqual(unsavedOf(keep, person), [`placement of ${person}`]);
  assert.deepEqual(unsavedOf(keep, "b"), []);
});

test("draftKey() is another one for another person", () => {
  assert.notEqual(draftKey("ann", "placement a"), draftKey("ben", "placement a"));
  assert.notEqual(draftKey("ann", "b/placement a"), draftKey("ann/b", "placement a"));
});

test("forgetDrafts() removes a person's drafts and leaves the rest", () => {
  const keep = memory({ theme: "dark" });
  keep.write(draftKey("ann", "placement a"), "secret");
  keep.write(draftKey("ann", "interaction b 2"), "secret");
  keep.write(draftKey("ben", "placement a"), "own");
  forgetDrafts(keep, "ann");
  assert.deepEqual([...keep.stored.keys()].sort(), [draftKey("ben", "placement a"), "theme"]);
});

test("forgetNobodysDrafts() removes what an earlier release kept without a name", () => {
  const keep = memory({ "draft.interaction new": "secret", theme: "dark" });
  keep.write(draftKey("ann", "placement a"), "own");
  forgetNobodysDrafts(keep);
  assert.deepEqual([...keep.stored.keys()].sort(), [draftKey("ann", "placement a"), "theme"]);
});
