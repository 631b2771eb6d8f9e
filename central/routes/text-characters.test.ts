import assert from "node:assert/strict";
import { test } from "node:test";
import { pollBody, withCentral } from "../testing/central-for-tests.ts";
import { harmfulCharacters } from "./text-characters.ts";

test("harmfulCharacters() names each place, of lists and names too, and lets texts of any language be", () => {
  const found = harmfulCharacters({
    title: "evil\u202e",
    options: [{ label: "a\u0000" }],
    texts: { "a\u2066": "fine" },
    body: "two\nlines\tand كلمة \u200f, 中文, 👩‍👩‍👧",
  });
  assert.deepEqual(
    found.map(({ path, facts }) => [path, facts.character]),
    [
      ["title", "U+202E"],
      ["options.0.label", "U+0000"],
      ["texts", "U+2066"],
    ],
  );
});

test("a text with characters that turn what stands beside it is refused, wherever it is sent", () =>
  withCentral({ air: false }, async (t) => {
    const { interaction } = structuredClone(pollBody);
    interaction.texts.en.title = "Who wins\u202e";
    const refused = await t.api("POST", "/api/v1/interactions", { interaction });
    assert.deepEqual(
      [refused.status, refused.body.errors[0].path, refused.body.errors[0].code],
      [400, "interaction.texts.en.title", "harmful-character"],
    );
    assert.equal((await t.api("PUT", "/api/v1/regions/north", { name: "North\u0007" })).status, 400);
    assert.equal((await t.api("PUT", "/api/v1/regions/north", { name: "الشمال" })).status, 200);
  }));
