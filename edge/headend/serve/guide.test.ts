import assert from "node:assert/strict";
import { test } from "node:test";
import { programmeSample } from "../../../shared/guide/programme.ts";
import { canonicalJson } from "../../../shared/publication/canonical.ts";
import { packPart } from "../../../shared/publication/packed-part.ts";
import { createGuide } from "./guide.ts";

const at = (id: string, startMs: number, more: object = {}) =>
  ({ ...programmeSample, id, startMs, endMs: startMs + 60_000, ...more }) as typeof programmeSample;
const guideOf = (bodies: Record<string, unknown>) =>
  createGuide(
    "guide/c1",
    packPart(new Map(Object.entries(bodies).map(([id, body]) => [id, canonicalJson(body)]))),
  );

test("createGuide() gives programmes by start, then id, and each by its id", () => {
  const [b, a, c] = [at("b", 2000), at("a", 2000), at("c", 1000)];
  const guide = guideOf({ b, a, c });
  assert.deepEqual(guide.programmes(), [c, a, b]);
  assert.equal(guide.size, 3);
  for (const each of [a, b, c]) assert.deepEqual(guide.get(each.id), each);
  assert.equal(guide.get("d"), undefined);
  assert.deepEqual(guide.skipped(), []);
});

test("createGuide() knows where a guide ends before it is read, whatever its titles say", () => {
  const titles = ['"endMs":9999999', '\\"endMs\\":9999999', "endMs"];
  const guide = guideOf(Object.fromEntries(titles.map((title, n) => [`p${n}`, at(`p${n}`, n, { title })])));
  assert.equal(guide.endMs, 60_002);
  assert.equal(guideOf({}).endMs, 0);
});

test("createGuide() knows where a guide ends where every body is laid out in another way", () => {
  const more = [{ categories: ["news"] }, {}, { categories: ["sport", "live"] }, { isNew: true }];
  const bodies = Object.fromEntries(more.map((each, n) => [`p${n}`, at(`p${n}`, 10 ** n * 1000, each)]));
  assert.equal(guideOf(bodies).endMs, 1_060_000);
  assert.equal(guideOf({ ...bodies, odd: "no programme" }).endMs, 1_060_000);
});

test("createGuide() says the same of a guide whether it was looked through ahead or not", () => {
  const made = () => guideOf({ a: at("a", 1000), b: at("b", 2000), bad: { ...at("bad", 9000), title: 7 } });
  const [ahead, late] = [made(), made()];
  ahead.survey();
  for (const guide of [ahead, late]) {
    assert.deepEqual(
      [guide.size, guide.endMs, guide.get("b")?.startMs, guide.get("c")],
      [3, 69_000, 2000, undefined],
    );
  }
});

test("createGuide() leaves out a programme that fails its schema, names it, and reads the others", () => {
  const good = at("good", 1000);
  const guide = guideOf({ good, bad: { ...at("bad", 1000), title: 7 }, worse: "no programme" });
  for (const _ of [1, 2]) {
    assert.deepEqual(guide.programmes(), [good]);
    assert.equal(guide.get("bad"), undefined);
    assert.equal(guide.skipped().length, 2);
    assert.match(guide.skipped()[0] ?? "", /^guide\/c1 bad: /);
  }
});
