import assert from "node:assert/strict";
import { test } from "node:test";
import { bad, good, summary, unknown, warning } from "./finding.ts";

test("summary() says that nothing is wrong where everything is good, and only there", () => {
  const [fine, soon, dark] = [good("a", "x"), warning("b", "x", "do"), unknown("c", "x")];
  const wrong = bad("d", "x", "do");
  assert.equal(summary([fine, fine]), "Nothing is wrong: 2 checks are good.");
  assert.equal(summary([fine, soon]), "1 warning: see above.");
  assert.equal(summary([dark, soon, soon, wrong]), "1 wrong, 2 warnings, 1 unknown: see above.");
});
