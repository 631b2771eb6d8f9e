import assert from "node:assert/strict";
import { test } from "node:test";
import { programmeSample } from "../../../shared/guide/programme.ts";
import { createGuideIndexes } from "./guide-index.ts";

function countedGuide(id: string) {
  const guide = {
    reads: 0,
    programmes() {
      guide.reads++;
      return [{ ...programmeSample, id }];
    },
  };
  return guide;
}

test("createGuideIndexes() reads a guide when it is asked, and holds the one that was asked last", () => {
  const indexOf = createGuideIndexes();
  const [one, other] = [countedGuide("a"), countedGuide("b")];
  const [a, b] = [indexOf(one), indexOf(other)];
  assert.equal(one.reads, 0);
  assert.deepEqual(a.matching({ programme: "a" }), [0]);
  assert.equal(a.programmes[0]?.id, "a");
  assert.equal(one.reads, 1);
  assert.equal(b.programmes[0]?.id, "b");
  assert.equal(a.programmes[0]?.id, "a");
  assert.deepEqual([one.reads, other.reads], [2, 1]);
  assert.equal(indexOf(one), a);
  assert.deepEqual(indexOf(undefined).programmes, []);
});

test("createGuideIndexes() holds as many guides as it is told, and gives up the oldest", () => {
  const indexOf = createGuideIndexes(2);
  const guides = ["a", "b", "c"].map(countedGuide);
  const ask = (place: number) => indexOf(guides[place]).programmes;
  for (const place of [0, 1, 0, 1, 2, 1]) ask(place);
  assert.deepEqual(
    guides.map(({ reads }) => reads),
    [1, 1, 1],
  );
  ask(0);
  assert.equal(guides[0]?.reads, 2);
});
