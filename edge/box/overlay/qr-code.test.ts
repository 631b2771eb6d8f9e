import assert from "node:assert/strict";
import { test } from "node:test";
import { correction, generate, mode } from "lean-qr";
import { qrBytes, qrModules } from "./qr-code.ts";

test("qrModules() draws every module as an independent encoder does, for each version", () => {
  const versions: number[] = [];
  for (let length = 1; length <= 412; length += 11) {
    const text = `https://x.example/${"aZ9-_~?=&%".repeat(42)}`.slice(0, length);
    const mine = qrModules(text);
    const theirs = generate(mode.ascii(text), {
      minCorrectionLevel: correction.M,
      maxCorrectionLevel: correction.M,
      mask: 3,
    });
    assert.equal(mine.length, theirs.size, `${length} bytes`);
    versions.push((mine.length - 17) / 4);
    for (let y = 0; y < theirs.size; y++) {
      for (let x = 0; x < theirs.size; x++) {
        assert.equal(mine[y]?.[x], theirs.get(x, y), `${length} bytes, ${x}/${y}`);
      }
    }
  }
  assert.deepEqual(
    [...new Set(versions)],
    Array.from({ length: 15 }, (_, at) => at + 1),
  );
});

test("qrBytes() takes 412 bytes and no more, Chinese by its bytes", () => {
  assert.equal(qrModules(qrBytes("x".repeat(412)) ?? "").length, 77);
  assert.equal(qrBytes("x".repeat(413)), null);
  assert.equal(qrBytes("红".repeat(138)), null);
  assert.equal(qrBytes("红".repeat(10))?.length, 30);
});

test("qrBytes() gives none for half a pair of letters, which has no bytes", () => {
  assert.equal(qrBytes("TEA-\ud83c"), null);
  assert.equal(qrBytes("\udf75"), null);
  assert.equal(qrBytes("TEA-\ud83c\udf75")?.length, 8);
});
