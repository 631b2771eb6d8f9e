import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Audience } from "../../../shared/protocol/schedule.ts";
import { isMeant } from "./audience.ts";
import type { Seed } from "./chance.ts";
import type { State } from "./state.ts";

const boxOf = (secret: Seed, languages: readonly string[], tags: readonly string[]) =>
  ({ secret, settings: { languages, tags } }) as unknown as State;

test("isMeant() asks for any of the languages, all of the tags, and the box's own draw", () => {
  const box = boxOf([1, 2, 3, 4], ["zh-CN", "en"], ["hd", "new"]);
  const cases: [audience: Audience | undefined, expected: boolean][] = [
    [undefined, true],
    [{ languages: ["ZH", "fr"] }, true],
    [{ languages: ["zh-TW"] }, false],
    [{ tags: ["hd"] }, true],
    [{ tags: ["hd", "old"] }, false],
    [{ share: 1 }, true],
    [{ share: Number.MIN_VALUE }, false],
  ];
  for (const [audience, expected] of cases) assert.equal(isMeant(box, "p:once", audience), expected);
});

test("any two audiences may meet on one box, so a channel's limits count all cues alike", () => {
  const audience = fc.record(
    {
      share: fc.constantFrom(0.2, 0.5, 1),
      languages: fc.uniqueArray(fc.constantFrom("zh-CN", "en", "fr"), { minLength: 1 }),
      tags: fc.uniqueArray(fc.constantFrom("hd", "new", "kids"), { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(audience, audience, (one, other) => {
      const languages = [...(one.languages ?? []), ...(other.languages ?? [])];
      const tags = [...(one.tags ?? []), ...(other.tags ?? [])];
      const boxes = Array.from({ length: 300 }, (_, n) => boxOf([n, 7 * n, n + 1, n * n], languages, tags));
      assert.ok(boxes.some((box) => isMeant(box, "a:once", one) && isMeant(box, "b:once", other)));
    }),
    { seed: 1 },
  );
});
