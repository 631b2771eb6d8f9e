import assert from "node:assert/strict";
import { test } from "node:test";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { createSimulatedTime, type SimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { labelFor } from "./label.ts";
import { createVersionTexts } from "./version-texts.ts";

const version = (n: number, title: string): Interaction => ({
  ...interactionSample,
  version: n,
  texts: { en: { title, options: { a: `first of ${n}`, b: `second of ${n}` } } },
});

async function pass(time: SimulatedTime, ms: number): Promise<void> {
  time.advance(ms);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

test("createVersionTexts() tells each version's own texts, asked for once and together", async () => {
  const time = createSimulatedTime(0);
  const asked: (readonly string[])[] = [];
  let more = 0;
  const store = createVersionTexts(async (keys) => {
    asked.push(keys);
    return [version(1, "On air"), version(2, "Draft")];
  }, time.timers);
  store.onMore(() => more++);
  const find = (n: number) => store.find("int-42", n);
  assert.deepEqual([find(1), find(2), find(9), find(1)], [undefined, undefined, undefined, undefined]);
  await pass(time, 0);
  assert.deepEqual(asked, [["int-42@1", "int-42@2", "int-42@9"]]);
  assert.equal(more, 1);
  assert.equal(find(1)?.texts.en?.title, "On air");
  assert.equal(find(2)?.texts.en?.title, "Draft");
  assert.equal(find(9), null);
  await pass(time, 10_000);
  assert.equal(asked.length, 1);
});

test("createVersionTexts() asks again where central did not answer, and only for what is still shown", async () => {
  const time = createSimulatedTime(0);
  let asked = 0;
  const store = createVersionTexts(async () => {
    asked++;
    if (asked === 1) throw new Error("unreachable");
    return [version(1, "On air")];
  }, time.timers);
  store.find("int-42", 1);
  await pass(time, 0);
  await pass(time, 2_999);
  assert.equal(asked, 1);
  store.onMore(() => store.find("int-42", 1));
  await pass(time, 1);
  await pass(time, 0);
  assert.equal(asked, 2);
  assert.equal(store.find("int-42", 1)?.texts.en?.title, "On air");
});

test("labelFor() names what has an empty title by its id, and options as that version does", () => {
  const label = labelFor(version(1, ""), "en");
  assert.equal(label.title, "int-42");
  assert.equal(label.options.a, "first of 1");
});
