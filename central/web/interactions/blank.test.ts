import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { interactionEntrySchema } from "../../../shared/publication/entries.ts";
import { checkInteraction } from "../../authoring/interaction-checks.ts";
import { blankForm, nextOption, TYPES, tidyForm, withType } from "./blank.ts";

test("a blank form of every type, filled in, is what central takes", () => {
  for (const type of TYPES) {
    const form = blankForm("new-1", type, ["en", "zh-CN"]);
    const texts = form.interaction.texts.en;
    if (texts) texts.title = "Title";
    if (type === "coupon") form.interaction.code = "SAVE-5";
    if (type === "link") form.interaction.url = "https://example.test/";
    if (type === "quiz") form.correct = ["a"];
    const { interaction, correct } = tidyForm(form);
    const entry = v.parse(interactionEntrySchema, { interaction: { ...interaction, version: 1 }, correct });
    assert.deepEqual(checkInteraction(entry), [], type);
  }
});

test("withType() keeps texts, image and times through every type", () => {
  let form = blankForm("new-1", "poll", ["en"]);
  form.interaction.durationMs = 9_000;
  for (const type of TYPES) form = withType(form, type);
  assert.deepEqual([form.interaction.durationMs, form.interaction.texts.en], [9_000, { title: "" }]);
});

test("tidyForm() drops empty texts and texts of options that are gone", () => {
  const form = blankForm("new-1", "poll", ["en"]);
  form.interaction.texts.en = { title: "T", body: "", options: { a: "Red", b: "", gone: "x" } };
  assert.deepEqual(tidyForm(form).interaction.texts.en, { title: "T", options: { a: "Red" } });
});

test("nextOption() takes the first letter that is free", () => {
  assert.deepEqual([nextOption(["a", "b"]), nextOption(["b"]), nextOption([])], ["c", "a", "a"]);
});
