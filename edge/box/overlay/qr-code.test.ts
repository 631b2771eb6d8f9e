import assert from "node:assert/strict";
import { test } from "node:test";
import { correction, generate, mode } from "lean-qr";
import { QR_BYTES_MAX, qrModules } from "./qr-code.ts";

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
    assert.ok(mine);
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

test("qrModules() takes 412 bytes and no more, Chinese by its bytes", () => {
  assert.equal(qrModules("x".repeat(QR_BYTES_MAX))?.length, 77);
  assert.equal(qrModules("x".repeat(QR_BYTES_MAX + 1)), null);
  assert.equal(qrModules("红".repeat(138)), null);
  assert.equal(qrModules("红".repeat(10))?.length, qrModules("x".repeat(30))?.length);
});
