/** Punctuality over a bad line, in virtual time: what the machine under the test does, plays no part. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createLivingRoom, cue, START_MS } from "../testing/living-room.ts";

const BOXES = 150;
const CUES = 4;
const FIRST_MS = START_MS + 20_000;
const SPACING_MS = 4_000;

/** Cues that follow one another soon, each asked for a few seconds ahead. */
const cues = Array.from({ length: CUES }, (_, number) => {
  const atMs = FIRST_MS + number * SPACING_MS;
  const fetch = { fromMs: atMs - 15_000, untilMs: atMs - 5_000 };
  return cue({ id: `pl${number}:once`, atMs, untilMs: atMs + 3_000, fetch });
});

test("over 40 ± 20 ms each way and 2 % resets, boxes fire within 20 ms for 99 %, and 60 ms at worst", (t) => {
  const seed = Date.now() % 1_000_000;
  const errors: number[] = [];
  let samples = 0;
  for (let number = 0; number < BOXES; number++) {
    const random = createSeededRandom(seed + number * 7919);
    const room = createLivingRoom({
      cues,
      seed: seed + number,
      wayMs: () => 20 + 40 * random(),
      resets: () => random() < 0.02,
    });
    room.interactions["int-42@3"] = { ...interactionSample, durationMs: 1_500 };
    room.until(FIRST_MS + CUES * SPACING_MS);
    for (const { id, atMs } of cues) {
      const shownMs = room.firstShown(id);
      assert.ok(shownMs !== undefined, `seed ${seed}: ${id} on box ${number}`);
      errors.push(Math.abs(shownMs - atMs));
    }
    samples += room.to("/v1/time").length;
  }
  errors.sort((a, b) => a - b);
  const at = (part: number) => errors[Math.floor(part * (errors.length - 1))] as number;
  const figures = `half within ${at(0.5).toFixed(1)} ms, 99 % within ${at(0.99).toFixed(1)}, worst ${at(1).toFixed(1)}`;
  t.diagnostic(`seed ${seed}: ${figures}; ${(samples / BOXES).toFixed(1)} samples a box`);
  assert.ok(at(0.99) <= 20, `seed ${seed}: ${figures}`);
  assert.ok(at(1) <= 60, `seed ${seed}: ${figures}`);
});

test("on a good line a cue costs no sample beyond those of the start", () => {
  const room = createLivingRoom({ cues, latencyMs: 4 });
  room.until(FIRST_MS + CUES * SPACING_MS);
  assert.equal(room.to("/v1/time").length, 4);
});

test("on a bad line samples are taken once for all cues of ten minutes, apart from one another", () => {
  const room = createLivingRoom({ cues, latencyMs: 40 });
  room.until(FIRST_MS + CUES * SPACING_MS);
  const asked = room.to("/v1/time").map((one) => one.atMs);
  assert.equal(asked.length, 8);
  asked.slice(1).forEach((atMs, at) => {
    assert.ok(atMs - (asked[at] as number) >= 150, `${atMs - (asked[at] as number)} ms apart`);
  });
});

test("a request that the network never ends is given up after twice its time, of whatever kind", () => {
  for (const path of [
    "/v1/time",
    "/v1/channels",
    "/v1/channels/cctv1/schedule",
    "/v1/interactions",
    "/v1/answers",
  ]) {
    const room = createLivingRoom({
      cues: [cue({ id: "pl0:once", atMs: FIRST_MS, untilMs: FIRST_MS + 120_000 })],
    });
    const asked = () => room.to(path).filter((one) => path !== "/v1/channels" || one.path === path).length;
    room.lost.push(path);
    room.until(FIRST_MS + 100);
    room.answer("pl0:once", { options: ["a"] });
    room.advance(5_000);
    const lost = asked();
    room.lost.length = 0;
    room.advance(60_000);
    assert.ok(lost > 0 && asked() > lost, `${path}: asked ${lost} times, then ${asked()}`);
  }
});
