import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPlace, type Place, parsePlace } from "./router.ts";

test("parsePlace() reads what formatPlace() writes, and shows what is on air for anything else", () => {
  for (const place of [
    { view: "interactions", id: "who:wins~1", query: { language: "en" } as Record<string, string> },
    { view: "timeline", id: undefined, query: {} },
  ] satisfies Place[]) {
    assert.deepEqual(parsePlace(formatPlace(place.view, place.id, place.query)), place);
  }
  for (const hash of ["", "#", "#/", "#/nowhere", "#/%E0%A4%A"])
    assert.equal(parsePlace(hash).view, "on-air");
});
