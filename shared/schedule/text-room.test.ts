import assert from "node:assert/strict";
import { test } from "node:test";
import { createTextRoom } from "./text-room.ts";

test("a text room encodes what is written, and never changes bytes that it gave before", () => {
  const room = createTextRoom();
  const all = [
    ["a", "", "江南 😀", "z"],
    ["x".repeat(50_000), "y".repeat(50_000)],
    [],
    ["short"],
    ["half \ud83d"],
  ];
  room.text("of somebody who failed");
  room.clear();
  const given = all.map((texts) => {
    for (const text of texts) room.text(text);
    return room.take();
  });
  for (const [place, texts] of all.entries()) {
    assert.deepEqual(given[place], new TextEncoder().encode(texts.join("")));
    assert.equal(given[place]?.buffer.byteLength, given[place]?.length, "nothing more is kept alive");
  }
});

test("a text room writes whole numbers as they are told, and ASCII of any length", () => {
  const room = createTextRoom();
  const numbers = [0, 7, 10, 99, 100, 1_795_431_900_000, 999_999_999_999, 10 ** 15, Number.MAX_SAFE_INTEGER];
  for (const number of numbers) {
    room.digits(number);
    room.ascii(",".repeat(16_380));
  }
  const told = numbers.map((number) => `${number}${",".repeat(16_380)}`).join("");
  assert.equal(new TextDecoder().decode(room.take()), told);
});
